package dev.tracetoll.tracing.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The consumer against producers that are played here, as the BPF programs do it. */
class RecordRingsTest {

    private static final int BYTES = 4096;

    private final List<String> read = new ArrayList<>();
    private RingLayout layout = new RingLayout(1, BYTES);
    private ByteBuffer memory;
    private RecordRings rings;
    private long nowNs = 1_000_000_000;

    @BeforeEach
    void oneRing() {
        make(1);
    }

    private void make(int count) {
        layout = new RingLayout(count, BYTES);
        memory = ByteBuffer.allocateDirect(layout.elementBytes()).order(ByteOrder.nativeOrder());
        rings = new RecordRings(memory, layout, () -> nowNs);
    }

    private int drain() {
        return rings.drain((data, offset, length) -> read.add(data.getLong(offset) + ":" + length));
    }

    /** Takes room for a record; its place. */
    private int reserve(int ring, int length) {
        int base = ring * layout.stride();
        long at = memory.getLong(base + RecordRing.PRODUCED);
        memory.putLong(base + RecordRing.PRODUCED, at + RecordRing.LENGTH_BYTES + (length + 7 & -8));
        return base + RecordRing.HEAD_BYTES + (int) (at & BYTES - 1);
    }

    private void write(int place, int length, long content, long timestampNs) {
        memory.putLong(place + RecordRing.LENGTH_BYTES, content);
        memory.putLong(place + RecordRing.LENGTH_BYTES + RecordRing.TIMESTAMP, timestampNs);
        memory.putLong(place, length);
    }

    private void write(int ring, long content, long timestampNs) {
        write(reserve(ring, 24), 24, content, timestampNs);
    }

    @Test
    void recordsComeInOrderUpToTheFirstThatIsNotWhole() {
        int first = reserve(0, 24);
        int second = reserve(0, 21);
        int third = reserve(0, 16);
        write(first, 24, 1, 10);
        write(third, 16, 3, 8);
        assertThat(drain()).isEqualTo(1);
        write(second, 21, 2, 9);
        assertThat(drain()).isEqualTo(2);
        assertThat(read).containsExactly("1:24", "2:21", "3:16");
        assertThat(rings.consumerPositions()).isEqualTo(rings.producerPositions()).containsExactly(32 + 32 + 24);
    }

    @Test
    void roundAndRoundNothingOldIsTakenForNew() {
        long content = 0;
        for (int i = 0; i < 10_000; i++) {
            int length = 16 + i * 7 % 300;
            int place = reserve(0, length);
            assertThat(drain()).as("an unfinished record").isZero();
            for (int at = 16; at + 8 <= length; at += 8) {
                memory.putLong(place + RecordRing.LENGTH_BYTES + at, -1);
            }
            write(place, length, ++content, content);
            assertThat(drain()).isEqualTo(1);
            assertThat(read).containsExactly(content + ":" + length);
            read.clear();
        }
        for (int at = RecordRing.HEAD_BYTES; at < memory.capacity(); at++) {
            assertThat(memory.get(at)).as("byte %d is cleared", at).isZero();
        }
    }

    @Test
    void theRecordsOfSeveralRingsComeByTheirTimes() {
        make(4);
        write(0, 1, 10);
        write(3, 2, 20);
        write(0, 3, 30);
        write(1, 4, 40);
        write(1, 5, 50);
        write(3, 6, 60);
        assertThat(drain()).isEqualTo(6);
        assertThat(read).containsExactly("1:24", "2:24", "3:24", "4:24", "5:24", "6:24");
        assertThat(rings.consumerPositions()).isEqualTo(rings.producerPositions()).containsExactly(64, 64, 0, 64);
    }

    @Test
    void whatWasPreemptedBeforeItReservedComesInTheOrderOfItsRing() {
        make(2);
        write(0, 1, 50);
        write(0, 2, 10);
        write(1, 3, 60);
        write(1, 4, 70);
        drain();
        assertThat(read).containsExactly("1:24", "2:24", "3:24", "4:24");
    }

    @Test
    void anUnfinishedRecordHoldsBackTheOtherRingsToo() {
        make(2);
        write(0, 1, 10);
        int unfinished = reserve(0, 24);
        write(0, 3, 30);
        write(1, 4, 40);
        assertThat(drain()).isEqualTo(1);
        write(unfinished, 24, 2, 20);
        assertThat(drain()).isEqualTo(3);
        assertThat(read).containsExactly("1:24", "2:24", "3:24", "4:24");
    }

    /** An older one may still be on its way to another ring. */
    @Test
    void whatIsYoungerThanThePassWaits() {
        make(2);
        write(0, 1, nowNs - 1_000_000);
        write(1, 2, nowNs + 1);
        assertThat(drain()).isEqualTo(1);
        write(0, 3, nowNs - 500_000);
        assertThat(drain()).isEqualTo(1);
        nowNs += 1_000_000;
        assertThat(drain()).isEqualTo(1);
        assertThat(read).containsExactly("1:24", "3:24", "2:24");
    }

    @Test
    void roomIsDividedAmongAsManyCpusAsItIsWorth() {
        assertThat(RingLayout.of(8 << 20, 2)).isEqualTo(new RingLayout(2, 4 << 20));
        assertThat(RingLayout.of(8 << 20, 3)).isEqualTo(new RingLayout(2, 4 << 20));
        assertThat(RingLayout.of(8 << 20, 192)).isEqualTo(new RingLayout(8, 1 << 20));
        assertThat(RingLayout.of(64 << 20, 192)).isEqualTo(new RingLayout(8, 8 << 20));
        assertThat(RingLayout.of(64 << 20, 1)).isEqualTo(new RingLayout(1, 64 << 20));
        assertThat(RingLayout.of(4096, 64)).isEqualTo(new RingLayout(1, 4096));
    }
}
