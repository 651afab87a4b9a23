package dev.tracetoll.bench.program;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How the program is run.
 *
 * @param load a command of the shell that drives it, as a server; empty for a program that ends by itself
 * @param ready how it shows that it is ready for the load; empty if it is at once
 * @param keep whether one process is kept for all rounds, to which tracers attach; else each run has a new one
 * @param prepare a command of the shell to be run before each run
 * @param metrics figures to look for in what is printed
 * @param warmups rounds that are run before those that count
 * @param timeout what a run may take
 * @param ignoreFailure whether a program that fails untraced is measured all the same
 */
public record RunOptions(
        Optional<String> load,
        Optional<Ready> ready,
        boolean keep,
        Optional<String> prepare,
        List<NamedMetric> metrics,
        int warmups,
        Duration timeout,
        boolean ignoreFailure) {

    public RunOptions {
        metrics = List.copyOf(metrics);
    }
}
