package dev.tracetoll.tracing.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.linux.bpf.Ring;
import dev.tracetoll.linux.file.Deadline;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.tracing.record.EventAssembler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RingDrainerTest {

    private static final int RECORD_BYTES = 64;
    private static final int PID = (int) ProcessHandle.current().pid();

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
    private final RingDrainer drainer =
            new RingDrainer(ring, PID, () -> ring.drain(null), Draining.adaptive(), Optional.empty(), RECORD_BYTES);

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

    @Test
    void whatIsWrittenWhileProbesAreDetachedIsDelivered() {
        List<String> told = new ArrayList<>();
        drainer.close(
                () -> {
                    ring.produced.addAndGet(RECORD_BYTES);
                    told.add("detached");
                },
                why -> told.add(why + " at " + ring.consumed.get()),
                () -> told.add("released"));

        assertThat(told).containsExactly("detached", EventAssembler.DETACHED + " at " + RECORD_BYTES, "released");
    }

    @Test
    void aSecondCloseDoesNothing() {
        drainer.close(() -> {}, why -> {}, () -> {});
        drainer.close(
                () -> {
                    throw new AssertionError();
                },
                why -> {
                    throw new AssertionError();
                },
                () -> {
                    throw new AssertionError();
                });
    }

    @Test
    void callsOfAProcessThatIsNoMoreEndWithIt() throws Exception {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        RingDrainer of = new RingDrainer(
                new Positions(), (int) process.pid(), () -> 0, Draining.adaptive(), Optional.empty(), RECORD_BYTES);
        List<String> told = new ArrayList<>();
        of.close(() -> {}, told::add, () -> {});

        assertThat(told).containsExactly(EventAssembler.EXIT);
    }

    /** What becomes of a process counts up to when it is detached from, not later. */
    @Test
    void callsOfAProcessThatEndsOnceItIsDetachedFromAreDetached() throws Exception {
        Process process = new ProcessBuilder("cat").start();
        RingDrainer of = new RingDrainer(
                new Positions(), (int) process.pid(), () -> 0, Draining.adaptive(), Optional.empty(), RECORD_BYTES);
        of.detach(() -> {});
        process.destroy();
        process.waitFor();
        List<String> told = new ArrayList<>();
        of.close(() -> told.add("detached again"), told::add, () -> {});

        assertThat(told).containsExactly("detached again", EventAssembler.DETACHED);
    }

    @Test
    void whatFailsWhileDrainingIsToldByAllThatFollows() throws InterruptedException {
        IllegalStateException broken = new IllegalStateException("the sink is broken");
        AtomicBoolean failed = new AtomicBoolean();
        Positions positions = new Positions();
        RingDrainer failing = new RingDrainer(
                positions,
                PID,
                () -> {
                    failed.set(true);
                    throw broken;
                },
                Draining.adaptive(),
                Optional.empty(),
                RECORD_BYTES);
        await("it has drained", failed::get);
        positions.produced.addAndGet(RECORD_BYTES);

        assertThatThrownBy(failing::settle)
                .isInstanceOf(OperationFailed.class)
                .hasMessageContaining("the sink is broken")
                .hasCause(broken);
        List<String> told = new ArrayList<>();
        assertThatThrownBy(() -> failing.close(() -> told.add("detached"), told::add, () -> told.add("released")))
                .isInstanceOf(OperationFailed.class);
        assertThat(told).as("calls that are open are nobody's guess").containsExactly("detached", "released");
    }

    @Test
    void whoIsInterruptedWhileItWaitsForTheEndStaysInterrupted() {
        Thread.currentThread().interrupt();
        List<String> told = new ArrayList<>();
        drainer.close(() -> {}, told::add, () -> {});

        assertThat(Thread.interrupted()).isTrue();
        assertThat(told).containsExactly(EventAssembler.DETACHED);
    }

    /** It waits without a limit. */
    private static boolean isParked() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("tracetoll-ebpf-"))
                .allMatch(thread -> thread.getState() == Thread.State.WAITING);
    }
}
