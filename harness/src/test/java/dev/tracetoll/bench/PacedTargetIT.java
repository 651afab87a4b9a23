package dev.tracetoll.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tracetoll.burst.Load;
import dev.tracetoll.burst.Paced;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.tracing.buffer.BufferKind;
import dev.tracetoll.tracing.buffer.BufferOptions;
import dev.tracetoll.tracing.buffer.BufferOptions.Stalls;
import dev.tracetoll.tracing.ring.Arrivals;
import dev.tracetoll.tracing.ring.Draining;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@NeedsEbpf
@BesideOthers
class PacedTargetIT {

    private static final int PAGE = 4 << 10;
    private static final int LARGE = 8 << 20;
    private static final int RECORD_BYTES = 64;

    private static PacedTarget target;

    @BeforeAll
    static void launch() {
        target = new PacedTarget();
    }

    @AfterAll
    static void close() {
        target.close();
    }

    static Stream<Arguments> buffers() {
        List<Draining> drainings = List.of(
                Draining.everyRecords(1),
                Draining.everyRecords(8),
                Draining.atBytes(1),
                Draining.atBytes(2_000),
                Draining.timed(),
                Draining.adaptive());
        return Stream.of(BufferKind.RING, BufferKind.RINGBUF, BufferKind.PERF)
                .flatMap(kind -> drainings.stream().map(draining -> Arguments.of(kind, draining)));
    }

    private static BufferOptions options(BufferKind kind, int bytes, Draining draining) {
        return new BufferOptions(kind, bytes, RECORD_BYTES, draining, Stalls.NONE, false);
    }

    /** {@link PacedTarget#traced} checks that each record is seen or counted as lost. */
    @ParameterizedTest
    @MethodSource("buffers")
    void eachRecordIsSeenOrCountedAsLost(BufferKind kind, Draining draining) {
        PacedTarget.Measured page = target.traced(Load.unpaced(20_000, 64), options(kind, PAGE, draining));
        assertThat(page.use().lost()).isPositive();
        assertThat(page.use().losses()).isBetween(1L, page.use().lost());
        assertThat(page.use().longestLoss()).isBetween(1L, page.use().lost());

        PacedTarget.Measured large = target.traced(Load.steady(50_000, 2_000, 1), options(kind, LARGE, draining));
        assertThat(large.use().lost()).isZero();
        assertThat(large.use().losses()).isZero();
        assertThat(large.use().latencyNs().getTotalCount()).isEqualTo(2_000);
        if (kind == BufferKind.RING) {
            assertThat(page.use().mostUnread()).isBetween(1L, (long) PAGE);
            assertThat(large.use().mostUnread()).isBetween(1L, large.use().bytesNeeded());
        }
    }

    @Test
    void aReaderThatStallsFindsMoreUnreadAndSaysHowMuchWouldHaveBeenNeeded() {
        Load load = Load.steady(100_000, 30_000, 1);
        BufferOptions stalling = new BufferOptions(
                BufferKind.RING,
                LARGE,
                RECORD_BYTES,
                Draining.timed(),
                new Stalls(Duration.ofMillis(50), Duration.ofMillis(100)),
                true);
        int room = stalling.roomOfRecord();

        PacedTarget.Measured held = target.traced(load, stalling);
        assertThat(held.use().lost()).isZero();
        assertThat(held.use().mostUnread()).as("of 50 ms").isGreaterThan(4_900L * room);
        assertThat(held.use().latencyNs().getMaxValue())
                .isGreaterThan(Duration.ofMillis(49).toNanos());
        assertThat(held.use().longestPauseNs())
                .isGreaterThan(Duration.ofMillis(50).toNanos());

        PacedTarget.Measured lossy = target.traced(load, stalling.bytes(64 << 10));
        assertThat(lossy.use().lost()).isGreaterThan(2 * 3_000L);
        assertThat(lossy.use().losses()).as("one a stall, or some more").isLessThan(300);
        assertThat(lossy.use().bytesNeeded()).isBetween(4_500L * room, 15_000L * room);
    }

    @Test
    void arrivalsAreAllThatCame() {
        BufferOptions options =
                new BufferOptions(BufferKind.RING, LARGE, RECORD_BYTES, Draining.adaptive(), Stalls.NONE, true);
        Arrivals arrivals = target.traced(Load.bursts(20_000, 1_000, 10_000, 1), options)
                .arrivals()
                .orElseThrow();

        int room = options.roomOfRecord();
        assertThat(arrivals.total()).isEqualTo(10_000L * room);
        assertThat(arrivals.most(arrivals.bins())).isEqualTo(arrivals.total());
        assertThat(arrivals.most((int) (Duration.ofMillis(25).toNanos() / Arrivals.BIN_NS)))
                .as("a burst of a thousand within 25 ms, where they come every 50 ms")
                .isBetween(999L * room, 2_000L * room);
    }

    @Test
    void callsKeepToTheirScheduleWhoeverReads() {
        Load load = Load.poisson(20_000, 10_000, 1, 7);
        Paced alone = target.untraced(load);
        Paced traced = target.traced(load, options(BufferKind.RINGBUF, PAGE, Draining.everyRecords(1)))
                .paced();

        assertThat(alone.rate()).isCloseTo(20_000, within(2_000.0));
        assertThat(traced.rate()).isCloseTo(20_000, within(2_000.0));
        assertThat(traced.nsACall()).isGreaterThan(alone.nsACall());
    }
}
