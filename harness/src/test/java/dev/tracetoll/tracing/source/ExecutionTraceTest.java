package dev.tracetoll.tracing.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.problem.OperationFailed;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExecutionTraceTest {

    /** A batch of generation 1, thread 7, time 300, of that many bytes. */
    private static final String BATCH = "01" + "01" + "07" + "ac02";

    private static final String EVENTS = BATCH
            + "12"
            // A P starts; its sequence number takes two bytes.
            + "0a" + "05" + "00" + "8102"
            // A region begins and ends: time, task, name, stack.
            + "2a" + "01" + "00" + "03" + "04"
            + "2b" + "8001" + "00" + "03"
            + "04"
            // The P stops.
            + "0b" + "05";
    /** A string that would begin a region, if it were an event. */
    private static final String STRINGS = BATCH + "05" + "04" + "05" + "01" + "01" + "2a";

    private final ExecutionTrace trace = new ExecutionTrace();

    private static byte[] header(int version) {
        return ("go 1." + version + " trace\0\0\0").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] traces() {
        String header = HexFormat.of().formatHex(header(22));
        // The end of a generation is a byte of its own; the second trace begins where the first ends.
        return HexFormat.of()
                .parseHex(header + STRINGS + EVENTS + "34" + EVENTS
                        + HexFormat.of().formatHex(header(26)) + EVENTS);
    }

    /** As if so many bytes had been read at a time. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 17, 1_000})
    void regionsAreCountedHoweverTheyAreRead(int step) {
        byte[] bytes = traces();
        int from = 0;
        for (int to = Math.min(step, bytes.length); ; to = Math.min(to + step, bytes.length)) {
            for (int length = -1; from < to && length != 0; ) {
                length = trace.take(bytes, from, to);
                from += length;
            }
            if (to == bytes.length) {
                break;
            }
        }
        assertThat(from).isEqualTo(bytes.length);
        assertThat(trace.calls()).isEqualTo(3);
        assertThat(trace.returns()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"21, a trace of Go 1.21", "27, a trace of Go 1.27"})
    void aTraceOfAnotherFormatIsRefused(int version, String message) {
        byte[] bytes = header(version);
        assertThatThrownBy(() -> trace.take(bytes, 0, bytes.length))
                .isInstanceOf(OperationFailed.class)
                .hasMessageContaining(message);
    }

    @Test
    void whatIsNoTraceIsRefused() {
        byte[] bytes = "go and see a text".getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> trace.take(bytes, 0, bytes.length)).hasMessageContaining("instead of a header");
        assertThatThrownBy(() -> trace.take(new byte[] {2}, 0, 1)).hasMessageContaining("a batch of type 2");
    }

    @Test
    void anEventThatNobodyKnowsIsRefused() {
        byte[] bytes = HexFormat.of().parseHex(BATCH + "03" + "0b" + "01" + "35");
        assertThatThrownBy(() -> trace.take(bytes, 0, bytes.length)).hasMessageContaining("an event of type 53");
    }
}
