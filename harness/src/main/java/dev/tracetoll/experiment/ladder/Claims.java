package dev.tracetoll.experiment.ladder;

import dev.tracetoll.compare.Comparisons;
import dev.tracetoll.compare.Comparisons.Priced;
import dev.tracetoll.experiment.growth.GrowthAxis;
import dev.tracetoll.experiment.ladder.Claim.Limit;
import dev.tracetoll.experiment.ladder.Claim.Unit;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.CpuPlacement;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.Workload;
import dev.tracetoll.stats.Interval;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.registry.TechniqueRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The bounds that we set ourselves, and what the ladder's run says of each that it has measured. */
public final class Claims {

    /** The technique whose cost is looked at from several sides. */
    public static final String EVENT = "ebpf-arguments";

    /** Its floor: where a bound is on how its cost grows, the floor's growth says how much of that the kernel asks for. */
    public static final String FLOOR =
            TechniqueRegistry.ALL.facts(EVENT).floor().get(0);

    /** The technique without a trap whose cost must not grow with threads. */
    static final String JUMPS = Technique.INLINE.name();

    /** Its floor. */
    static final String FLOOR_OF_JUMPS =
            TechniqueRegistry.ALL.facts(JUMPS).floor().get(0);

    /** Name of the arm that traces as many calls as the target can make, for half a minute. */
    public static final String SUSTAINED = EVENT + "-sustained";

    /** Target of the rungs, and of {@link #SUSTAINED}. */
    public static final String TARGET = "text";

    /** A target that the peers can trace. */
    public static final String PEERS_TARGET = "silent";

    /** How many functions are probed beside one that is called. */
    public static final List<Integer> PROBED_FUNCTIONS = List.of(1, 10_000);

    /** How many threads call at the same time. */
    public static final List<Integer> THREADS = List.of(1, 2);

    /**
     * What another tool costs, to what we do.
     *
     * @param peer the other tool
     * @param ours the technique of ours that tells at least as much of each call
     * @param atLeast how many times as much
     * @param steps whether the peer's probes are stepped, and ours are not: the bound is for where that is dear
     */
    public record PeerBound(String peer, String ours, double atLeast, boolean steps) {}

    /** The peers that there are bounds for. */
    public static final List<PeerBound> PEERS = List.of(
            new PeerBound("bpftrace", EVENT, 20, true),
            new PeerBound("dlv-ebpf", EVENT, 100, true),
            new PeerBound("dlv", "ptrace-arguments", 100, false));

    /**
     * What the kernel's step over a displaced instruction costs at least where it is dear, in ns. The bounds on peers that step were set on a
     * virtual machine where it costs 19 000 to 23 000; on bare metal it costs a microsecond.
     */
    public static final double DEAR_STEP_NS = 15_000;

    /**
     * What a technique costs, to another one on the same target.
     *
     * @param limit the sense of the bound
     * @param steps whether probes of the first one are stepped, and those of the second are not: the bound is for where that is dear
     */
    private record Against(String technique, String other, String target, Limit limit, double bound, boolean steps) {}

    private static final List<Against> AGAINST = List.of(
            // What is done besides with what the kernel's calls have read.
            new Against(EVENT, Ladder.READINGS, TARGET, Limit.AT_MOST, 1.05, false),
            new Against(EVENT, "inline-arguments", TARGET, Limit.AT_LEAST, 15, false),
            new Against("ebpf", "inline", TARGET, Limit.AT_LEAST, 100, true),
            new Against("ebpf", "ebpf-patched", TARGET, Limit.AT_LEAST, 5, true),
            new Against("inline", "source-ring", Ladder.TELLING_TARGET, Limit.AT_MOST, 2, false));

    private static final double MOST_OF_ONE_THREAD = 1.15;
    /** Jumps write to a ring of the processor's own: there is nothing to wait for. */
    private static final double MOST_OF_ONE_THREAD_INLINE = 1.1;

    private static final double MOST_OF_ONE_FUNCTION = 1.05;
    private static final double SUSTAINED_NS = 30e9;
    private static final double MOST_CPU_NS = 300;
    private static final long MOST_RING_BYTES = 8L << 20;

    private final Run run;
    private final Comparisons comparisons;
    private final List<Supplier<Claim>> claims = new ArrayList<>();

    private Claims(Run run, Comparisons comparisons) {
        this.run = run;
        this.comparisons = comparisons;
    }

    /**
     * Of every bound that the run can say something of.
     *
     * @param comparisons of the run's seed; it had better remember
     */
    static List<Claim> of(Run run, Comparisons comparisons) {
        Claims claims = new Claims(run, comparisons);
        Ladder.rungs().forEach(claims::addFloors);
        AGAINST.forEach(claims::addAgainst);
        claims.addThreads();
        claims.addFunctions();
        claims.addPeers();
        sustained(run).ifPresent(claims::addSustained);
        // Each interval is some million draws.
        return claims.claims.parallelStream().map(Supplier::get).toList();
    }

    /** The arm that traces as many calls as the target can make. */
    public static Optional<Arm> sustained(Run run) {
        return run.arms().stream().filter(arm -> arm.name().equals(SUSTAINED)).findFirst();
    }

    private void addFloors(Rung rung) {
        if (rung.bound().isEmpty()) {
            return;
        }
        run.arms().stream()
                .filter(arm ->
                        arm.name().equals(rung.technique()) && arm.target().equals(rung.target()))
                .forEach(arm -> {
                    List<Arm> floor = rung.floor().stream()
                            .map(name -> arm(arm.workload(), name))
                            .flatMap(Optional::stream)
                            .toList();
                    Optional<Arm> untraced = arm(arm.workload(), Arm.UNTRACED);
                    if (floor.size() == rung.floor().size() && untraced.isPresent()) {
                        String what = rung.technique() + " to its floor, "
                                + arm.placement().inWords();
                        boolean sound = sound(arm) && floor.stream().allMatch(Claims::sound);
                        claims.add(() -> ratioClaim(
                                what,
                                sound ? comparisons.ratioToFloor(arm, floor, untraced.get()) : Optional.empty(),
                                comparisons.overheadPerCallNs(List.of(new Priced(arm, untraced.get(), 1))),
                                comparisons.overheadPerCallNs(floor.stream()
                                        .map(each -> new Priced(each, untraced.get(), 1))
                                        .toList()),
                                Optional.empty(),
                                Limit.AT_MOST,
                                rung.bound().getAsDouble(),
                                true));
                    }
                });
    }

    private void addAgainst(Against against) {
        run.arms().stream()
                .filter(arm ->
                        arm.name().equals(against.technique()) && arm.target().equals(against.target()))
                .forEach(arm -> arm(arm.workload(), against.other())
                        .flatMap(other -> priced(other, 1))
                        .ifPresent(other -> priced(arm, 1)
                                .ifPresent(event -> add(
                                        against.technique() + " to " + against.other()
                                                + (arm.placement() == CpuPlacement.UNPINNED
                                                        ? ""
                                                        : ", " + arm.placement().inWords()),
                                        event,
                                        other,
                                        Optional::empty,
                                        against.limit(),
                                        against.bound(),
                                        () -> !against.steps() || stepIsDear()))));
    }

    private boolean stepIsDear() {
        return stepNs().orElse(DEAR_STEP_NS) >= DEAR_STEP_NS;
    }

    private void addThreads() {
        String what = THREADS.get(1) + " threads to " + THREADS.get(0);
        addRatio(what, threads(EVENT), threads(FLOOR), MOST_OF_ONE_THREAD);
        addGrowthToFloors(
                JUMPS + ", " + what + ", to its floor's growth",
                threads(JUMPS),
                threads(FLOOR_OF_JUMPS),
                MOST_OF_ONE_THREAD_INLINE);
    }

    private List<Priced> threads(String technique) {
        return THREADS.stream()
                .map(threads -> run.arms().stream()
                        .filter(arm -> arm.name().equals(technique)
                                && arm.target().equals(GrowthAxis.THREADS.target())
                                && arm.arguments().equals(GrowthAxis.THREADS.arguments(threads)))
                        .findFirst()
                        .flatMap(arm -> priced(
                                arm,
                                GrowthAxis.THREADS.parallel(
                                        threads, run.environment().cpus()))))
                .flatMap(Optional::stream)
                .toList();
    }

    private void addFunctions() {
        addRatio(
                HumanUnits.count(PROBED_FUNCTIONS.get(1)) + " probed functions to " + PROBED_FUNCTIONS.get(0),
                functions(EVENT),
                functions(FLOOR),
                MOST_OF_ONE_FUNCTION);
    }

    private List<Priced> functions(String technique) {
        return PROBED_FUNCTIONS.stream()
                .map(functions -> run.arms().stream()
                        .filter(arm -> arm.technique().equals(technique)
                                && arm.target().equals(GrowthAxis.FUNCTIONS.target())
                                && arm.probedFunctions() == functions)
                        .findFirst()
                        .flatMap(arm -> priced(arm, 1)))
                .flatMap(Optional::stream)
                .toList();
    }

    /**
     * @param priced of a technique, the lesser one first; nothing is added unless there are both
     * @param floor the same of what it stands on
     */
    private void addRatio(String what, List<Priced> priced, List<Priced> floor, double atMost) {
        if (priced.size() == 2) {
            add(
                    what,
                    priced.get(1),
                    priced.get(0),
                    () -> floor.size() == 2 ? ratio(floor.get(1), floor.get(0)) : Optional.empty(),
                    Limit.AT_MOST,
                    atMost,
                    () -> true);
        }
    }

    /**
     * What two threads have in common, as caches and the memory's bandwidth, makes notes that they write for themselves alone dearer as
     * well; what is asked is that the ring adds nothing to that.
     */
    private void addGrowthToFloors(String what, List<Priced> priced, List<Priced> floor, double atMost) {
        if (priced.size() == 2 && floor.size() == 2) {
            add(
                    what,
                    priced.get(1),
                    priced.get(0),
                    () -> growthToFloors(priced, floor),
                    () -> ratio(floor.get(1), floor.get(0)),
                    Limit.AT_MOST,
                    atMost,
                    () -> true);
        }
    }

    private Optional<Interval> growthToFloors(List<Priced> priced, List<Priced> floor) {
        return Stream.of(priced, floor).flatMap(List::stream).map(Priced::arm).allMatch(Claims::sound)
                ? comparisons.growthToFloors(priced.get(1), priced.get(0), floor.get(1), floor.get(0))
                : Optional.empty();
    }

    private void addPeers() {
        PEERS.forEach(bound -> addAgainst(
                new Against(bound.peer(), bound.ours(), PEERS_TARGET, Limit.AT_LEAST, bound.atLeast(), bound.steps())));
    }

    /** What a step costs on this machine; empty if the run does not say. */
    private OptionalDouble stepNs() {
        return run.arms().stream()
                .filter(arm ->
                        arm.name().equals(Ladder.EMPTY_AT_ENTRY) && arm.target().equals(TARGET))
                .flatMap(arm -> priced(arm, 1).stream())
                .mapToDouble(
                        step -> comparisons.overheadPerCallNs(List.of(step)).median())
                .max();
    }

    private Optional<Priced> priced(Arm arm, int parallel) {
        return arm(arm.workload(), Arm.UNTRACED).map(untraced -> new Priced(arm, untraced, parallel));
    }

    private Optional<Arm> arm(Workload workload, String name) {
        return run.arms(workload).stream()
                .filter(arm -> arm.name().equals(name))
                .findFirst();
    }

    private void add(
            String what,
            Priced of,
            Priced to,
            Supplier<Optional<Interval>> ofFloor,
            Limit limit,
            double bound,
            BooleanSupplier asked) {
        add(what, of, to, () -> ratio(of, to), ofFloor, limit, bound, asked);
    }

    private void add(
            String what,
            Priced of,
            Priced to,
            Supplier<Optional<Interval>> figure,
            Supplier<Optional<Interval>> ofFloor,
            Limit limit,
            double bound,
            BooleanSupplier asked) {
        claims.add(() -> ratioClaim(
                what,
                figure.get(),
                comparisons.overheadPerCallNs(List.of(of)),
                comparisons.overheadPerCallNs(List.of(to)),
                ofFloor.get(),
                limit,
                bound,
                asked.getAsBoolean()));
    }

    private Optional<Interval> ratio(Priced of, Priced to) {
        return Stream.of(of, to).map(Priced::arm).allMatch(Claims::sound)
                ? comparisons.ratio(of, to)
                : Optional.empty();
    }

    private static Claim ratioClaim(
            String what,
            Optional<Interval> figure,
            Interval cost,
            Interval against,
            Optional<Interval> ofFloor,
            Limit limit,
            double bound,
            boolean asked) {
        return new Claim(
                what, Unit.RATIO, figure, Optional.of(cost), Optional.of(against), ofFloor, limit, bound, asked);
    }

    private void addSustained(Arm arm) {
        long durationNs = arm.bursts().totalNs();
        once("sustained: events lost", Unit.EVENTS, arm.valid(), (double) arm.lost(), Limit.AT_MOST, 0);
        once(
                "sustained: for how long",
                Unit.NANOSECONDS,
                arm.valid(),
                (double) durationNs,
                Limit.AT_LEAST,
                SUSTAINED_NS);
        once(
                "sustained: tracer CPU an event",
                Unit.NANOSECONDS,
                sound(arm),
                (double) arm.tracerCpuNs() / Math.max(1, arm.seen()),
                Limit.AT_MOST,
                MOST_CPU_NS);
        once(
                "sustained: ring buffer",
                Unit.BYTES,
                arm.valid(),
                (double) arm.ringBytes(),
                Limit.AT_MOST,
                MOST_RING_BYTES);
    }

    private void once(String what, Unit unit, boolean sound, double figure, Limit limit, double bound) {
        Claim claim = new Claim(
                what,
                unit,
                sound ? Optional.of(new Interval(figure, figure, figure)) : Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                limit,
                bound,
                true);
        claims.add(() -> claim);
    }

    /** What another tool lost or made up is its own affair, and makes it no cheaper than it was. */
    private static boolean sound(Arm arm) {
        return arm.peer() || arm.valid() && arm.lost() == 0;
    }
}
