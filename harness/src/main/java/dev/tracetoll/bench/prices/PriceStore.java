package dev.tracetoll.bench.prices;

import dev.tracetoll.problem.BadInput;
import dev.tracetoll.results.ResultStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Keeps prices among the results: {@code <directory>/<time>-prices/prices.json}. */
public final class PriceStore {

    private static final String LABEL = "prices";

    private final Path directory;

    /** @param directory where results are kept */
    public PriceStore(Path directory) {
        this.directory = directory;
    }

    /**
     * Saves prices.
     *
     * @return the file
     * @throws dev.tracetoll.problem.OperationFailed if it cannot be written; nothing stays behind then
     */
    public Path save(Prices prices) {
        return new ResultStore(directory)
                .save(prices.started(), LABEL, Map.of(Prices.FILE, prices))
                .resolve(Prices.FILE);
    }

    /** The newest prices of an environment; empty if there are none. What is damaged is none. */
    public Optional<Prices> newest(String fingerprint) {
        if (!Files.isDirectory(directory)) {
            return Optional.empty();
        }
        try (Stream<Path> runs = Files.list(directory)) {
            return runs.map(run -> run.resolve(Prices.FILE))
                    .filter(Files::isRegularFile)
                    .flatMap(file -> read(file).stream())
                    .filter(prices -> prices.fingerprint().equals(fingerprint))
                    .max(Comparator.comparing(Prices::started));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<Prices> read(Path file) {
        try {
            return Optional.of(ResultStore.load(file, Prices.class, Prices.SCHEMA_VERSION));
        } catch (BadInput e) {
            return Optional.empty();
        }
    }
}
