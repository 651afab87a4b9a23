package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LineQueueTest {

    private static final Duration LONG = Duration.ofMinutes(2);

    /** Keeps what is written, write by write. */
    private static final class Writes extends OutputStream {
        private final List<String> writes = new ArrayList<>();

        @Override
        public void write(int value) {
            throw new AssertionError("a byte alone");
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            writes.add(new String(bytes, offset, length, StandardCharsets.US_ASCII));
        }
    }

    private static void add(LineQueue lines, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        lines.write(bytes, 0, bytes.length);
    }

    @Test
    void whatIsWrittenArrivesInOrder() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LineQueue lines = new LineQueue(out, Integer.MAX_VALUE);
        int count = 200_000;
        IntStream.range(0, count).forEach(i -> {
            add(lines, "line ");
            add(lines, i + "\n");
            while (lines.isFull() && !lines.handOver()) {
                lines.awaitRoom(LONG);
            }
        });
        lines.handOverAll();
        assertThat(lines.awaitWritten(LONG)).isTrue();
        assertThat(lines.isEmpty()).isTrue();
        assertThat(out.toString(StandardCharsets.US_ASCII))
                .isEqualTo(IntStream.range(0, count)
                        .mapToObj(i -> "line " + i + "\n")
                        .collect(Collectors.joining()));
    }

    @Test
    void eachWriteEndsWhereALineDoesAndIsNoLongerThanAsked() {
        Writes out = new Writes();
        LineQueue lines = new LineQueue(out, 100);
        String longLine = "x".repeat(250) + "\n";
        String short30 = "y".repeat(29) + "\n";
        add(lines, short30 + short30 + short30 + short30 + longLine + short30 + "begun");
        lines.flush();
        assertThat(lines.awaitWritten(LONG)).isTrue();
        assertThat(out.writes).containsExactly(short30.repeat(3), short30, longLine, short30);
        add(lines, " and ended\n");
        lines.flush();
        assertThat(lines.awaitWritten(LONG)).isTrue();
        assertThat(out.writes).last().isEqualTo("begun and ended\n");
    }

    @Test
    void aLineOfAnyLengthIsWrittenWhole() {
        Writes out = new Writes();
        LineQueue lines = new LineQueue(out, Integer.MAX_VALUE);
        String part = "z".repeat(LineQueue.CHUNK_BYTES - 1);
        for (int i = 0; i < 5; i++) {
            add(lines, part);
            assertThat(lines.handOver()).isTrue();
        }
        assertThat(out.writes).isEmpty();
        add(lines, "\n");
        lines.handOverAll();
        assertThat(lines.awaitWritten(LONG)).isTrue();
        assertThat(out.writes).containsExactly(part.repeat(5) + "\n");
    }

    @Test
    void aFullQueueHasNoRoomUntilItIsRead() {
        SleepingReader reader = new SleepingReader();
        LineQueue lines = new LineQueue(reader, Integer.MAX_VALUE);
        String line = "l".repeat(999) + "\n";
        int handed = 0;
        while (handed * 1000L < 2L * LineQueue.MOST_BYTES) {
            add(lines, line);
            if (lines.isFull() && !lines.handOver()) {
                break;
            }
            handed++;
        }
        assertThat(handed * 1000L).as("its size is kept to").isBetween(LineQueue.MOST_BYTES / 2L, (long)
                LineQueue.MOST_BYTES);
        assertThat(lines.hasRoomAgain()).isFalse();
        assertThat(lines.awaitWritten(Duration.ofMillis(1))).isFalse();
        reader.wake();
        assertThat(lines.awaitWritten(LONG)).isTrue();
        assertThat(lines.hasRoomAgain()).isTrue();
        assertThat(lines.handOver()).isTrue();
        assertThat(lines.awaitWritten(LONG)).isTrue();
        assertThat(reader.read()).hasSize((handed + 1) * 1000);
    }

    @Test
    void nobodyWaitsForASleepingReaderThatWasGivenUp() {
        SleepingReader reader = new SleepingReader();
        LineQueue lines = new LineQueue(reader, Integer.MAX_VALUE);
        add(lines, "never read\n");
        lines.handOverAll();
        lines.giveUp();
        assertThat(lines.awaitWritten(Duration.ZERO)).isTrue();
        add(lines, "nor this\n");
        assertThat(lines.handOver()).isTrue();
        assertThat(lines.isEmpty()).isTrue();
        reader.wake();
    }

    @Test
    void aFailureIsKeptAndNothingWaitsAnyMore() {
        IOException full = new IOException("No space left on device");
        LineQueue lines = new LineQueue(
                new OutputStream() {
                    @Override
                    public void write(int value) throws IOException {
                        throw full;
                    }
                },
                Integer.MAX_VALUE);
        add(lines, "a line\n");
        lines.flush();
        assertThat(lines.awaitWritten(LONG)).isTrue();
        assertThat(lines.failure()).isSameAs(full);
        add(lines, "another\n");
        assertThat(lines.handOver()).isTrue();
        assertThat(lines.isEmpty()).isTrue();
    }
}
