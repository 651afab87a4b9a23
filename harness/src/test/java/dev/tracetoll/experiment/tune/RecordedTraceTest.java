package dev.tracetoll.experiment.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tracetoll.problem.BadInput;
import dev.tracetoll.tracing.ring.Arrivals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordedTraceTest {

    @TempDir
    private Path directory;

    private Path file(String... lines) throws IOException {
        return Files.writeString(directory.resolve("trace.json"), String.join("\n", lines) + "\n");
    }

    private static String call(long timestampNs) {
        return "{\"event\":\"call\",\"id\":1,\"function\":\"main.f\",\"arguments\":[{\"timestampNs\":3}],\"timestampNs\":"
                + timestampNs + "}";
    }

    @Test
    void callsAndReturnsAreWhatComes() throws IOException {
        long second = 1_000_000_000L;
        RecordedTrace trace = RecordedTrace.read(
                file(
                        call(5 * second),
                        call(5 * second - 20_000),
                        "{\"event\":\"noReturn\",\"id\":2,\"function\":\"main.f\",\"goroutine\":9,\"why\":\"panic\"}",
                        call(6 * second),
                        call(6 * second + 1),
                        "{\"event\":\"summary\",\"calls\":4}"),
                72);

        assertThat(trace.events()).isEqualTo(4);
        assertThat(trace.ns()).isEqualTo(second + 20_001);
        assertThat(trace.rate()).isCloseTo(4, within(0.01));
        assertThat(trace.arrivals().total()).isEqualTo(4 * 72);
        assertThat(trace.arrivals().most(2)).isEqualTo(2 * 72);
        assertThat(trace.arrivals().most((int) (second / Arrivals.BIN_NS) + 3)).isEqualTo(4 * 72);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"event\":\"summary\",\"calls\":0}", "main.f(1)", "[1]", "{\"timestampNs\":\"x\"}", ""})
    void whatIsNoTraceIsRefused(String line) throws IOException {
        Path file = file(line);
        assertThatThrownBy(() -> RecordedTrace.read(file, 72))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void aTraceThatIsTooLongOrNotThereIsRefused() throws IOException {
        Path file = file(call(1_000_000_000L), call(1_000_000_000_000L));
        assertThatThrownBy(() -> RecordedTrace.read(file, 72))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("longer than 10 minutes at line 2");
        assertThatThrownBy(() -> RecordedTrace.read(directory.resolve("none"), 72))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("none");
    }
}
