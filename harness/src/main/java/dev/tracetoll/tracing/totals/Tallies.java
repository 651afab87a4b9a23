package dev.tracetoll.tracing.totals;

import dev.tracetoll.tracing.FunctionHits;
import dev.tracetoll.tracing.FunctionTotal;
import dev.tracetoll.tracing.TraceCounts;
import java.util.List;

/** What is counted in memory that this process shares; read while it is, and exact once nothing is counted any more. */
public sealed interface Tallies permits HitTallies, DurationTallies {

    TraceCounts counts();

    /** How often the probes of each function of the plan were hit, in its order. */
    List<FunctionHits> hits();

    /** Of each function of the plan, in its order. */
    List<FunctionTotal> totals();
}
