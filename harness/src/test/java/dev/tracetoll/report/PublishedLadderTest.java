package dev.tracetoll.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.results.Experiment;
import dev.tracetoll.results.ResultStore;
import dev.tracetoll.results.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PublishedLadderTest {

    private static final Path HOME = Path.of(System.getProperty("tracetoll.home"));

    /** The page of the documentation is what the published figures say; {@code sh docs/ladder.sh RUN} makes it again. */
    @Test
    void thePageIsMadeOfThePublishedRun() throws IOException {
        Run newest;
        try (Stream<Path> files = Files.walk(HOME.resolve("results/published"), 3)) {
            newest = files.filter(file -> file.endsWith(ResultStore.RESULTS_FILE)).map(ResultStore::load)
                    .filter(run -> run.experiment() == Experiment.LADDER).max(Comparator.comparing(Run::started)).orElseThrow();
        }

        assertThat(new LadderDocument(LadderFigures.of(newest)).markdown()).isEqualTo(Files.readString(HOME.resolve("docs/ladder.md")));
        assertThat(HOME.resolve("docs/ladder.png")).exists();
        assertThat(HOME.resolve("docs/ladder-dark.png")).exists();
    }
}
