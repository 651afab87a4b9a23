package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.tracing.plan.TracePlan;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * What is probed, and where the probes are.
 *
 * @param plan what to trace; that of the jumps, if there are some
 * @param part says of the number of a site whether it is probed, where another tracer sees to the others, with jumps of its own; empty if all are
 * @param jumps that lead to probes; empty if all probes are at the sites
 */
record ProbedPlan(TracePlan plan, Optional<IntPredicate> part, Optional<Jumps> jumps) {

    /** All of a plan, at its sites. */
    ProbedPlan(TracePlan plan) {
        this(plan, Optional.empty(), Optional.empty());
    }

    /** Some sites of a plan. */
    ProbedPlan(TracePlan plan, IntPredicate part) {
        this(plan, Optional.of(part), Optional.empty());
    }

    /** All of a plan, by jumps where they are. */
    ProbedPlan(Jumps jumps) {
        this(jumps.plan(), Optional.empty(), Optional.of(jumps));
    }

    boolean isProbed(int site) {
        return part.isEmpty() || part.get().test(site);
    }

    /** Whether the program's code is changed otherwise, which is gone once the process executes a program. */
    boolean isPatched() {
        return part.isPresent() || jumps.isPresent();
    }
}
