package dev.tracetoll.cli;

import dev.tracetoll.bench.prices.Prices;
import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.guard.Budget;
import dev.tracetoll.tracing.guard.Toll;
import dev.tracetoll.tracing.plan.TracePlan;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What tracing may cost the program. */
final class BudgetOption {

    @Option(
            names = "--max-overhead",
            paramLabel = "P%",
            converter = ShareConverter.class,
            description =
                    "Take probes off, those of the dearest function first, as soon as they have cost more than this share of the time of a CPU "
                            + "within a second: 5%% are 50 ms. What a hit costs on this machine is known once predict has measured it.")
    private ShareConverter.@Nullable Share share;

    /** Whether there is a budget. */
    boolean given() {
        return share != null;
    }

    /**
     * Checks that a backend can take off so many functions one by one.
     *
     * @throws BadInput if it cannot
     */
    void check(int functions, Backend backend) {
        if (share != null && functions > backend.mostGuarded()) {
            throw new BadInput(
                    "--max-overhead needs probes of its own for each function, which --backend " + backend.name()
                            + " has for " + backend.mostGuarded() + " at most, and " + functions
                            + " match; choose fewer, or use --backend inline");
        }
    }

    /**
     * The budget for a plan; empty if there is none.
     *
     * @param technique whose prices are reckoned with
     * @param notices told, in a line, if the prices of this machine are not known
     */
    Optional<Budget> of(TracePlan plan, Technique technique, Consumer<String> notices) {
        if (share == null) {
            return Optional.empty();
        }
        Map<String, Prices.OfCall> calls = prices(technique, notices).calls(plan);
        List<TracedFunction> functions = plan.request().functions();
        return Optional.of(new Budget(
                share.of(),
                functions,
                functions.stream()
                        .map(function -> Objects.requireNonNullElse(calls.get(function.name()), Prices.OfCall.NONE))
                        .map(call -> new Toll(call.entry().ns(), call.exit().ns()))
                        .toList()));
    }

    private static Prices.OfTechnique prices(Technique technique, Consumer<String> notices) {
        Optional<Prices> known = new MachinePrices(Invocation.home()).kept().filter(prices -> prices.knows(technique));
        if (known.isEmpty()) {
            notices.accept(
                    "what a hit costs on this machine is not known, so --max-overhead reckons with rather too much; "
                            + "tracetoll predict measures it");
        }
        return known.map(prices -> prices.of(technique)).orElseGet(() -> Prices.OfTechnique.roughly(technique));
    }
}
