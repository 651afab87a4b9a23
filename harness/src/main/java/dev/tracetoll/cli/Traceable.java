package dev.tracetoll.cli;

import dev.tracetoll.tracing.Tracer;
import dev.tracetoll.tracing.plan.TracePlan;
import java.util.List;
import java.util.Optional;

/**
 * What is to be traced, and what traces it.
 *
 * @param plan with the sites as they are seen
 * @param prices what is reckoned with where there is a budget: parts of the plan, and the techniques that see them
 * @param fallback what another technique than the one that was asked for sees; empty if there is no such thing
 */
record Traceable(TracePlan plan, Tracer tracer, List<BudgetOption.Priced> prices, Optional<Fallback> fallback) {}
