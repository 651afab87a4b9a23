package dev.tracetoll.experiment.ladder;

import dev.tracetoll.compare.Comparisons;
import dev.tracetoll.report.Cells;
import dev.tracetoll.report.EnvironmentLine;
import dev.tracetoll.report.Flaw;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.report.NoiseFloor;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Comparison;
import dev.tracetoll.results.CpuPlacement;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.Site;
import dev.tracetoll.stats.Interval;
import dev.tracetoll.text.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What table, chart and page say about a ladder.
 *
 * @param run where it comes from
 * @param rows one for each rung on each placement, in the order of the {@link Ladder}, one core before two
 * @param claims the bounds that the run can say something of
 */
record LadderFigures(Run run, List<Row> rows, List<ClaimWords> claims) {

    /** What the bounds are, for those who read of them first. */
    static final String CLAIMS =
            "Bounds that we set ourselves, and what this run says of each. A bound is kept if the median keeps it, and "
                    + "narrowly so if its interval does not; what was measured once has no interval. Where a cost grows, its floor's growth is what "
                    + "the kernel and the machine make of it. That peers which probe first instructions are so much dearer is asked only where a "
                    + "single step costs " + HumanUnits.duration(Claims.DEAR_STEP_NS)
                    + " or more, as it did on the virtual machine that those bounds come from.";

    /**
     * A rung on one placement.
     *
     * @param rung which
     * @param arm what was measured
     * @param wholeNs a call and all that tracing it costs, in ns
     * @param overhead against the untraced arm; empty for that one itself
     * @param below what was measured of the rung below, or of the next lower one; empty for the lowest
     * @param step against the rung below
     * @param ofFloor the overhead divided by the floor's; empty without floor, or where that was not measured
     * @param residueNs what of the overhead the floor and the parts that were priced by themselves leave unexplained, in ns per call
     */
    public record Row(
            Rung rung,
            Arm arm,
            Interval wholeNs,
            Optional<Comparison> overhead,
            Optional<Arm> below,
            Optional<Comparison> step,
            Optional<Interval> ofFloor,
            Optional<Interval> residueNs) {

        /** What forbids to read this row as a cost: {@code INVALID}, {@code LOSSY}, or nothing. */
        public Optional<String> flaw() {
            return Flaw.of(arm);
        }

        /** What it is called; yardsticks are told apart by their targets. */
        String name() {
            if (rung.untraced()) {
                return "untraced " + rung.target();
            }
            return rung.group() == Rung.Group.YARDSTICKS ? arm.name() + " on " + rung.target() : arm.name();
        }

        CpuPlacement placement() {
            return arm.placement();
        }

        /** The overhead, or of what is not traced the whole. */
        Interval costNs() {
            return overhead.map(Comparison::overheadPerCallNs).orElse(wholeNs);
        }

        Cell costCell() {
            return overhead.map(of -> Cells.added(of.overheadPerCallNs())).orElse(Cells.duration(wholeNs));
        }

        String cost() {
            return costCell().text();
        }

        /** The classes of the probe sites, entry first, as {@code emulated, stepped}. */
        String siteClasses() {
            return arm.sites().stream().map(Site::siteClass).distinct().collect(Collectors.joining(", "));
        }

        /** The residue, in words. */
        Optional<String> residueInWords() {
            return residueNs
                    .filter(residue -> flaw().isEmpty())
                    .map(residue -> "residue of " + arm.name() + ": "
                            + HumanUnits.duration(residue.median()) + " (" + HumanUnits.durationRange(residue) + ") of "
                            + cost()
                            + " is neither its floor nor what " + String.join(" and ", rung.explained())
                            + " does above its own");
        }
    }

    /**
     * Rungs that stand below each other.
     *
     * @param group what they are about
     * @param placement where they ran
     * @param rows at least one
     */
    record Section(Rung.Group group, CpuPlacement placement, List<Row> rows) {

        String title() {
            return group.title() + ", " + placement.inWords();
        }
    }

    /** Of every rung that the run has. */
    public static LadderFigures of(Run run) {
        Comparisons comparisons = Comparisons.remembering(run.seed());
        // Each interval is some million draws.
        List<Row> rows = Ladder.rungs().parallelStream()
                .flatMap(rung -> run.arms().stream()
                        .filter(arm -> arm.technique().equals(rung.technique())
                                && arm.target().equals(rung.target())
                                && arm.name().equals(arm.technique()))
                        .map(arm -> row(run, rung, arm, comparisons)))
                .toList();
        return new LadderFigures(
                run,
                rows,
                Claims.of(run, comparisons).stream().map(ClaimWords::new).toList());
    }

    @SuppressWarnings("ReferenceEquality") // Arms may be equal in all that was measured.
    private static Row row(Run run, Rung rung, Arm arm, Comparisons comparisons) {
        List<Arm> workload = run.arms(arm.workload());
        Optional<Arm> untraced = find(workload, Arm.UNTRACED).filter(other -> other != arm);
        Optional<Arm> below = Ladder.below(arm, workload);
        Optional<Comparison> overhead =
                untraced.flatMap(other -> run.comparison(arm.workload(), arm.name(), other.name()));
        // The difference to a time that is no cost is none either.
        Optional<Comparison> step = below.filter(other -> Flaw.of(other).isEmpty())
                .flatMap(other -> run.comparison(arm.workload(), arm.name(), other.name()));
        Optional<List<Arm>> floor = all(workload, rung.floor())
                .filter(arms -> !arms.isEmpty()
                        && untraced.isPresent()
                        && arms.stream().allMatch(each -> Flaw.of(each).isEmpty()));
        Optional<Interval> ofFloor = floor.flatMap(arms -> comparisons.ratioToFloor(arm, arms, untraced.orElseThrow()));
        Optional<List<Map.Entry<Arm, Arm>>> explained = explained(rung, workload);
        Optional<Interval> residue = floor.isPresent() && explained.isPresent()
                ? Optional.of(comparisons.residuePerCallNs(arm, floor.get(), explained.get(), untraced.orElseThrow()))
                : Optional.empty();
        return new Row(
                rung, arm, comparisons.burstNs(arm).dividedBy(arm.calls()), overhead, below, step, ofFloor, residue);
    }

    /** The parts with the floors they stand on; empty if there are none, or not all of that was measured. */
    private static Optional<List<Map.Entry<Arm, Arm>>> explained(Rung rung, List<Arm> workload) {
        List<Map.Entry<Arm, Arm>> parts = new ArrayList<>();
        for (String technique : rung.explained()) {
            Optional<Arm> part = find(workload, technique);
            Optional<Arm> floor = Ladder.rung(technique, rung.target())
                    .flatMap(of -> find(workload, of.floor().get(0)));
            if (part.isEmpty() || floor.isEmpty()) {
                return Optional.empty();
            }
            parts.add(Map.entry(part.get(), floor.get()));
        }
        return parts.isEmpty() ? Optional.empty() : Optional.of(parts);
    }

    private static Optional<Arm> find(List<Arm> arms, String name) {
        return arms.stream().filter(arm -> arm.name().equals(name)).findFirst();
    }

    private static Optional<List<Arm>> all(List<Arm> arms, List<String> names) {
        List<Arm> found = names.stream()
                .map(name -> find(arms, name))
                .flatMap(Optional::stream)
                .toList();
        return found.size() == names.size() ? Optional.of(found) : Optional.empty();
    }

    /** What a call costs in an arm, tracing included, in ns. */
    @SuppressWarnings("ReferenceEquality") // Arms may be equal in all that was measured.
    double whole(Arm arm) {
        return rows.stream()
                .filter(row -> row.arm() == arm)
                .findFirst()
                .orElseThrow()
                .wholeNs()
                .median();
    }

    List<Section> sections() {
        List<Section> sections = new ArrayList<>();
        for (Rung.Group group : Rung.Group.values()) {
            for (CpuPlacement placement : CpuPlacement.values()) {
                List<Row> chosen = rows.stream()
                        .filter(row -> row.rung().group() == group && row.placement() == placement)
                        .toList();
                if (!chosen.isEmpty()) {
                    sections.add(new Section(group, placement, chosen));
                }
            }
        }
        return sections;
    }

    /** What it is, in a line. */
    public String title() {
        return "What each part of tracing adds to a call";
    }

    /** The environment in a line. */
    public String environment() {
        return EnvironmentLine.of(run.environment());
    }

    /** How the figures came about, in a line. */
    public String method() {
        Arm first = run.arms().get(0);
        String rounds = first.bursts().rounds() + (first.bursts().rounds() == 1 ? " round" : " interleaved rounds");
        return "bursts of " + HumanUnits.count(first.calls()) + (first.calls() == 1 ? " call" : " calls") + " in "
                + rounds + ", medians with 95 % intervals";
    }

    /** What identical arms differ by, a line for each pair. */
    List<String> noiseFloors() {
        return run.comparisons().stream()
                .filter(Comparison::noiseFloor)
                .map(floor -> floor.target() + ", " + floor.placement().inWords() + ": noise floor: "
                        + NoiseFloor.inWords(floor))
                .toList();
    }

    /** How the events of all arms add up; those of other tools are told apart, in warnings. */
    String accounting() {
        return "events: "
                + events(run.arms().stream().filter(arm -> !arm.peer()).toList());
    }

    private static String events(List<Arm> arms) {
        long expected = arms.stream().mapToLong(Arm::expected).sum();
        long seen = arms.stream().mapToLong(Arm::seen).sum();
        long lost = arms.stream().mapToLong(Arm::lost).sum();
        return HumanUnits.count((double) expected) + " expected, " + HumanUnits.count((double) seen) + " seen, "
                + HumanUnits.count((double) lost) + " lost";
    }

    /** How the tracer kept up with a target that calls as fast as it can, if that was measured. */
    Optional<String> sustained() {
        return Claims.sustained(run).map(arm -> {
            double durationNs = arm.bursts().totalNs();
            long calls = (long) arm.calls() * arm.bursts().count();
            return "sustained: " + HumanUnits.count(calls / durationNs * 1e9) + " calls a second for "
                    + HumanUnits.duration(durationNs)
                    + " under " + arm.technique() + ", " + arm.placement().inWords() + "; " + events(List.of(arm))
                    + "; "
                    + HumanUnits.duration((double) arm.tracerCpuNs() / Math.max(1, arm.seen()))
                    + " of tracer CPU an event, "
                    + HumanUnits.bytes(arm.ringBytes()) + " of ring buffer";
        });
    }
}
