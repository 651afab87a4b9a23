package dev.tracetoll.bench.program;

import dev.tracetoll.bench.Techniques;
import dev.tracetoll.bench.TracedTarget;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.TracedProcess;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.ring.RingChoice;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A way to run the program.
 *
 * @param name unique in the measurement
 * @param technique how it is traced
 * @param plan what is traced; empty for nothing
 * @param ring the ring buffer as it is wanted
 */
record ProgramArm(String name, Technique technique, Optional<TracePlan> plan, RingChoice ring) {

    boolean untraced() {
        return plan.isEmpty();
    }

    /** Whether it counts calls in the kernel, by other means than those that tell of each. */
    boolean counts() {
        return technique.equals(ProgramMeasurement.COUNTING);
    }

    /**
     * Attaches to a process.
     *
     * @param notices told, in lines for the user, what cannot be seen
     * @return empty if nothing is traced
     * @throws dev.tracetoll.problem.Problem if it cannot be traced
     */
    Optional<TraceSession> attach(TracedProcess process, Consumer<String> notices) {
        return plan.map(what ->
                Techniques.tracer(technique, ring, notices).orElseThrow().attach(what, process, TracedTarget.DISCARD));
    }

    /** Size of the ring buffer in which events wait, in bytes; 0 where they wait in none. */
    long ringBytes() {
        return plan.isEmpty()
                ? 0
                : Techniques.tracer(technique, ring, notice -> {}).orElseThrow().ringBytes();
    }
}
