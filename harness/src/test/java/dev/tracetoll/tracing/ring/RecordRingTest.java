package dev.tracetoll.tracing.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.linux.file.Deadline;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The consumer against producers that are played here, as the BPF programs do it. */
class RecordRingTest {

    private static final int BYTES = 4096;
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

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

    @Test
    void hitsCountWhileTheRingIsOpen() {
        assertThat(memory.getLong(RecordRing.OPEN)).isZero();
        ring.open();
        assertThat(memory.getLong(RecordRing.OPEN)).isEqualTo(1);
        ring.shut();
        assertThat(memory.getLong(RecordRing.OPEN)).isZero();
        assertThat(ring.bytes()).isEqualTo(BYTES);
    }

    @Test
    void aFullRingIsDrainedAndItsRoomGivenBackMeanwhile() {
        int records = BYTES / 32;
        for (int i = 0; i < records; i++) {
            write(reserve(24), 24, i);
        }
        List<Long> given = new ArrayList<>();
        assertThat(ring.drain((data, offset, length) -> given.add(ring.consumerPosition())))
                .isEqualTo(records);

        // In sixteenths: producers read the position at each record.
        assertThat(given.stream().distinct().toList())
                .containsExactlyElementsOf(LongStream.range(0, 16)
                        .mapToObj(part -> part * BYTES / 16)
                        .toList());
        assertThat(ring.consumerPosition()).isEqualTo(BYTES);
        assertThat(drain()).isZero();
    }

    @Test
    void whatAnotherThreadSeesAsGivenBackIsCleared() {
        write(reserve(300), 300, 1);
        write(reserve(8), 8, 2);
        ring.drain((data, offset, length) -> {
            for (int at = 0; at < ring.consumerPosition(); at += Long.BYTES) {
                assertThat(memory.getLong(RecordRing.HEAD_BYTES + at)).isZero();
            }
        });
        assertThat(ring.consumerPosition()).isEqualTo(8 + 304 + 8 + 8);
    }

    /** Records are finished in any order, at any place, and read in the order of their places. */
    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void noRecordIsLostOrReadTwice(@ForAll long seed) {
        Random random = new Random(seed);
        List<int[]> open = new ArrayList<>();
        Deque<String> expected = new ArrayDeque<>();
        List<Long> unfinished = new ArrayList<>();
        long number = 0;
        for (int step = 0; step < 200; step++) {
            int length = 8 + random.nextInt(400);
            long room = BYTES - (ring.producerPosition() - ring.consumerPosition());
            if (random.nextBoolean() && room >= RecordRing.LENGTH_BYTES + (length + 7 & -8)) {
                open.add(new int[] {reserve(length), length, (int) ++number});
                unfinished.add(number);
                expected.add(number + ":" + length);
            } else if (!open.isEmpty()) {
                int[] record = open.remove(random.nextInt(open.size()));
                write(record[0], record[1], record[2]);
                unfinished.remove((Long) (long) record[2]);
            }
            if (random.nextInt(4) == 0) {
                drain();
                for (String each : read) {
                    assertThat(each).isEqualTo(expected.remove());
                }
                read.clear();
                assertThat(
                                expected.isEmpty()
                                        ? List.of()
                                        : List.of(Long.parseLong(
                                                expected.element().split(":")[0])))
                        .isEqualTo(unfinished.stream().limit(1).toList());
            }
        }
        for (int[] record : open) {
            write(record[0], record[1], record[2]);
        }
        drain();
        assertThat(read).containsExactlyElementsOf(expected);
        read.clear();
        assertThat(ring.consumerPosition()).isEqualTo(ring.producerPosition());
    }

    /** Takes room as programs do that run on several processors; tries again while there is none. */
    private void produce(int producer, int records) {
        for (int i = 0; i < records; i++) {
            int length = 8 + (producer * 31 + i) % 200;
            int bytes = RecordRing.LENGTH_BYTES + (length + 7 & -8);
            while (true) {
                long at = (long) LONG.getVolatile(memory, RecordRing.PRODUCED);
                if (at + bytes - (long) LONG.getVolatile(memory, RecordRing.CONSUMED) <= BYTES
                        && LONG.compareAndSet(memory, RecordRing.PRODUCED, at, at + bytes)) {
                    int place = RecordRing.HEAD_BYTES + (int) (at & BYTES - 1);
                    memory.putLong(place + RecordRing.LENGTH_BYTES, (long) producer << 32 | i);
                    LONG.setRelease(memory, place, (long) length);
                    break;
                }
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void producersThatRunAtTheSameTimeDoNotDisturbEachOther() throws InterruptedException {
        int records = 1_000;
        List<Thread> producers = IntStream.range(0, 3)
                .mapToObj(producer -> new Thread(() -> produce(producer, records)))
                .toList();
        producers.forEach(Thread::start);
        int[] next = new int[producers.size()];
        Deadline deadline = Deadline.in(Duration.ofMinutes(1));
        while (IntStream.of(next).sum() < producers.size() * records) {
            assertThat(deadline.isOver()).isFalse();
            ring.drain((data, offset, length) -> {
                long content = data.getLong(offset);
                int producer = (int) (content >>> 32);
                assertThat((int) content).isEqualTo(next[producer]++);
                assertThat(length).isEqualTo(8 + (producer * 31 + (int) content) % 200);
            });
        }
        for (Thread producer : producers) {
            producer.join();
        }
        assertThat(drain()).isZero();
        assertThat(ring.consumerPosition()).isEqualTo(ring.producerPosition());
    }
}
