package dev.tracetoll.report;

import dev.tracetoll.problem.BadInput;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Comparison;
import dev.tracetoll.results.Comparisons;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.Workload;
import dev.tracetoll.stats.Interval;
import java.util.List;
import java.util.Optional;

/**
 * What table, chart and page say about one workload of a run: the same burst under each technique.
 *
 * @param run where it comes from
 * @param workload what the burst consists of
 * @param rows one for each arm but the repeated untraced one, in the order of the run
 * @param noiseFloor the repeated untraced arm against the first, if the run has one
 */
public record Headline(Run run, Workload workload, List<Row> rows, Optional<Comparison> noiseFloor) {

    /**
     * One technique.
     *
     * @param arm what was measured
     * @param burstNs the median burst in ns
     * @param comparison against the untraced arm; empty for that one itself
     */
    public record Row(Arm arm, Interval burstNs, Optional<Comparison> comparison) {

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
                return "WRONG: reported " + arm.seen() + " of " + arm.expected() + " events";
            }
            return arm.lost() > 0
                    ? "LOSSY: lost " + arm.lost() + " of " + arm.expected() + " events"
                    : arm.seen() + " events, none lost";
        }
    }

    /** The first workload of a run. */
    public static Headline of(Run run) {
        return of(run, run.workloads().get(0));
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
        Optional<String> reference = arms.stream().filter(Arm::untraced).map(Arm::name).findFirst();
        List<Comparison> comparisons = run.comparisons().stream()
                .filter(comparison -> comparison.workload().equals(workload) && Optional.of(comparison.against()).equals(reference))
                .toList();
        Comparisons bursts = new Comparisons(run.seed());
        List<Row> rows = arms.stream()
                .map(arm -> new Row(arm, bursts.burstNs(arm),
                        comparisons.stream().filter(comparison -> comparison.arm().equals(arm.name())).findFirst()))
                .filter(row -> row.comparison().filter(Comparison::noiseFloor).isEmpty())
                .toList();
        return new Headline(run, workload, rows, comparisons.stream().filter(Comparison::noiseFloor).findFirst());
    }

    /** What the burst is, as {@code 200 calls of a Go function of about 93 ns}; how long the function takes is what was measured untraced. */
    public String title() {
        String function = rows.stream().filter(row -> row.arm().untraced()).findFirst()
                .map(row -> "a Go function of about " + HumanUnits.duration(Math.rint(row.burstNs().median() / workload.calls())))
                .orElse(workload.function());
        return workload.calls() + (workload.calls() == 1 ? " call of " : " calls of ") + function;
    }

    /** The environment in a line. */
    public String environment() {
        return EnvironmentLine.of(run.environment());
    }

    /** How the figures came about, in a line. */
    public String method() {
        boolean returns = rows.stream().anyMatch(row -> row.arm().returnsTraced());
        return (returns ? "calls and returns traced" : "calls traced") + " · " + sampling(rows.get(0).arm());
    }

    /** How many bursts a median is of. */
    static String sampling(Arm arm) {
        int rounds = arm.rounds().size();
        int bursts = arm.rounds().stream().mapToInt(List::size).sum();
        return "median of " + bursts + (bursts == 1 ? " burst in " : " bursts in ") + rounds
                + (rounds == 1 ? " round" : " interleaved rounds") + ", 95 % interval";
    }

    /** What two identical arms differ by, in words; empty if the run has no such pair. */
    public Optional<String> noiseFloorInWords() {
        return noiseFloor.map(Headline::noiseFloorInWords);
    }

    static String noiseFloorInWords(Comparison floor) {
        return "noise floor: two untraced arms differ by "
                + HumanUnits.duration(floor.overheadPerCallNs().median()) + " per call ("
                + HumanUnits.durationRange(floor.overheadPerCallNs()) + "), " + HumanUnits.ratio(floor.ratio().median())
                + " (" + HumanUnits.ratioRange(floor.ratio()) + ")";
    }
}
