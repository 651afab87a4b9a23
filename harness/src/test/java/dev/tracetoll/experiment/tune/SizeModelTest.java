package dev.tracetoll.experiment.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tracetoll.burst.Load;
import dev.tracetoll.stats.Extremes;
import dev.tracetoll.tracing.buffer.BufferKind;
import dev.tracetoll.tracing.buffer.BufferOptions.Stalls;
import dev.tracetoll.tracing.ring.Arrivals;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SizeModelTest {

    private static final int RECORD_BYTES = 56;
    private static final int ROOM = 64;
    private static final Policy EVERY_MS = new Policy(BufferKind.RING, Policy.When.TIMED, 1_000);
    private static final Policy EACH = new Policy(BufferKind.RING, Policy.When.EACH, 1);
    private static final Policy QUARTER = new Policy(BufferKind.RING, Policy.When.SHARE, 4);

    /** A reader that takes 16 ns for a record, 4 bytes a nanosecond, and is always late by the same. */
    private static ReaderFit reader(double lateNs) {
        double[] late = new double[50];
        Arrays.fill(late, lateNs);
        return new ReaderFit(16, Extremes.of(late));
    }

    private static Setting setting(Stalls stalls) {
        return new Setting(Load.steady(100_000, 100_000, 1), RECORD_BYTES, stalls);
    }

    private static Arrivals steady(long bytesOfABin, int bins) {
        long[] bytes = new long[bins];
        Arrays.fill(bytes, bytesOfABin);
        return Arrivals.of(bytes);
    }

    private static SizeModel model(Setting setting, Policy policy, double lateNs, Arrivals arrivals) {
        return new SizeModel(setting, policy, reader(lateNs), ArrivalCurve.of(arrivals), 0);
    }

    @Test
    void whatComesWhileNobodyReadsHasToBeHeld() {
        SizeModel model = model(setting(Stalls.NONE), EVERY_MS, 200_000, steady(640, 1_000));

        // 1.2 ms at 640 bytes each 65.5 us, and what is up to a bin more.
        double held = 640 * 1.2e6 / Arrivals.BIN_NS;
        assertThat(model.latencyNs(1 << 20)).isCloseTo(1.2e6, within(1.0));
        assertThat(model.neededBytes(1 << 20)).isBetween(held, 1.03 * held + 2 * 640);
        assertThat(model.size(1)).hasValue(16 << 10);
        assertThat(model.size(4)).hasValue(64 << 10);
    }

    @Test
    void whatIsToHoldForLongerNeedsMore() {
        double[] late = new Random(5).doubles(200, 50_000, 400_000).toArray();
        ReaderFit reader = new ReaderFit(16, Extremes.of(late));
        ArrivalCurve arrivals = ArrivalCurve.of(steady(6_400, 1_000));
        Setting setting = setting(Stalls.NONE);

        SizeModel brief = new SizeModel(setting, EVERY_MS, reader, arrivals, 0);
        SizeModel hour = new SizeModel(setting, EVERY_MS, reader, arrivals, (double)
                Duration.ofHours(1).toNanos());

        assertThat(hour.latenessNs()).isGreaterThan(brief.latenessNs());
        assertThat(hour.neededBytes(1 << 20)).isGreaterThan(brief.neededBytes(1 << 20));
    }

    @Test
    void aBurstHasToBeHeldButForWhatIsReadMeanwhile() {
        long[] bytes = new long[2_000];
        Arrays.fill(bytes, 500, 700, 100_000);
        SizeModel model = model(setting(Stalls.NONE), EACH, 0, Arrivals.of(bytes));

        // The reader takes away 4 * 65536 bytes each bin, more than comes.
        assertThat(model.neededBytes(1 << 20)).isBetween(100_000.0, 200_000.0);
        Arrays.fill(bytes, 500, 700, 500_000);
        double left = 200 * (500_000 - 4.0 * Arrivals.BIN_NS);
        assertThat(model(setting(Stalls.NONE), EACH, 0, Arrivals.of(bytes)).neededBytes(1 << 20))
                .isBetween(left, 1.03 * left + 500_000);
    }

    @Test
    void aStallIsALongerWait() {
        Stalls stalls = new Stalls(Duration.ofMillis(50), Duration.ofMillis(200));
        SizeModel model = model(setting(stalls), EVERY_MS, 0, steady(640, 10_000));

        double held = 640 * 51e6 / Arrivals.BIN_NS;
        assertThat(model.neededBytes(1 << 20)).isBetween(held, 1.03 * held + 2 * 640);
    }

    @Test
    void whereTheReaderIsTooSlowNoSizeIsEnough() {
        SizeModel model = model(setting(Stalls.NONE), EVERY_MS, 0, steady(500_000, 20_000));

        assertThat(model.size(1)).isEmpty();
    }

    @Test
    void aWatermarkIsHeldBesides() {
        SizeModel model = model(setting(Stalls.NONE), QUARTER, 0, steady(640, 1_000));

        assertThat(model.neededBytes(1 << 20) - model.neededBytes(1 << 18))
                .isCloseTo((1 << 18) - (1 << 16), within(1.0));
    }

    @Test
    void anAdaptiveReaderWaitsNoLongerThanItsBufferAllows() {
        Policy adaptive = Policy.ALL.get(0);
        SizeModel model = model(setting(Stalls.NONE), adaptive, 0, steady(640, 1_000));

        assertThat(model.latencyNs(1 << 16)).isCloseTo(1 << 16, within(1.0));
        assertThat(model.latencyNs(1 << 24)).isCloseTo(8e6, within(1.0));
        int size = model.size(1).orElseThrow();
        assertThat(model.neededBytes(size)).isLessThan(size);
    }

    @Test
    void theCurvesAreWhatTheSizeFollowsFrom() {
        SizeModel model = model(setting(Stalls.NONE), EVERY_MS, 0, steady(640, 1_000));

        assertThat(model.curves(1 << 20))
                .isSortedAccordingTo(java.util.Comparator.comparingDouble(SizeModel.Point::ns))
                .allSatisfy(point ->
                        assertThat(point.served()).isCloseTo(Math.max(0, (point.ns() - 1e6) * ROOM / 16), within(1.0)));
        double distance = model.curves(1 << 20).stream()
                .mapToDouble(point -> point.arrived() - point.served())
                .max()
                .orElseThrow();
        assertThat(model.neededBytes(1 << 20)).isBetween(distance, 1.03 * distance + 640);
    }
}
