package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.tracing.FunctionTotal;
import dev.tracetoll.tracing.TraceCounts;
import java.util.List;

/** What the programs count in maps; read while they do, and exact once they are detached. */
sealed interface Tallies permits HitTallies, DurationTallies {

    TraceCounts counts();

    /** Of each function of the plan, in its order. */
    List<FunctionTotal> totals();
}
