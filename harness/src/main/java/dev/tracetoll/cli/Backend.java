package dev.tracetoll.cli;

import dev.tracetoll.problem.MachineCannot;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.Tracer;
import dev.tracetoll.tracing.plan.SitePricing;
import dev.tracetoll.tracing.plan.TracePlan;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A technique as {@code trace} offers it: one class for each, and one entry in {@link Backends#ALL}. */
interface Backend {

    /** The word for {@code --backend}: the technique's name. */
    String name();

    /** What becomes of a launched program, which is not to die with this command, if this command is killed. */
    default TraceSubject.Protection protection() {
        return TraceSubject.Protection.BY_TRACER;
    }

    /** Whether it can do without an event for each call: what there is of calls is added up where they are. */
    boolean hasTotals();

    /** Whether it is so, too, for what is more than how many calls there were and how long they took: how many failed. */
    default boolean hasWholeTotals() {
        return hasTotals();
    }

    /** Whether some returns cost more than others, so that there is something to choose with {@code --returns}. */
    default boolean hasCheapReturns() {
        return false;
    }

    /** Whether it can choose each call by itself, where calls are sampled; goroutines all can. */
    default boolean choosesCalls() {
        return true;
    }

    /** The functions that it can show the calls of, with remarks on what it cannot show of them. */
    default FunctionSelection selection(FunctionSelection matching) {
        return matching;
    }

    /** What its sites cost, and which it prefers. */
    SitePricing pricing();

    /** The technique whose prices tell what this one costs. */
    default Technique priced(Collecting collecting) {
        return new Technique(name());
    }

    /** How many functions it can take off one by one, where there is a budget. */
    default int mostGuarded() {
        return Integer.MAX_VALUE;
    }

    /** Whether events wait in a ring buffer, so that there is something to choose with {@link RingOptions}. */
    boolean hasRing();

    /**
     * Its tracer.
     *
     * @param ring the ring buffer as it is wanted, where there is one
     * @param notices told, in a line for the user, what diminishes the protection of the program
     * @throws dev.tracetoll.problem.BadInput if there can be no such ring buffer
     * @throws MachineCannot if this machine cannot trace so
     */
    Tracer tracer(Collecting collecting, RingOptions ring, Consumer<String> notices);

    /** Whether it leaves what it cannot see to another technique, unless that is not wanted. */
    default boolean fallsBack() {
        return false;
    }

    /**
     * The plan as it is traced, with what another technique sees if this one {@link #fallsBack}.
     *
     * @param tracer its own
     * @param ring as for that one
     * @param notices told, in a line each, why nothing falls back where something should
     * @throws dev.tracetoll.problem.BadInput if all would be left to the other technique
     */
    default Traceable fallingBack(
            TracePlan plan, Tracer tracer, Collecting collecting, RingOptions ring, Consumer<String> notices) {
        return alone(plan, tracer, collecting);
    }

    /** The plan as it is traced by this technique alone. */
    default Traceable alone(TracePlan plan, Tracer tracer, Collecting collecting) {
        return new Traceable(
                plan, tracer, List.of(new BudgetOption.Priced(plan, priced(collecting))), Optional.empty());
    }
}
