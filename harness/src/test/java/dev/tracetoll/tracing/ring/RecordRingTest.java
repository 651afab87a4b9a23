package dev.tracetoll.tracing.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The consumer against producers that are played here, as the BPF programs do it. */
class RecordRingTest {

    private static final int BYTES = 4096;

    private final ByteBuffer memory =
            ByteBuffer.allocateDirect(RecordRing.elementBytes(BYTES)).order(ByteOrder.nativeOrder());
    private final RecordRing ring = new RecordRing(memory, BYTES);
    private final List<String> read = new ArrayList<>();

    private int drain() {
        return ring.drain((data, offset, length) -> read.add(data.getLong(offset) + ":" + length));
    }

    /** Takes room for a record; its place. */
    private int reserve(int length) {
        long at = memory.getLong(RecordRing.PRODUCED);
        memory.putLong(RecordRing.PRODUCED, at + RecordRing.LENGTH_BYTES + (length + 7 & -8));
        return RecordRing.HEAD_BYTES + (int) (at & BYTES - 1);
    }

    private void write(int place, int length, long content) {
        memory.putLong(place + RecordRing.LENGTH_BYTES, content);
        memory.putLong(place, length);
    }

    @Test
    void recordsComeInOrderUpToTheFirstThatIsNotWhole() {
        int first = reserve(24);
        int second = reserve(13);
        int third = reserve(8);
        write(first, 24, 1);
        write(third, 8, 3);
        assertThat(drain()).isEqualTo(1);
        write(second, 13, 2);
        assertThat(drain()).isEqualTo(2);
        assertThat(read).containsExactly("1:24", "2:13", "3:8");
        assertThat(ring.consumerPosition()).isEqualTo(ring.producerPosition()).isEqualTo(32 + 24 + 16);
    }

    @Test
    void roundAndRoundNothingOldIsTakenForNew() {
        long content = 0;
        for (int i = 0; i < 10_000; i++) {
            int length = 8 + i * 7 % 300;
            int place = reserve(length);
            assertThat(drain()).as("an unfinished record").isZero();
            for (int at = 8; at + 8 <= length; at += 8) {
                memory.putLong(place + RecordRing.LENGTH_BYTES + at, -1);
            }
            write(place, length, ++content);
            assertThat(drain()).isEqualTo(1);
            assertThat(read).containsExactly(content + ":" + length);
            read.clear();
        }
        for (int at = RecordRing.HEAD_BYTES; at < memory.capacity(); at++) {
            assertThat(memory.get(at)).as("byte %d is cleared", at).isZero();
        }
    }
}
