package dev.tracetoll.experiment.growth;

import dev.tracetoll.bench.ArmSpec;
import dev.tracetoll.bench.Effort;
import dev.tracetoll.bench.Plan;
import dev.tracetoll.bench.Techniques;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.results.CpuPlacement;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.registry.TechniqueFacts;
import dev.tracetoll.tracing.registry.TechniqueRegistry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Plans the measuring of how the cost of tracing grows along each {@link GrowthAxis}. */
final class GrowthPlan {

    /** What is measured unless techniques are named: a call with its return in each way, and those without whose returns are dear. */
    private static final List<String> DEFAULT_TECHNIQUES =
            List.of("inline", "ebpf-patched", "ebpf", "ebpf-arguments", "ptrace-arguments");

    private static final List<Integer> BURST_CALLS = List.of(1, 10, 100, 1_000, 10_000, 100_000, 1_000_000);
    private static final List<Integer> BYTES = List.of(0, 16, 64, 256, 1_024, 4_096);
    private static final List<Integer> FUNCTIONS = List.of(1, 10, 100, 1_000, 10_000);
    private static final List<Integer> GOROUTINES = List.of(1, 10, 100, 1_000);
    /** As much as the largest point of the axis of bytes. */
    private static final int MOST_BYTES = 4_096;
    /** What a record has besides the string, roughly. */
    private static final int RECORD_BYTES = 256;
    /** Half of a ring buffer: what a request may leave there, so that long strings are not lost. */
    private static final int BACKLOG_BYTES = 4 << 20;
    /** The longest burst that is worth the wait, in ns. */
    private static final double LONGEST_BURST_NS = 2.5e9;

    private final Set<String> techniques = new LinkedHashSet<>(List.of(Technique.UNTRACED.name()));
    private final List<ArmSpec> arms = new ArrayList<>();
    private final int calls;
    private final int mostCalls;

    private GrowthPlan(List<String> wanted, int calls, int mostCalls) {
        wanted.forEach(technique -> Techniques.named(technique));
        techniques.addAll(wanted.isEmpty() ? DEFAULT_TECHNIQUES : wanted);
        this.calls = calls;
        this.mostCalls = mostCalls;
    }

    /**
     * The plan.
     *
     * @param techniques those wanted, {@code untraced} besides; some of each mechanism if empty
     * @param axes names of what is to grow; everything if empty
     * @param calls calls in a burst where something else grows
     * @param mostCalls calls in the largest burst
     * @throws dev.tracetoll.problem.BadInput if there is no such technique or axis
     */
    public static Plan of(List<String> techniques, List<String> axes, int calls, int mostCalls, int rounds, long seed) {
        Plan.requireCalls(calls);
        Plan.requireCalls(mostCalls);
        Set<GrowthAxis> grown = axes.isEmpty()
                ? EnumSet.allOf(GrowthAxis.class)
                : axes.stream()
                        .map(GrowthPlan::axis)
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(GrowthAxis.class)));
        GrowthPlan plan = new GrowthPlan(techniques, calls, mostCalls);
        grown.forEach(plan::add);
        return new Plan(plan.arms, rounds, seed);
    }

    private static GrowthAxis axis(String name) {
        return GrowthAxis.named(name)
                .orElseThrow(() -> new BadInput("No --axis " + name + "; there are "
                        + String.join(
                                ", ",
                                Arrays.stream(GrowthAxis.values())
                                        .map(GrowthAxis::word)
                                        .toList())));
    }

    private void add(GrowthAxis axis) {
        switch (axis) {
            case CALLS ->
                BURST_CALLS.stream()
                        .filter(each -> each <= mostCalls)
                        .forEach(each -> add(axis, each, each, ArmSpec.MAX_BYTES));
            case BYTES -> BYTES.forEach(bytes -> add(axis, bytes, calls, MOST_BYTES));
            case FUNCTIONS -> FUNCTIONS.forEach(functions -> add(axis, functions, calls, ArmSpec.MAX_BYTES));
            case THREADS ->
                IntStream.rangeClosed(1, 2 * Runtime.getRuntime().availableProcessors())
                        .forEach(threads -> add(axis, threads, Math.max(calls, threads), ArmSpec.MAX_BYTES));
            case GOROUTINES ->
                GOROUTINES.forEach(goroutines -> add(
                        axis, goroutines, Math.max(calls, GOROUTINES.get(GOROUTINES.size() - 1)), ArmSpec.MAX_BYTES));
        }
    }

    private void add(GrowthAxis axis, int value, int burstCalls, int maxBytes) {
        for (String name : techniques) {
            TechniqueFacts technique = TechniqueRegistry.ALL.facts(name);
            boolean untraced = name.equals(Technique.UNTRACED.name());
            boolean functions = axis == GrowthAxis.FUNCTIONS;
            int bytes = RECORD_BYTES + (axis == GrowthAxis.BYTES ? value : 0);
            // How many functions are probed makes no difference to what nobody probes.
            boolean said = functions && untraced && value > 1;
            if (!said && technique.roughNs() * burstCalls <= LONGEST_BURST_NS) {
                String armName = functions && !untraced ? name + "-of-" + value : name;
                arms.add(new ArmSpec(
                        armName,
                        name,
                        axis.target(),
                        axis.arguments(value),
                        burstCalls,
                        CpuPlacement.UNPINNED,
                        functions ? value : 1,
                        maxBytes,
                        Effort.brief(technique, burstCalls).ofMany().atMost((int)
                                (BACKLOG_BYTES / ((long) burstCalls * bytes)))));
            }
        }
    }
}
