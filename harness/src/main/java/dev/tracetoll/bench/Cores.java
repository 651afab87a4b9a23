package dev.tracetoll.bench;

import dev.tracetoll.linux.process.Affinity;
import dev.tracetoll.problem.MachineCannot;
import dev.tracetoll.results.CpuPlacement;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Chooses CPUs for a target and its tracer. */
public final class Cores {

    /**
     * On which CPUs the two run.
     *
     * @param target CPUs of the target
     * @param tracer CPUs of the tracer's threads
     */
    record Choice(List<Integer> target, List<Integer> tracer) {

        /**
         * Starts the target: it inherits the CPUs of the thread that starts it. Afterwards the calling thread, and each thread that it
         * starts, is on the tracer's.
         */
        <T> T launch(Supplier<T> start) {
            Affinity.of(target).applyToThisThread();
            try {
                return start.get();
            } finally {
                Affinity.of(tracer).applyToThisThread();
            }
        }
    }

    private Cores() {}

    /** The placements that are possible here. */
    public static List<CpuPlacement> pinned() {
        List<Integer> cpus = Affinity.ofThisThread().cpus();
        return second(cpus).isPresent()
                ? List.of(CpuPlacement.ONE_CORE, CpuPlacement.TWO_CORES)
                : List.of(CpuPlacement.ONE_CORE);
    }

    /**
     * The CPUs of a placement. The target gets the last that this process may use, for the first is where interrupts go unless they are
     * told otherwise.
     *
     * @throws MachineCannot if there is one core only and two are needed
     */
    static Choice of(CpuPlacement placement) {
        List<Integer> cpus = Affinity.ofThisThread().cpus();
        List<Integer> last = List.of(cpus.get(cpus.size() - 1));
        return switch (placement) {
            case UNPINNED -> new Choice(cpus, cpus);
            case ONE_CORE -> new Choice(last, last);
            case TWO_CORES ->
                new Choice(
                        last,
                        List.of(
                                second(cpus)
                                        .orElseThrow(
                                                () -> new MachineCannot(
                                                        "Running a target and its tracer on two cores",
                                                        "this process may use one core only",
                                                        "measure on a machine with two, or let taskset(1) and the cpuset give it another"))));
        };
    }

    /** The nearest CPU before the last that is on another core. */
    private static Optional<Integer> second(List<Integer> cpus) {
        int last = cpus.get(cpus.size() - 1);
        for (int i = cpus.size() - 2; i >= 0; i--) {
            if (!Affinity.shareCore(cpus.get(i), last)) {
                return Optional.of(cpus.get(i));
            }
        }
        return Optional.empty();
    }
}
