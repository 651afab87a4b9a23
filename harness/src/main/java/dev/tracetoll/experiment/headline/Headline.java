package dev.tracetoll.experiment.headline;

import dev.tracetoll.compare.ArmFigures;
import dev.tracetoll.compare.Comparisons;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.report.EnvironmentLine;
import dev.tracetoll.report.Flaw;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.report.NoiseFloor;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Comparison;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.Workload;
import dev.tracetoll.stats.Interval;
import dev.tracetoll.tracing.registry.Hue;
import dev.tracetoll.tracing.registry.TechniqueFacts;
import dev.tracetoll.tracing.registry.TechniqueRegistry;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * What table, chart and page say about one workload of a run: the same burst under each technique.
 *
 * @param run where it comes from
 * @param workload what the burst consists of
 * @param rows one for each arm but the second ones of A/A pairs, in the order of the run
 * @param noiseFloors the second arm of each A/A pair against the first, the untraced one's first
 */
record Headline(Run run, Workload workload, List<Row> rows, List<Comparison> noiseFloors) {

    /** Behind the names of floors. */
    static final String FLOOR_MARK = "°";

    /** (1.96 + 0.84) standard errors, where a 95 % interval is 2 · 1.96 of them wide. */
    private static final double DETECTABLE_SHARE_OF_WIDTH = (1.96 + 0.84) / (2 * 1.96);

    /**
     * One technique.
     *
     * @param arm what was measured
     * @param burstNs the median burst in ns
     * @param comparison against the untraced arm; empty for that one itself
     */
    public record Row(Arm arm, Interval burstNs, Optional<Comparison> comparison) {

        /** Whether this is not a way to trace but the least that one can cost. */
        public boolean floor() {
            return TechniqueRegistry.ALL.isFloor(technique().name());
        }

        /** The colour of its technique. */
        Hue hue() {
            return technique().hue();
        }

        /** The technique, wherever it probes. */
        TechniqueFacts technique() {
            return TechniqueRegistry.ALL.facts(arm.technique()).plain();
        }

        /**
         * The smallest overhead that this run tells from none, as a share of the arm's own overhead: at a level of 5 %, two-sided, it would be
         * found in 80 of 100 such runs, which takes (1.96 + 0.84) standard errors (Cohen, Statistical Power Analysis for the Behavioral
         * Sciences, 2nd edition, 1988, chapter 2). The standard error is taken from the bootstrap's 95 % interval of the overhead. What differs
         * between two runs must be larger by the square root of 2 to be found as often.
         *
         * @return empty for what is compared with nothing, and where the overhead drowns
         */
        public Optional<Double> detectable() {
            return comparison
                    .map(Comparison::overheadPerCallNs)
                    .filter(overhead -> overhead.low() > 0)
                    .map(overhead ->
                            DETECTABLE_SHARE_OF_WIDTH * (overhead.high() - overhead.low()) / overhead.median());
        }

        /** Its name, marked if it is a floor. */
        public String name() {
            return arm.name() + (floor() ? " " + FLOOR_MARK : "");
        }

        /** What forbids to read this row as a cost: {@code INVALID}, {@code LOSSY}, or nothing. */
        public Optional<String> flaw() {
            return Flaw.of(arm);
        }

        /** What happened to the events, in words. */
        public String eventsInWords() {
            if (arm.untraced()) {
                return "nothing traced";
            }
            if (!arm.valid()) {
                return "INVALID: counts do not add up";
            }
            if (arm.wrong() > 0) {
                return "WRONG: reported " + count(arm.seen()) + " of " + count(arm.expected()) + " events";
            }
            return arm.lost() > 0
                    ? "LOSSY: lost " + count(arm.lost()) + " of " + count(arm.expected()) + " events"
                    : count(arm.seen()) + " events, none lost";
        }

        private static String count(long number) {
            return HumanUnits.count((double) number);
        }
    }

    /** The first workload of a run. */
    public static Headline of(Run run) {
        return of(run, run.headlines().get(0));
    }

    /**
     * One workload of a run.
     *
     * @throws BadInput if the run has no such workload
     */
    public static Headline of(Run run, Workload workload) {
        List<Arm> arms = run.arms(workload);
        if (arms.isEmpty()) {
            throw new BadInput("the run has no arm of target " + workload.target() + " with " + workload.calls()
                    + " calls; choose one of its workloads");
        }
        Optional<String> reference = arms.stream()
                .filter(arm -> arm.untraced() && !arm.again())
                .map(Arm::name)
                .findFirst();
        List<Comparison> comparisons = run.comparisons().stream()
                .filter(comparison -> comparison.workload().equals(workload))
                .toList();
        Comparisons bursts = new Comparisons(run.seed());
        // Each interval is some million draws.
        List<Row> rows = arms.parallelStream()
                .filter(arm -> !arm.again())
                .map(arm -> new Row(
                        arm,
                        bursts.burstNs(arm),
                        comparisons.stream()
                                .filter(comparison -> comparison.arm().equals(arm.name())
                                        && Optional.of(comparison.against()).equals(reference))
                                .findFirst()))
                .toList();
        return new Headline(
                run,
                workload,
                rows,
                comparisons.stream()
                        .filter(Comparison::noiseFloor)
                        .sorted(Comparator.comparing(comparison -> !comparison.untraced()))
                        .toList());
    }

    /** What the burst is, as {@code 200 calls of a Go function of about 93 ns}; how long the function takes is what was measured untraced. */
    public String title() {
        String function = untraced()
                .map(row -> "a Go function of about "
                        + HumanUnits.duration(Math.rint(row.burstNs().median() / workload.calls())))
                .orElse(workload.function());
        return HumanUnits.count(workload.calls()) + (workload.calls() == 1 ? " call of " : " calls of ") + function;
    }

    /** The environment in a line. */
    public String environment() {
        return EnvironmentLine.of(run.environment());
    }

    /** How the figures came about, in a line. */
    public String method() {
        boolean returns = rows.stream().anyMatch(row -> row.arm().returnsTraced());
        return (returns ? "calls and returns traced" : "calls traced") + " · "
                + sampling(rows.get(0).arm());
    }

    /** How many bursts a median is of. */
    static String sampling(Arm arm) {
        int rounds = arm.bursts().rounds();
        int bursts = arm.bursts().count();
        return "median of " + HumanUnits.count(bursts) + (bursts == 1 ? " burst in " : " bursts in ") + rounds
                + (rounds == 1 ? " round" : " interleaved rounds") + ", 95 % interval";
    }

    /** The burst that the floor of a row would take, in ns: the untraced one and what its floors add to it; empty if one was not measured. */
    public Optional<Double> floorBurstNs(Row row) {
        OptionalDouble perCall = floorPerCallNs(row);
        return perCall.isEmpty()
                ? Optional.empty()
                : untraced().map(untraced -> untraced.burstNs().median() + perCall.getAsDouble() * workload.calls());
    }

    /** The row of what nobody traces; empty if the run has none. */
    Optional<Row> untraced() {
        return rows.stream().filter(row -> row.arm().untraced()).findFirst();
    }

    /** The row of a technique; empty if the run has none, or one that is no cost. */
    Optional<Row> sound(String technique) {
        return rows.stream()
                .filter(row ->
                        row.arm().technique().equals(technique) && row.flaw().isEmpty())
                .findFirst();
    }

    /** What the floors of a row add to a call, in ns; empty if it has none, or one was not measured. */
    OptionalDouble floorPerCallNs(Row row) {
        return ArmFigures.floorPerCallNs(run, workload, row.technique().floor());
    }

    /** What identical arms differ by, in words; empty if the run has no such pair. */
    public Optional<String> noiseFloorInWords() {
        return noiseFloors.isEmpty()
                ? Optional.empty()
                : Optional.of(noiseFloors.stream()
                        .map(this::noiseInWords)
                        .collect(Collectors.joining("; ", "noise floor: ", "")));
    }

    private String noiseInWords(Comparison pair) {
        if (pair.untraced()) {
            return NoiseFloor.inWords(pair);
        }
        Optional<Interval> overhead = rows.stream()
                .filter(row -> row.arm().name().equals(pair.against()))
                .flatMap(row -> row.comparison().stream())
                .map(Comparison::overheadPerCallNs)
                .findFirst();
        Interval noise = pair.overheadPerCallNs();
        return "two arms " + pair.against() + " by "
                + (overhead.isPresent() && overhead.get().median() > 0
                        ? HumanUnits.percentRange(noise.dividedBy(overhead.get().median())) + " % of their overhead"
                        : HumanUnits.durationRange(noise));
    }

    /** What each traced arm would have shown, in words; empty if nothing was traced. */
    public Optional<String> detectableInWords() {
        List<String> arms = rows.stream()
                .filter(row -> row.flaw().isEmpty())
                .flatMap(row -> row.detectable().stream()
                        .map(share -> row.arm().name() + " " + HumanUnits.percentNumber(share)))
                .toList();
        return arms.isEmpty()
                ? Optional.empty()
                : Optional.of("smallest effect that shows in 80 of 100 such runs, in % of the overhead: "
                        + String.join(", ", arms));
    }

    /** What floors are, in words; empty if there is none. */
    public Optional<String> floorsInWords() {
        return rows.stream().anyMatch(Row::floor)
                ? Optional.of(FLOOR_MARK + " a floor: the least that the mechanism costs, with no work done")
                : Optional.empty();
    }
}
