package dev.tracetoll.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.problem.BadInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishedTest {

    private static final byte[] JMH = "[]".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path results;

    private Published published;
    private String fingerprint;
    private Path ofEnvironment;

    @BeforeEach
    void open() {
        published = new Published(results);
        fingerprint = SampleRuns.environment().fingerprint();
        ofEnvironment = results.resolve("published").resolve(fingerprint);
    }

    /** Says of no run why it is not fit. */
    private static Optional<String> isFit(Run run) {
        return Optional.empty();
    }

    private Path save(Run run, byte[] jmh) {
        return new ResultStore(results).save(run, "bench", jmh == null ? Map.of() : Map.of(ResultStore.JMH_FILE, jmh));
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.map(child -> child.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void adoptsARunWithItsFilesByteByByte() throws IOException {
        Path run = save(SampleRuns.headline(), JMH);

        Path baseline = published.adopt(run, PublishedTest::isFit);

        assertThat(baseline).isEqualTo(ofEnvironment.resolve("baseline").resolve("results.json"));
        assertThat(published.baseline(fingerprint)).contains(baseline);
        assertThat(published.fingerprints()).containsExactly(fingerprint);
        assertThat(baseline).hasSameBinaryContentAs(run.resolve("results.json"));
        assertThat(baseline.resolveSibling("jmh.json")).hasBinaryContent(JMH);
        assertThat(names(ofEnvironment)).containsExactly("baseline");
    }

    @Test
    void theNewBaselineReplacesTheOldOneWhole() throws IOException {
        published.adopt(save(SampleRuns.headline(), JMH), PublishedTest::isFit);
        Path unfit = save(SampleRuns.headline(), null);
        Files.createDirectory(ofEnvironment.resolve("baseline").resolve("notes"));

        assertThatThrownBy(() -> published.adopt(unfit, run -> Optional.of("it is unfit")))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining(unfit.toString())
                .hasMessageContaining("it is unfit");
        assertThat(names(ofEnvironment.resolve("baseline"))).containsExactly("jmh.json", "notes", "results.json");

        Path withoutJmh = save(SampleRuns.headline(), null);
        published.adopt(withoutJmh.resolve("results.json"), PublishedTest::isFit);
        assertThat(names(ofEnvironment.resolve("baseline"))).containsExactly("results.json");
        assertThat(names(ofEnvironment)).containsExactly("baseline");
    }

    @Test
    void whoeverLooksSeesABaselineAtAnyMoment() throws Exception {
        Path run = save(SampleRuns.headline(), JMH);
        published.adopt(run, PublishedTest::isFit);
        AtomicBoolean adopting = new AtomicBoolean(true);
        ExecutorService looking = Executors.newSingleThreadExecutor();
        try {
            Future<Boolean> always = looking.submit(() -> {
                boolean there = true;
                while (adopting.get()) {
                    there &= Files.isDirectory(ofEnvironment.resolve("baseline"));
                }
                return there;
            });
            for (int i = 0; i < 50; i++) {
                published.adopt(run, PublishedTest::isFit);
            }
            adopting.set(false);
            assertThat(always.get()).isTrue();
        } finally {
            looking.shutdownNow();
        }
    }

    @Test
    void withoutBaselinesThereAreNone() throws IOException {
        assertThat(published.baseline(fingerprint)).isEmpty();
        assertThat(published.fingerprints()).isEmpty();

        Files.createDirectories(ofEnvironment.resolve("2026-11-22T20-42-05Z-bench"));
        Files.createDirectories(results.resolve("published").resolve("notes").resolve("baseline"));
        assertThat(published.baseline(fingerprint)).isEmpty();
        assertThat(published.fingerprints()).isEmpty();
    }
}
