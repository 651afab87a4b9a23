package dev.tracetoll.experiment;

import dev.tracetoll.bench.Stopping;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What somebody asks of {@code tracetoll bench}.
 *
 * @param extent the option that chose the experiment, as {@code --quick}; empty if none did
 * @param techniques names of those to measure; empty if nobody chose
 * @param peers whether other tools are measured too
 * @param targets names or paths; empty if nobody chose
 * @param calls calls in a burst; empty if nobody chose
 * @param rounds how many; empty if nobody chose
 * @param budget how long it may take; empty if nobody chose
 * @param seed of the order of techniques and of the bootstrap
 * @param own what was given of the experiments' {@linkplain BenchExperiment#options() own options}, by their names, and what they have by default
 */
public record BenchRequest(
        Optional<String> extent,
        List<String> techniques,
        boolean peers,
        List<String> targets,
        List<Integer> calls,
        OptionalInt rounds,
        Optional<Duration> budget,
        long seed,
        Map<String, List<String>> own) {

    /** Calls in a burst unless told otherwise. Of a function of about 100 ns: an untraced burst of about 20 µs, as in the talk that started it. */
    public static final int DEFAULT_CALLS = 200;

    public BenchRequest {
        techniques = List.copyOf(techniques);
        targets = List.copyOf(targets);
        calls = List.copyOf(calls);
        own = Map.copyOf(own);
    }

    /** Whether an extent was chosen. */
    public boolean chose(Extent which) {
        return extent.filter(which.option()::equals).isPresent();
    }

    /** The values of an own option; empty if it has none. */
    public List<String> all(OwnOption option) {
        return own.getOrDefault(option.name(), List.of());
    }

    /** The value of an own option that is not repeatable; empty if it has none. */
    public Optional<String> one(OwnOption option) {
        return all(option).stream().findFirst();
    }

    /** As many rounds as asked for, or else a number of them, but no more than fit into the budget. */
    public Stopping rounds(int otherwise) {
        int most = rounds.orElse(otherwise);
        return budget.map(each -> Stopping.rounds(most, each)).orElseGet(() -> Stopping.rounds(most));
    }
}
