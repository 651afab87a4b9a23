package dev.tracetoll.cli;

import dev.tracetoll.bench.prices.PriceMeasurement;
import dev.tracetoll.bench.prices.PriceStore;
import dev.tracetoll.bench.prices.Prices;
import dev.tracetoll.environment.Environment;
import dev.tracetoll.environment.EnvironmentProbe;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The prices of this machine: kept in {@code results/}, or measured. */
final class MachinePrices {

    private final PriceStore store;
    private final String fingerprint =
            new EnvironmentProbe().read(Environment.UNKNOWN, Map.of()).fingerprint();

    /** @param home where {@code results/} is */
    MachinePrices(Path home) {
        store = new PriceStore(home.resolve("results"));
    }

    /** Those that are kept. */
    Optional<Prices> kept() {
        return store.newest(fingerprint);
    }

    /**
     * Measures them, and keeps them.
     *
     * @throws dev.tracetoll.problem.Problem if they cannot be measured
     */
    Prices measure(long seed, ProgressLine line) {
        System.err.println("tracetoll: measuring what a call costs on this machine under each technique");
        try {
            Prices prices = PriceMeasurement.measure(fingerprint, seed, line::ofRun);
            store.save(prices);
            return prices;
        } finally {
            line.clear();
        }
    }
}
