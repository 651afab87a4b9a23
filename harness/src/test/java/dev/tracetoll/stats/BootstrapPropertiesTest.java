package dev.tracetoll.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** What holds of an interval whatever the bursts are. */
class BootstrapPropertiesTest {

    private static final int RESAMPLES = 100;
    private static final int TRIES = 200;

    @Provide
    Arbitrary<Bursts> bursts() {
        return Arbitraries.longs()
                .between(1, 1_000_000_000)
                .list()
                .ofMinSize(1)
                .ofMaxSize(12)
                .list()
                .ofMinSize(1)
                .ofMaxSize(8)
                .map(Bursts::of);
    }

    private static Bursts each(Bursts bursts, long factor, long summand) {
        return MappedBursts.of(bursts, ns -> factor * ns + summand);
    }

    private static HierarchicalBootstrap bootstrap(long seed) {
        return new HierarchicalBootstrap(seed, RESAMPLES, 0.95);
    }

    private static void assertEqual(Interval is, double low, double median, double high) {
        assertThat(is.low()).isCloseTo(low, within(1e-9 * Math.abs(low)));
        assertThat(is.median()).isCloseTo(median, within(1e-9 * Math.abs(median)));
        assertThat(is.high()).isCloseTo(high, within(1e-9 * Math.abs(high)));
    }

    @Property(tries = TRIES)
    void aMedianLiesAmongItsBursts(
            @ForAll("bursts") Bursts bursts, @ForAll long seed, @ForAll @DoubleRange(min = 0.01, max = 0.99) double p) {
        Interval interval = bootstrap(seed).of(p).median(bursts);

        assertThat(interval.low())
                .isGreaterThanOrEqualTo((double) bursts.all().min().orElseThrow())
                .isLessThanOrEqualTo(interval.high());
        assertThat(interval.high())
                .isLessThanOrEqualTo((double) bursts.all().max().orElseThrow());
        assertThat(interval.median()).isEqualTo(bursts.quantileNs(p));
    }

    @Property(tries = TRIES)
    void anotherUnitOrAnotherZeroChangesNothingElse(
            @ForAll("bursts") Bursts bursts,
            @ForAll long seed,
            @ForAll @LongRange(min = 1, max = 1_000) long factor,
            @ForAll @LongRange(min = 0, max = 1_000_000) long summand) {
        Interval of = bootstrap(seed).median(bursts);

        assertEqual(
                bootstrap(seed).median(each(bursts, factor, summand)),
                factor * of.low() + summand,
                factor * of.median() + summand,
                factor * of.high() + summand);
    }

    @Property(tries = TRIES)
    void aRatioHasNoUnitAndADifferenceNoZero(
            @ForAll("bursts") Bursts bursts, @ForAll long seed, @ForAll @LongRange(min = 2, max = 1_000) long factor) {
        Bursts against = each(bursts, 1, 77);
        Interval ratio = bootstrap(seed).ratio(bursts, against);
        Interval difference = bootstrap(seed).difference(bursts, against);

        assertEqual(
                bootstrap(seed).ratio(each(bursts, factor, 0), each(against, factor, 0)),
                ratio.low(),
                ratio.median(),
                ratio.high());
        assertEqual(
                bootstrap(seed).difference(each(bursts, 1, factor), each(against, 1, factor)),
                difference.low(),
                difference.median(),
                difference.high());
    }

    @Property(tries = TRIES)
    void moreConfidenceIsNoNarrower(
            @ForAll("bursts") Bursts bursts,
            @ForAll long seed,
            @ForAll @DoubleRange(min = 0.1, max = 0.9) double confidence) {
        Interval narrow = new HierarchicalBootstrap(seed, RESAMPLES, confidence).median(bursts);
        Interval wide = new HierarchicalBootstrap(seed, RESAMPLES, (1 + confidence) / 2).median(bursts);

        assertThat(wide.low()).isLessThanOrEqualTo(narrow.low());
        assertThat(wide.high()).isGreaterThanOrEqualTo(narrow.high());
    }

    /** What equal bursts are made of leaves nothing to chance. */
    @Property(tries = TRIES)
    void equalBurstsLeaveNothingToChance(
            @ForAll @LongRange(min = 1, max = 1L << 50) long ns,
            @ForAll @IntRange(min = 1, max = 9) int rounds,
            @ForAll @IntRange(min = 1, max = 9) int bursts) {
        Bursts equal = Bursts.joined(IntStream.range(0, rounds)
                .mapToObj(round -> Bursts.inOneRound(IntStream.range(0, bursts)
                        .mapToObj(each -> Bursts.ofRound(ns))
                        .toList()))
                .toList());

        assertThat(bootstrap(1).median(equal)).isEqualTo(new Interval((double) ns, (double) ns, (double) ns));
        assertThat(bootstrap(1).estimate(List.of(equal, equal), medians -> medians[1] - medians[0]))
                .isEqualTo(new Interval(0, 0, 0));
    }
}
