package dev.tracetoll.tracing.registry;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * What is known of a technique. Begins with the least that can be said, {@link #of}; what differs is added.
 *
 * @param name as the command line and the results have it
 * @param mechanism what makes it see a call; empty for {@code untraced} and for what this version does not know
 * @param words what people who know none of the names call it, as {@code eBPF}, to stand behind "with"; empty for what nobody would trace with:
 *        {@code untraced}, floors, and what is only measured to explain another one
 * @param peer whether another tool traces
 * @param systemCalls whether it traces system calls, and not functions
 * @param level how much it tells; empty for what tells nothing, as {@code untraced} and the empty programs of floors
 * @param counts whether each call of the target makes an event of a call
 * @param returns whether returns are probed, and each return of the target makes an event of a return
 * @param roughNs what a call roughly costs, in ns, on a 2-core virtual machine with Linux 6.18; only plans the work
 * @param floor the techniques whose overheads together are the least that it can cost, whatever the target; one occurs as often as its price is paid in
 *        each call; empty for what is a floor itself, has none, or is a variant
 * @param precisionGoal half of an interval's width at most, as a share of the overhead, for it to be narrow enough; empty of what nobody waits for: {@code untraced} and peers
 * @param variantOf of a technique at the functions' entries, or of one that is slowed down: the technique itself
 * @param delay of one that is slowed down: how often it does something in vain at each hit
 */
public record TechniqueFacts(
        String name,
        Optional<Mechanism> mechanism,
        Optional<String> words,
        boolean peer,
        boolean systemCalls,
        Optional<Insight.Level> level,
        boolean counts,
        boolean returns,
        double roughNs,
        List<String> floor,
        OptionalDouble precisionGoal,
        Optional<TechniqueFacts> variantOf,
        OptionalInt delay) {

    /** Ends the name of a technique that probes the first instruction of functions, as most tools do. */
    public static final String AT_ENTRY = "-entry";

    /** In the name of a technique, before how often it does something in vain at each hit. */
    public static final String DELAYED_BY = "-delayed-";

    /** What a call costs that nobody traces, in ns, roughly. */
    private static final double UNTRACED_NS = 150;

    /** What the kernel's step over a displaced instruction costs where debug exceptions are dear, in ns. */
    private static final double STEP_NS = 25_000;

    public TechniqueFacts {
        Objects.requireNonNull(name);
        floor = List.copyOf(floor);
    }

    /** What is said of a technique while it is being said. */
    private static final class Draft {
        private final TechniqueFacts of;
        private String name;
        private Optional<String> words;
        private boolean systemCalls;
        private Optional<Insight.Level> level;
        private boolean counts;
        private boolean returns;
        private double roughNs;
        private List<String> floor;
        private Optional<TechniqueFacts> variantOf;
        private OptionalInt delay;

        Draft(TechniqueFacts of) {
            this.of = of;
            name = of.name;
            words = of.words;
            systemCalls = of.systemCalls;
            level = of.level;
            counts = of.counts;
            returns = of.returns;
            roughNs = of.roughNs;
            floor = of.floor;
            variantOf = of.variantOf;
            delay = of.delay;
        }

        TechniqueFacts done() {
            return new TechniqueFacts(
                    name,
                    of.mechanism,
                    words,
                    of.peer,
                    systemCalls,
                    level,
                    counts,
                    returns,
                    roughNs,
                    floor,
                    of.precisionGoal,
                    variantOf,
                    delay);
        }
    }

    private TechniqueFacts but(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.done();
    }

    /** One that sees calls of functions, makes no event, tells nothing, and costs as good as nothing. */
    private static TechniqueFacts bare(
            String name, Optional<Mechanism> mechanism, boolean peer, OptionalDouble precisionGoal) {
        return new TechniqueFacts(
                name,
                mechanism,
                Optional.empty(),
                peer,
                false,
                Optional.empty(),
                false,
                false,
                UNTRACED_NS,
                List.of(),
                precisionGoal,
                Optional.empty(),
                OptionalInt.empty());
    }

    /** One of ours that sees calls of functions, makes no event, tells nothing, and costs as good as nothing; how well that is to be known must be said. */
    public static TechniqueFacts of(String name, Mechanism mechanism, double precisionGoal) {
        return bare(name, Optional.of(mechanism), false, OptionalDouble.of(precisionGoal));
    }

    /** The same by another tool. */
    static TechniqueFacts ofPeer(String name, Mechanism mechanism) {
        return bare(name, Optional.of(mechanism), true, OptionalDouble.empty());
    }

    /** What can be said of a name that is in no registry: it is related to nothing. */
    static TechniqueFacts unknown(String name) {
        return bare(name, Optional.empty(), false, OptionalDouble.empty());
    }

    /** The same, which people call so. */
    TechniqueFacts called(String words) {
        return but(draft -> draft.words = Optional.of(words));
    }

    /** The same of system calls. */
    public TechniqueFacts ofSystemCalls() {
        return but(draft -> draft.systemCalls = true);
    }

    /** The same, which tells so much, by events of calls; and of returns, if it tells of them. */
    public TechniqueFacts telling(Insight.Level what) {
        return but(draft -> {
            draft.level = Optional.of(what);
            draft.counts = true;
            draft.returns = what.compareTo(Insight.Level.RETURNS) >= 0;
        });
    }

    /** The same, with an event for each call. */
    public TechniqueFacts counting() {
        return but(draft -> draft.counts = true);
    }

    /** The same, with probes where functions return. */
    public TechniqueFacts withReturns() {
        return but(draft -> draft.returns = true);
    }

    /** The same at so much a call. */
    public TechniqueFacts roughly(double ns) {
        return but(draft -> draft.roughNs = ns);
    }

    /** The same on a floor. */
    public TechniqueFacts over(String... techniques) {
        return but(draft -> draft.floor = List.of(techniques));
    }

    /** The variant that probes the functions' first instructions. */
    TechniqueFacts movedToEntry() {
        return but(draft -> {
            draft.name = name + AT_ENTRY;
            draft.words = words.map(of -> of + " at the function's entry");
            draft.roughNs = Math.max(roughNs, STEP_NS);
            draft.floor = List.of();
            draft.variantOf = Optional.of(this);
            draft.delay = OptionalInt.empty();
        });
    }

    /** The variant that is slowed down on purpose. */
    TechniqueFacts delayedBy(int times) {
        return but(draft -> {
            draft.name = name + DELAYED_BY + times;
            draft.words = Optional.empty();
            draft.floor = List.of();
            draft.variantOf = Optional.of(this);
            draft.delay = OptionalInt.of(times);
        });
    }

    /** Whether it is the variant that probes the functions' first instructions. */
    public boolean atEntry() {
        return variantOf.isPresent() && delay.isEmpty();
    }

    /** The technique, wherever it probes: of the variant at the functions' entries the one that has a floor. */
    public TechniqueFacts plain() {
        return atEntry() ? variantOf.get() : this;
    }

    /** The colour of all that is drawn of it: its mechanism's, which for ours has two, and of what has none that of what nobody traces. */
    public Hue hue() {
        return mechanism
                .map(known -> peer || returns ? known.hue() : known.hueOfCalls())
                .orElse(Hue.GREY);
    }

    /** What it tells, and at whose cost; empty for what tells nothing. */
    public Optional<Insight> insight() {
        return level.map(
                known -> new Insight(known, mechanism.filter(Mechanism::stops).isPresent()));
    }

    /**
     * Whether what disturbs the one disturbs the other as much: whether both are ours, or both are peers, and see functions by the same mechanism, or
     * both see system calls. What is known of neither is akin to itself only.
     */
    public boolean akin(TechniqueFacts other) {
        return name.equals(other.name)
                || mechanism.isPresent()
                        && other.mechanism.isPresent()
                        && peer == other.peer
                        && systemCalls == other.systemCalls
                        && (systemCalls || mechanism.equals(other.mechanism));
    }
}
