package dev.tracetoll.report;

import dev.tracetoll.results.CpuPlacement;
import dev.tracetoll.results.Workload;

/** A workload in words. */
public final class WorkloadWords {

    private WorkloadWords() {}

    /** As {@code target text, 200 calls of main.probed, one core}. */
    public static String of(Workload workload) {
        return "target " + workload.target()
                + (workload.arguments().isEmpty() ? "" : " " + String.join(" ", workload.arguments())) + ", "
                + HumanUnits.count(workload.calls()) + (workload.calls() == 1 ? " call" : " calls") + " of "
                + workload.function()
                + (workload.placement() == CpuPlacement.UNPINNED
                        ? ""
                        : ", " + workload.placement().inWords());
    }
}
