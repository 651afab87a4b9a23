package dev.tracetoll.bench.program;

import dev.tracetoll.bench.Measurement;
import dev.tracetoll.bench.Stopping;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.Inconclusive;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Stopped;
import dev.tracetoll.results.Warning;
import dev.tracetoll.stats.Quantiles;
import dev.tracetoll.tracing.Technique;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Runs a program of somebody's own under techniques that take turns: in each round once under each, in an order that is drawn anew. */
public final class ProgramMeasurement {

    /** CPU time of a run, as a metric. */
    public static final String CPU = "CPU time";

    /** The most memory that was held at once, as a metric. */
    public static final String MEMORY = "peak memory";

    /** How much of its throughput is left to a program, as foretold from counted calls and measured prices, as a metric: 1 is all of it. */
    public static final String FORETOLD = "throughput foretold";

    /** Counts calls in the kernel, which tells independently how many there were. */
    public static final Technique COUNTING = new Technique("ebpf-count");

    /**
     * What was measured.
     *
     * @param arms in their order, those left out that took too long
     * @param warnings what a reader must know
     * @param stopped why there are not more rounds
     * @param counted of each round, how often the functions were called, and how busy program and machine were; none if calls were not counted
     * @param benchmarks the lines of Go benchmarks that were printed, as benchstat reads them: a file for each arm, by name; none if there were none
     */
    public record Outcome(
            List<Arm> arms,
            List<Warning> warnings,
            Stopped stopped,
            List<Census> counted,
            Map<String, byte[]> benchmarks) {}

    private final ProgramPlan plan;
    private final Map<ProgramArm, List<Sample>> samples = new LinkedHashMap<>();
    private final Map<ProgramArm, Set<String>> notices = new LinkedHashMap<>();
    private final List<Warning> warnings = new ArrayList<>();
    private final long startedNs;

    /** @param startedNs when the budget began to count, by {@link System#nanoTime()} */
    public ProgramMeasurement(ProgramPlan plan, long startedNs) {
        this.plan = plan;
        this.startedNs = startedNs;
        plan.arms().forEach(arm -> samples.put(arm, new ArrayList<>()));
        plan.arms().forEach(arm -> notices.put(arm, new LinkedHashSet<>()));
    }

    /**
     * Measures.
     *
     * @throws Inconclusive if none of the functions was called
     * @throws dev.tracetoll.problem.Problem if it cannot be run or traced
     */
    public Outcome run(Measurement.Progress progress) {
        Stopped stopped;
        try (Stage stage = plan.stage()) {
            Random random = new Random(plan.seed());
            for (int i = 0; i < plan.options().warmups(); i++) {
                round(stage, random, 0, false, progress);
            }
            stopped = rounds(stage, random, progress);
        }
        ProgramArms arms = new ProgramArms(plan, samples, notices);
        warnings.addAll(arms.warnings());
        return new Outcome(arms.arms(), List.copyOf(warnings), stopped, counted(), benchmarks());
    }

    private Stopped rounds(Stage stage, Random random, Measurement.Progress progress) {
        Stopping stopping = plan.stopping();
        long longestNs = 0;
        for (int round = 1; ; round++) {
            long beforeNs = System.nanoTime();
            round(stage, random, round, true, progress);
            longestNs = Math.max(longestNs, System.nanoTime() - beforeNs);
            Optional<Stopped> stopped = stopping.after(round, System.nanoTime() - startedNs, longestNs, false);
            if (stopped.isPresent()) {
                return stopped.get();
            }
        }
    }

    private void round(Stage stage, Random random, int number, boolean counts, Measurement.Progress progress) {
        List<ProgramArm> order = new ArrayList<>(samples.keySet());
        Collections.shuffle(order, random);
        // What was begun at first must be seen to work without tracing, before it is traced.
        if (!counts || number == 1) {
            order.sort((a, b) -> Boolean.compare(!a.untraced(), !b.untraced()));
        }
        for (int i = 0; i < order.size(); i++) {
            ProgramArm arm = order.get(i);
            progress.reached(new Measurement.Reached(
                    plan.stopping()
                            .share(Math.max(0, number - 1 + (double) i / order.size()), System.nanoTime() - startedNs),
                    Math.max(1, number),
                    Optional.of(arm.name()),
                    medians()));
            try {
                Sample sample = stage.run(arm, notices.computeIfAbsent(arm, any -> new LinkedHashSet<>())::add);
                check(arm, sample);
                if (counts) {
                    samples.computeIfAbsent(arm, any -> new ArrayList<>()).add(sample);
                }
            } catch (Stage.TimedOut e) {
                leaveOut(arm);
            }
        }
    }

    private void check(ProgramArm arm, Sample sample) {
        if (!arm.untraced()) {
            return;
        }
        if (sample.failure().isPresent() && !plan.options().ignoreFailure()) {
            throw new OperationFailed("Without any tracing, " + plan.program().name() + " "
                    + sample.failure().get() + "; see to it that it succeeds, or choose --ignore-failure");
        }
        new MetricReader(plan.options().metrics(), plan.options().load().isPresent()).requireAll(sample.readings());
    }

    private void leaveOut(ProgramArm arm) {
        String longer = "took longer than " + plan.options().timeout().toSeconds() + " s for one run";
        if (arm.untraced()) {
            throw new BadInput(
                    plan.program().name() + " " + longer
                            + " without any tracing; choose a longer --timeout, or --load if it is a server that does not end by itself");
        }
        samples.remove(arm);
        notices.remove(arm);
        warnings.add(new Warning(
                "under " + arm.name() + " " + plan.program().name() + " " + longer + ", so it was left out",
                "choose a longer --timeout, or less work"));
    }

    private List<Census> counted() {
        return samples.entrySet().stream()
                .filter(each -> each.getKey().counts())
                .flatMap(each -> each.getValue().stream())
                .map(Sample::census)
                .toList();
    }

    private Map<String, byte[]> benchmarks() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        samples.forEach((arm, all) -> {
            List<String> lines =
                    all.stream().flatMap(sample -> sample.benchmarks().stream()).toList();
            if (!lines.isEmpty()) {
                files.put(
                        "benchmarks-" + arm.name() + ".txt",
                        (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
            }
        });
        return files;
    }

    private Map<String, Double> medians() {
        Map<String, Double> medians = new LinkedHashMap<>();
        samples.forEach((arm, all) -> {
            if (!all.isEmpty() && !arm.name().endsWith(Arm.AGAIN)) {
                medians.put(
                        arm.name(),
                        Quantiles.median(
                                all.stream().mapToDouble(Sample::wallNs).toArray()));
            }
        });
        return medians;
    }
}
