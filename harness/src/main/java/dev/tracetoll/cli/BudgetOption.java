package dev.tracetoll.cli;

import dev.tracetoll.bench.prices.Prices;
import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.guard.Budget;
import dev.tracetoll.tracing.guard.Toll;
import dev.tracetoll.tracing.plan.TracePlan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What tracing may cost the program. */
final class BudgetOption {

    /**
     * Sites that one technique sees.
     *
     * @param plan which
     * @param technique whose prices are reckoned with
     */
    record Priced(TracePlan plan, Technique technique) {}

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
        check(
                functions,
                backend,
                ", which --backend " + backend.name() + " has",
                "match; choose fewer, or use --backend inline");
    }

    /**
     * The same of what eBPF sees beside another backend.
     *
     * @throws BadInput if it cannot
     */
    void checkFallback(int functions) {
        check(
                functions,
                new EbpfBackend(),
                " that is left to eBPF, which has them",
                "are left to it; choose fewer, or leave out what eBPF sees by --no-fallback");
    }

    private void check(int functions, Backend backend, String which, String remedy) {
        if (share != null && functions > backend.mostGuarded()) {
            throw new BadInput("--max-overhead needs probes of its own for each function" + which + " for "
                    + backend.mostGuarded() + " at most, and " + functions + " " + remedy);
        }
    }

    /**
     * The budget for a plan; empty if there is none.
     *
     * @param parts of it, each site in one
     * @param notices told, in a line, if the prices of this machine are not known
     */
    Optional<Budget> of(TracePlan plan, List<Priced> parts, Consumer<String> notices) {
        if (share == null) {
            return Optional.empty();
        }
        Optional<Prices> known = new MachinePrices(Invocation.home())
                .kept()
                .filter(prices -> parts.stream().allMatch(part -> prices.knows(part.technique)));
        if (known.isEmpty()) {
            notices.accept(
                    "what a hit costs on this machine is not known, so --max-overhead reckons with rather too much; "
                            + "tracetoll predict measures it");
        }
        List<Map<String, Toll>> tolls = parts.stream()
                .map(part -> tolls(
                        known.map(prices -> prices.of(part.technique))
                                .orElseGet(() -> Prices.OfTechnique.roughly(part.technique)),
                        part.plan))
                .toList();
        List<TracedFunction> functions = plan.request().functions();
        return Optional.of(new Budget(
                share.of(),
                functions,
                functions.stream().map(function -> dearest(function, tolls)).toList()));
    }

    /** By the names of the functions. */
    private static Map<String, Toll> tolls(Prices.OfTechnique prices, TracePlan plan) {
        Map<String, Toll> tolls = new HashMap<>();
        prices.calls(plan)
                .forEach((function, call) -> tolls.put(
                        function, new Toll(call.entry().ns(), call.exit().ns(), prices.apartNs())));
        return tolls;
    }

    /** What hits cost where they are dearest. */
    private static Toll dearest(TracedFunction function, List<Map<String, Toll>> parts) {
        return parts.stream()
                .map(part -> part.getOrDefault(function.name(), Toll.NOTHING))
                .reduce(Toll.NOTHING, Toll::dearer);
    }
}
