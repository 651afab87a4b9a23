package dev.tracetoll.tracing.inline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Rings that begin anew whenever they are found empty are read in order, whatever of them has been read by then. */
class ProcessorRingsTest {

    private static final int RING_BYTES = 4096;
    private static final RingLayout LAYOUT = new RingLayout(0, 2, RING_BYTES, 0);
    private static final int RINGS = LAYOUT.processors() + 1;
    private static final int STEPS = 20_000;
    /** Of what follows the head. */
    private static final int MOST_BYTES = 200;

    private final ByteBuffer memory =
            ByteBuffer.allocateDirect((int) LAYOUT.size()).order(ByteOrder.nativeOrder());
    private final ProcessorRings rings = new ProcessorRings(memory, LAYOUT, new CounterClock());
    private long time;
    private int furthest;

    /** As the code in the process does it; says whether there was room. */
    private boolean write(int ring, int bytes) {
        int base = ring * LAYOUT.stride();
        long produced = memory.getLong(base + RingLayout.PRODUCED);
        long unread = produced - memory.getLong(base + RingLayout.CONSUMED);
        int length = Long.BYTES + Layout.HEAD_BYTES + bytes;
        if (unread > RING_BYTES - length) {
            return false;
        }
        if (unread == 0) {
            memory.putLong(base + RingLayout.BEGUN, produced);
        }
        int offset = (int) (produced - memory.getLong(base + RingLayout.BEGUN)) & RING_BYTES - 1;
        furthest = Math.max(furthest, offset);
        int record = base + RingLayout.RECORDS + offset;
        memory.putLong(record, length);
        memory.putLong(record + Long.BYTES + Layout.TIMESTAMP, ++time);
        memory.putLong(base + RingLayout.PRODUCED, produced + (length + Long.BYTES - 1 & -Long.BYTES));
        return true;
    }

    private List<Long> drain() {
        List<Long> times = new ArrayList<>();
        rings.drainAll((data, offset, length) -> times.add(data.getLong(offset + Layout.TIMESTAMP)));
        return times;
    }

    @Test
    void recordsOfAllRingsComeInTheirOrder() {
        Random random = new Random(3);
        long read = 0;
        for (int step = 0; step < STEPS; step++) {
            if (random.nextInt(8) > 0) {
                write(random.nextInt(RINGS), random.nextInt(MOST_BYTES / Long.BYTES) * Long.BYTES);
                continue;
            }
            for (long each : drain()) {
                assertThat(each).isEqualTo(++read);
            }
            assertThat(read).isEqualTo(time);
        }
        assertThat(read).isPositive();
    }

    @Test
    void whatIsReadSoonTakesLittleOfTheRing() {
        for (int step = 0; step < STEPS; step++) {
            assertThat(write(0, MOST_BYTES)).isTrue();
            assertThat(write(0, MOST_BYTES)).isTrue();
            assertThat(drain()).containsExactly(time - 1, time);
        }
        assertThat(furthest).isLessThan(2 * MOST_BYTES);
    }

    @Test
    void aRingThatIsFullIsReadToItsEnd() {
        for (int round = 0; round < 10; round++) {
            long before = time;
            while (write(1, MOST_BYTES)) {}
            assertThat(drain()).hasSize((int) (time - before)).last().isEqualTo(time);
        }
    }
}
