package dev.tracetoll.bench.program;

import dev.tracetoll.bench.Techniques;
import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.problem.Inconclusive;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.CpuPlacement;
import dev.tracetoll.results.EventCounts;
import dev.tracetoll.results.Metric;
import dev.tracetoll.results.Warning;
import dev.tracetoll.stats.Bursts;
import dev.tracetoll.stats.Quantiles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** Makes arms of runs: holds their counts against what was counted independently, and their outputs against those without tracing. */
final class ProgramArms {

    private final ProgramPlan plan;
    private final Map<ProgramArm, List<Sample>> samples;
    private final Map<ProgramArm, Set<String>> notices;
    /** How many calls a run makes, counted independently; empty if that was not counted, or is not always the same. */
    private final Optional<Long> callsOfEachRun;

    ProgramArms(ProgramPlan plan, Map<ProgramArm, List<Sample>> samples, Map<ProgramArm, Set<String>> notices) {
        this.plan = plan;
        this.samples = samples;
        this.notices = notices;
        List<Long> counted = counted();
        this.callsOfEachRun = counted.stream().distinct().count() == 1 ? Optional.of(counted.get(0)) : Optional.empty();
    }

    private Stream<Sample> samples(Predicate<ProgramArm> which) {
        return samples.entrySet().stream()
                .filter(each -> which.test(each.getKey()))
                .flatMap(each -> each.getValue().stream());
    }

    private List<Long> counted() {
        return samples(ProgramArm::counts)
                .map(sample -> sample.counts().calls())
                .toList();
    }

    /** Whether as many requests were made in each of the runs as in those that were counted. */
    private boolean asCounted(List<Sample> all) {
        return Stream.concat(samples(ProgramArm::counts), all.stream())
                        .map(Sample::requests)
                        .distinct()
                        .count()
                <= 1;
    }

    /**
     * The arms, in their order.
     *
     * @throws Inconclusive if nothing was called
     */
    List<Arm> arms() {
        int calls = calls();
        List<Arm> arms = new ArrayList<>();
        samples.forEach((arm, all) -> arms.add(arm(arm, all, calls)));
        return List.copyOf(arms);
    }

    /** Calls of a run, for results, whose arms are compared by them. */
    private int calls() {
        double[] seen = samples(arm -> !arm.untraced())
                .mapToDouble(sample -> sample.counts().calls() + sample.counts().lostCalls())
                .toArray();
        List<Long> counted = counted();
        double calls = counted.isEmpty()
                ? seen.length == 0 ? 0 : Quantiles.median(seen)
                : Quantiles.median(
                        counted.stream().mapToDouble(Long::doubleValue).toArray());
        if (calls < 1) {
            throw new Inconclusive("No call of " + plan.functions() + " was seen in "
                    + plan.program().name()
                    + ", so there is nothing to say of what tracing them costs; choose other functions, or other work");
        }
        if (calls > Integer.MAX_VALUE) {
            throw new OperationFailed("More than " + Integer.MAX_VALUE + " calls in a run of "
                    + plan.program().name() + " are too many to be counted here; choose fewer functions, or less work");
        }
        return (int) calls;
    }

    private Arm arm(ProgramArm arm, List<Sample> all, int calls) {
        EventCounts callEvents = arm.untraced() ? EventCounts.NONE : callEvents(arm, all);
        EventCounts returnEvents = arm.untraced() || !returns(arm) ? EventCounts.NONE : returnEvents(all, callEvents);
        return new Arm(
                arm.name(),
                arm.technique().name(),
                plan.program().name(),
                plan.functions(),
                calls,
                !arm.untraced() && returns(arm),
                plan.goVersion(),
                plan.options().warmups(),
                Bursts.joined(all.stream()
                        .map(sample -> Bursts.ofRound(Math.max(1, sample.wallNs())))
                        .toList()),
                callEvents,
                returnEvents,
                sum(all, Sample::cpuNs),
                sum(all, Sample::tracerCpuNs),
                all.stream().mapToLong(Sample::peakBytes).max().orElse(0),
                all.stream().mapToLong(Sample::tracerPeakBytes).max().orElse(0),
                CpuPlacement.UNPINNED,
                plan.program().arguments(),
                arm.plan().map(what -> what.request().functions().size()).orElse(0),
                0,
                List.of(),
                false,
                arm.ringBytes(),
                metrics(all),
                arm.plan().stream()
                        .flatMap(what -> what.request().functions().stream())
                        .map(TracedFunction::declaration)
                        .toList());
    }

    private static boolean returns(ProgramArm arm) {
        return arm.plan().isPresent()
                && arm.plan().get().request().returns()
                && Techniques.facts(arm.technique()).returns();
    }

    private EventCounts callEvents(ProgramArm arm, List<Sample> all) {
        long seen = sum(all, sample -> sample.counts().calls());
        long lost = sum(all, sample -> sample.counts().lostCalls());
        // A technique that does not trace all of the functions, which it has said, sees fewer calls than there are.
        // Where a load lasts for a time, runs may have been counted that have equally many calls by chance.
        return new EventCounts(
                callsOfEachRun
                        .filter(any -> omissions(arm).isEmpty() && asCounted(all))
                        .map(each -> each * all.size())
                        .orElse(seen + lost),
                seen,
                lost);
    }

    /** What the tracer has said of calls that it does not see. */
    private List<String> omissions(ProgramArm arm) {
        return notices.getOrDefault(arm, Set.of()).stream()
                .filter(notice -> notice.contains("cannot be traced") || notice.contains("tracing ended there"))
                .toList();
    }

    /** Every call that is not known to have ended otherwise returns; of lost ones that cannot be known. */
    private static EventCounts returnEvents(List<Sample> all, EventCounts calls) {
        long seen = sum(all, sample -> sample.counts().returnsSeen());
        long lost = sum(all, sample -> sample.counts().lostReturns());
        long expected = calls.lost() + lost > 0
                ? seen + lost
                : calls.expected()
                        - sum(all, sample -> sample.counts().noReturns())
                        + sum(all, sample -> sample.counts().unpairedReturns());
        return new EventCounts(Math.max(0, expected), seen, lost);
    }

    private static long sum(List<Sample> all, ToLongFunction<Sample> figure) {
        return all.stream().mapToLong(figure).sum();
    }

    /** CPU time and memory, and what was printed in every round. */
    private static List<Metric> metrics(List<Sample> all) {
        List<Metric> metrics = new ArrayList<>();
        metrics.add(ofEachRound(ProgramMeasurement.CPU, Metric.NANOSECONDS, all, Sample::cpuNs));
        metrics.add(ofEachRound(ProgramMeasurement.MEMORY, Metric.BYTES, all, Sample::peakBytes));
        for (Reading kind : kinds(all)) {
            List<List<Double>> rounds =
                    all.stream().map(sample -> values(sample, kind)).toList();
            if (rounds.stream().noneMatch(List::isEmpty)) {
                metrics.add(new Metric(kind.name(), kind.unit(), kind.higherIsBetter(), rounds));
            }
        }
        return metrics;
    }

    private static Metric ofEachRound(String name, String unit, List<Sample> all, ToLongFunction<Sample> figure) {
        return new Metric(
                name,
                unit,
                false,
                all.stream()
                        .map(sample -> List.of((double) figure.applyAsLong(sample)))
                        .toList());
    }

    private static List<Reading> kinds(List<Sample> all) {
        Map<String, Reading> kinds = new LinkedHashMap<>();
        all.forEach(sample -> sample.readings().forEach(reading -> kinds.putIfAbsent(reading.name(), reading)));
        return List.copyOf(kinds.values());
    }

    private static List<Double> values(Sample sample, Reading kind) {
        return sample.readings().stream()
                .filter(reading -> reading.name().equals(kind.name()))
                .map(Reading::value)
                .toList();
    }

    /** What a reader must know of the runs. */
    List<Warning> warnings() {
        List<Warning> warnings = new ArrayList<>(plan.warnings());
        warnOfCounts(warnings);
        warnOfOutputs(warnings);
        samples.forEach((arm, all) -> warnOfArm(arm, all, warnings));
        return List.copyOf(warnings);
    }

    private void warnOfCounts(List<Warning> warnings) {
        List<Long> counted = counted();
        if (counted.isEmpty()) {
            warnings.add(new Warning(
                    "calls were not counted independently, so of each technique only its own count is known",
                    "run where eBPF works; ./tracetoll doctor says what is missing"));
        } else if (callsOfEachRun.isEmpty()) {
            warnings.add(new Warning(
                    plan.program().name() + " makes between "
                            + counted.stream().mapToLong(Long::longValue).min().orElseThrow() + " and "
                            + counted.stream().mapToLong(Long::longValue).max().orElseThrow()
                            + " calls from run to run, so of each technique only its own count is known",
                    "give it work that is the same each time, if every call is to be accounted for from outside"));
        } else {
            LongSummaryStatistics requests = samples(arm -> !arm.untraced())
                    .flatMapToLong(sample -> sample.requests().stream())
                    .summaryStatistics();
            if (requests.getMin() < requests.getMax()) {
                warnings.add(
                        new Warning(
                                "the load made between " + requests.getMin() + " and " + requests.getMax()
                                        + " requests from run to run, so of techniques under which it made others than were counted only their own count is known",
                                "give it a number of requests rather than a time, if every call is to be accounted for from outside"));
            }
        }
    }

    private void warnOfOutputs(List<Warning> warnings) {
        Set<String> untraced = new LinkedHashSet<>();
        samples.forEach((arm, all) -> {
            if (arm.untraced()) {
                all.forEach(sample -> untraced.add(sample.digest()));
            }
        });
        if (untraced.size() > 1) {
            warnings.add(new Warning(
                    "the standard output of " + plan.program().name()
                            + " differs from run to run without any tracing, so it was not compared",
                    "give it work whose output is the same each time, if that is to be compared"));
            return;
        }
        samples.forEach((arm, all) -> {
            long others = all.stream()
                    .filter(sample -> !untraced.contains(sample.digest()))
                    .count();
            if (!arm.untraced() && others > 0) {
                warnings.add(new Warning(
                        "under " + arm.name() + " the standard output of "
                                + plan.program().name() + " was another in " + others + " of " + all.size()
                                + " runs than without tracing",
                        "compare both by hand; tracing is to change nothing but the time"));
            }
        });
    }

    private void warnOfArm(ProgramArm arm, List<Sample> all, List<Warning> warnings) {
        List<String> failures = all.stream()
                .map(Sample::failure)
                .flatMap(Optional::stream)
                .distinct()
                .toList();
        if (!failures.isEmpty() && !arm.untraced()) {
            warnings.add(
                    new Warning(
                            "under " + arm.name() + " " + plan.program().name() + " "
                                    + all.stream()
                                            .filter(sample -> sample.failure().isPresent())
                                            .count() + " of "
                                    + all.size() + " times " + failures.get(0),
                            "do not use this arm, and report it as a defect of the technique unless the program fails so by itself"));
        }
        kinds(all).stream()
                .filter(kind ->
                        all.stream().anyMatch(sample -> values(sample, kind).isEmpty()))
                .forEach(kind -> warnings.add(new Warning(
                        kind.name() + " was not printed in each run under " + arm.name() + ", so it is not shown there",
                        "see what the program prints then")));
        omissions(arm)
                .forEach(notice -> warnings.add(new Warning(
                        "under " + arm.name() + ": " + notice,
                        "its figures are those of the functions that it traces")));
    }
}
