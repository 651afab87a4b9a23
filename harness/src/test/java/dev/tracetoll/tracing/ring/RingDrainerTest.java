package dev.tracetoll.tracing.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.linux.bpf.Ring;
import dev.tracetoll.linux.file.Deadline;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RingDrainerTest {

    private static final int RECORD_BYTES = 64;

    /** A ring of which only positions matter. */
    private static final class Positions implements Ring {

        private final AtomicLong produced = new AtomicLong();
        private final AtomicLong consumed = new AtomicLong();
        private final AtomicLong looks = new AtomicLong();

        @Override
        public int bytes() {
            return 1 << 20;
        }

        @Override
        public long producerPosition() {
            return produced.get();
        }

        @Override
        public long consumerPosition() {
            return consumed.get();
        }

        @Override
        public int drain(RecordHandler handler) {
            looks.incrementAndGet();
            return (int) ((produced.get() - consumed.getAndSet(produced.get())) / RECORD_BYTES);
        }
    }

    private final Positions ring = new Positions();
    private final RingDrainer drainer = new RingDrainer(
            ring, (int) ProcessHandle.current().pid(), () -> ring.drain(null), Optional.empty(), RECORD_BYTES);

    @AfterEach
    void close() {
        drainer.close(() -> {}, why -> {}, () -> {});
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        Deadline deadline = Deadline.in(Duration.ofMinutes(1));
        while (!condition.getAsBoolean()) {
            assertThat(deadline.isOver()).as(what).isFalse();
            Thread.sleep(1);
        }
    }

    @Test
    void deliversWhatIsThere() {
        ring.produced.addAndGet(10 * RECORD_BYTES);

        drainer.settle();

        assertThat(ring.consumed.get()).isEqualTo(10 * RECORD_BYTES);
    }

    @Test
    void looksForNothingWhileItRestsAndGoesOnAfterwards() throws InterruptedException {
        drainer.rest();
        long[] before = {ring.looks.get()};
        await("it has stopped to look", () -> {
            long looks = ring.looks.get();
            boolean same = looks == before[0];
            before[0] = looks;
            return same && isParked();
        });
        long atRest = ring.looks.get();
        Thread.sleep(50);
        assertThat(ring.looks.get())
                .as("looks in 50 ms, where it looks each 8 ms otherwise")
                .isEqualTo(atRest);

        drainer.resume();
        ring.produced.addAndGet(RECORD_BYTES);
        drainer.settle();

        assertThat(ring.looks.get()).isGreaterThan(atRest);
        assertThat(ring.consumed.get()).isEqualTo(RECORD_BYTES);
    }

    /** It waits without a limit. */
    private static boolean isParked() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("tracetoll-ebpf-"))
                .allMatch(thread -> thread.getState() == Thread.State.WAITING);
    }
}
