package dev.tracetoll.experiment.tune;

import dev.tracetoll.bench.PacedTarget;
import dev.tracetoll.burst.Load;
import dev.tracetoll.burst.Paced;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.stats.Bursts;
import dev.tracetoll.stats.Extremes;
import dev.tracetoll.stats.HierarchicalBootstrap;
import dev.tracetoll.stats.Interval;
import dev.tracetoll.stats.Quantiles;
import dev.tracetoll.tracing.buffer.BufferKind;
import dev.tracetoll.tracing.buffer.BufferUse;
import dev.tracetoll.tracing.ring.Arrivals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Measures what buffers need and cost in a setting: readers and arrivals first, from which follows how large each policy's buffer has to be; then
 * every policy at that size, interleaved, round by round; and how far it could have been smaller.
 */
public final class TuneTrials {

    /** Fewer give no interval. */
    public static final int FEWEST_ROUNDS = 3;

    private static final int MOST_ROUNDS = 15;
    /** What share of a load's rate the untraced program has to reach, and how often it may try: others may want the machine for a moment. */
    private static final double REACHED = 0.9;

    private static final int TRIES_ALONE = 3;
    /** What wakeups cost is measured if there is so much time left. */
    private static final long WAKEUPS_NS = Duration.ofSeconds(20).toNanos();
    /** How often what is advised is tried once more. */
    static final int VERIFYING_RUNS = 10;
    /** What has no size that is enough is measured with one that loses. */
    private static final int WHERE_NONE_IS_ENOUGH = 8 << 20;
    /** How much of the budget is for rounds, when readers and arrivals are known; the rest is for smaller sizes. */
    private static final double SHARE_OF_ROUNDS = 0.6;
    /** Fractions of a nanosecond are kept in whole numbers. */
    private static final double UNITS_PER_NS = 1_000;

    /** So much more is no reason to prefer the other. */
    private static final double AS_CHEAP = 1.1;

    private static final double P50 = 50;
    private static final double P99 = 99;
    private static final double P999 = 99.9;

    /** Told how far it has come, and what it is at. */
    @FunctionalInterface
    public interface Progress {
        /**
         * Takes note.
         *
         * @param share from 0 to 1
         */
        void at(double share, String what);
    }

    /**
     * What was seen of a program.
     *
     * @param arrivals of its records, in bytes of our own ring
     * @param readNs what the reader of our own ring takes for one of them at least; 0 if nothing is known of it
     */
    public record Seen(Arrivals arrivals, double readNs) {}

    /** What became of a policy so far. */
    private static final class Trial {
        private final Policy policy;
        private final SizeModel model;
        private final OptionalInt predicted;
        private final int bytes;
        private @Nullable Integer smallest;
        private final List<Long> nsACall = new ArrayList<>();
        private final List<PacedTarget.Measured> measured = new ArrayList<>();

        Trial(Policy policy, SizeModel model, double safety) {
            this.policy = policy;
            this.model = model;
            this.predicted = model.size(1);
            this.bytes = model.size(safety).orElse(WHERE_NONE_IS_ENOUGH);
        }

        void add(PacedTarget.Measured once) {
            measured.add(once);
            nsACall.add(units(once.paced()));
        }

        LongStream ofUses(java.util.function.ToLongFunction<BufferUse> figure) {
            return measured.stream().map(PacedTarget.Measured::use).mapToLong(figure);
        }
    }

    private final PacedTarget target;
    private final ReaderFits fits;
    private final Setting setting;
    private final Optional<Seen> seen;
    private final double safety;
    private final Duration horizon;
    private final boolean verifies;
    private final long seed;
    private final long endNs;
    private final Progress progress;

    private final long beganNs = System.nanoTime();

    /**
     * @param target makes the calls
     * @param setting what the buffers have to stand
     * @param seen of a program what came of it: what the sizes are for; the load then only says what policies cost
     * @param safety how many times what is needed a buffer is to hold, from 1
     * @param horizon for how long sizes are to hold; at least for as long as a load
     * @param verifies whether what is advised is tried once more
     * @param budget how long it may take, that aside
     */
    public TuneTrials(
            PacedTarget target,
            Setting setting,
            Optional<Seen> seen,
            double safety,
            Duration horizon,
            boolean verifies,
            long seed,
            Duration budget,
            Progress progress) {
        this.horizon = horizon;
        this.verifies = verifies;
        this.target = target;
        this.seen = seen;
        this.fits = new ReaderFits(target);
        this.setting = setting;
        this.safety = safety;
        this.seed = seed;
        this.endNs = beganNs + budget.toNanos();
        this.progress = progress;
    }

    /**
     * What was found out.
     *
     * @param goVersion the Go version that the program was built with
     * @param reachedRate calls a second of the untraced program
     * @param untracedNsACall what a call took that left no record
     * @param untracedRoundsNs the same, of each round
     * @param probeNs what a call took longer that was probed and left no record
     * @param rounds how often each policy was measured
     * @param tried what became of each
     * @param advised the best; empty if none held what came
     * @param curves of the best, or of the first
     * @param wakeups what wakeups cost at several rates; empty if there was no time for that
     * @param verified what became of the best when it was tried once more; empty if that was not asked for, or there is none
     */
    public record Outcome(
            String goVersion,
            double reachedRate,
            Interval untracedNsACall,
            List<Double> untracedRoundsNs,
            Interval probeNs,
            int rounds,
            List<Tuning.Tried> tried,
            Optional<Policy> advised,
            List<Tuning.CurvePoint> curves,
            List<Wakeups> wakeups,
            Optional<Tuning.Tried> verified) {}

    /** What a call took in each round: untraced, and probed without a record. */
    private record Base(List<Long> untraced, List<Long> probed) {}

    private static long units(Paced paced) {
        return Math.round(paced.nsACall() * UNITS_PER_NS);
    }

    private record Judged(Trial trial, Tuning.Tried tried) {}

    private double share() {
        return Math.min(1, (double) (System.nanoTime() - beganNs) / Math.max(1, endNs - beganNs));
    }

    private void at(String what) {
        progress.at(share(), what);
    }

    /** The cheapest that has lost nothing yet, for who waits. */
    private static String bestSoFar(List<Trial> trials) {
        return trials.stream()
                .filter(trial -> !trial.nsACall.isEmpty()
                        && trial.ofUses(BufferUse::lost).sum() == 0)
                .min(Comparator.comparingDouble(trial -> Quantiles.median(
                        trial.nsACall.stream().mapToDouble(Long::doubleValue).toArray())))
                .map(trial -> "; best so far " + trial.policy.word())
                .orElse("");
    }

    /**
     * Measures.
     *
     * @param policies to be compared
     * @param mostLatencyNs how long a record may wait at most, at the 99.9th percentile
     * @throws BadInput if the program cannot make so many calls
     */
    public Outcome run(List<Policy> policies, Optional<Long> mostLatencyNs) {
        at("the program alone");
        Paced alone = alone();
        List<Trial> trials = new ArrayList<>();
        for (Policy policy : policies) {
            at("when records come, and the reader of " + policy.word());
            ArrivalCurve arrivals = seen.map(Seen::arrivals)
                    .map(ArrivalCurve::of)
                    .map(curve -> ReaderFits.scaled(curve, setting, policy))
                    .orElseGet(() -> fits.arrivals(setting, policy));
            trials.add(new Trial(
                    policy,
                    fits.model(
                            policy, setting, arrivals, seen.map(Seen::readNs).orElse(0.0), (double) horizon.toNanos()),
                    safety));
        }
        Base base = new Base(new ArrayList<>(), new ArrayList<>());
        Random random = new Random(seed);
        int rounds = 0;
        long roundsBeganNs = System.nanoTime();
        long longestNs = 0;
        while (rounds < FEWEST_ROUNDS
                || rounds < MOST_ROUNDS
                        && System.nanoTime() + longestNs < roundsBeganNs + SHARE_OF_ROUNDS * (endNs - roundsBeganNs)) {
            long roundBeganNs = System.nanoTime();
            round(trials, base, random, rounds + 1);
            longestNs = Math.max(longestNs, System.nanoTime() - roundBeganNs);
            rounds++;
        }
        List<Wakeups> wakeups = System.nanoTime() + WAKEUPS_NS < endNs
                ? new WakeupTrials(target, setting.recordBytes(), seed).run(progress, share())
                : List.of();
        for (Trial trial : trials) {
            lookForSmaller(trial);
        }
        return outcome(alone, trials, base, rounds, wakeups, mostLatencyNs);
    }

    /**
     * The load without a tracer. Where a program was observed it only says what policies cost, and need not be as fast as the program was.
     *
     * @throws BadInput if the user asked for a rate that is not reached
     */
    private Paced alone() {
        // The first is slow for reasons of its own.
        target.untraced(setting.load());
        Paced best = target.untraced(setting.load());
        for (int more = 1; more < TRIES_ALONE && !reaches(best); more++) {
            Paced again = target.untraced(setting.load());
            best = again.rate() > best.rate() ? again : best;
        }
        if (seen.isEmpty() && !reaches(best)) {
            throw new BadInput(String.format(
                    java.util.Locale.ROOT,
                    "--rate %.0f cannot be reached here: untraced, the program made %.0f calls/s; use less, or --rate 0 for as many as it can",
                    setting.load().rate(),
                    best.rate()));
        }
        return best;
    }

    private boolean reaches(Paced alone) {
        return alone.rate() >= REACHED * setting.load().rate();
    }

    private void round(List<Trial> trials, Base base, Random random, int round) {
        List<Runnable> turns = new ArrayList<>();
        trials.forEach(trial -> turns.add(() -> {
            at("round " + round + ", " + trial.policy.word() + bestSoFar(trials));
            trial.add(target.traced(setting.load(), setting.options(trial.policy, trial.bytes, false)));
        }));
        turns.add(() -> {
            at("round " + round + ", untraced");
            base.untraced.add(units(target.untraced(setting.load())));
        });
        turns.add(() -> {
            at("round " + round + ", the probe alone");
            base.probed.add(
                    units(target.traced(setting.load(), setting.probeAlone()).paced()));
        });
        Collections.shuffle(turns, random);
        turns.forEach(Runnable::run);
    }

    /** By halving, as long as there is time: a size that lost nothing once is no proof, but one that lost is. */
    private void lookForSmaller(Trial trial) {
        if (trial.ofUses(BufferUse::lost).sum() > 0) {
            return;
        }
        trial.smallest = trial.bytes;
        for (int bytes = trial.bytes / 2; bytes >= SizeModel.SMALLEST && System.nanoTime() < endNs; bytes /= 2) {
            at("smaller sizes, " + trial.policy.word());
            if (target.traced(setting.load(), setting.options(trial.policy, bytes, false))
                            .use()
                            .lost()
                    > 0) {
                return;
            }
            trial.smallest = bytes;
        }
    }

    private Outcome outcome(
            Paced alone,
            List<Trial> trials,
            Base base,
            int rounds,
            List<Wakeups> wakeups,
            Optional<Long> mostLatencyNs) {
        HierarchicalBootstrap bootstrap = new HierarchicalBootstrap(seed);
        Bursts untraced = rounds(base.untraced);
        List<Judged> judged = trials.stream()
                .map(trial -> new Judged(trial, tried(trial, bootstrap, untraced)))
                .toList();
        Optional<Judged> best = best(
                judged.stream().filter(each -> each.tried.holds(mostLatencyNs)).toList());
        Trial shown = best.map(Judged::trial).orElse(trials.get(0));
        return new Outcome(
                target.goVersion(),
                alone.rate(),
                bootstrap.median(untraced).dividedBy(UNITS_PER_NS),
                ns(base.untraced),
                bootstrap.difference(rounds(base.probed), untraced).dividedBy(UNITS_PER_NS),
                rounds,
                judged.stream().map(Judged::tried).toList(),
                best.map(each -> each.trial.policy),
                shown.model.curves(shown.bytes).stream()
                        .map(point -> new Tuning.CurvePoint(point.ns(), point.arrived(), point.served()))
                        .toList(),
                wakeups,
                verifies ? best.map(each -> verified(each.trial, bootstrap)) : Optional.empty());
    }

    /** The cheapest; of those that can hardly be told from it our own ring, which can be set here, and else the smallest. */
    private static Optional<Judged> best(List<Judged> good) {
        Optional<Judged> cheapest = good.stream()
                .min(Comparator.comparingDouble(each -> each.tried.overheadNs().median()));
        return cheapest.flatMap(least -> good.stream()
                .filter(each -> isAsCheap(each.tried.overheadNs(), least.tried.overheadNs()))
                .min(Comparator.comparing((Judged each) -> each.trial.policy.kind() != BufferKind.RING)
                        .thenComparingLong(each -> each.tried.bytes())));
    }

    /** Once more with other seeds of the load, beside the program alone. */
    private Tuning.Tried verified(Trial advised, HierarchicalBootstrap bootstrap) {
        Trial again = new Trial(advised.policy, advised.model, safety);
        List<Long> untraced = new ArrayList<>();
        for (int run = 1; run <= VERIFYING_RUNS; run++) {
            at("the advice once more, " + run + " of " + VERIFYING_RUNS);
            Load load = setting.load().seed(setting.load().seed() + run);
            untraced.add(units(target.untraced(load)));
            again.add(target.traced(load, setting.options(again.policy, again.bytes, false)));
        }
        return tried(again, bootstrap, rounds(untraced));
    }

    private static boolean isAsCheap(Interval overhead, Interval least) {
        return overhead.median() <= AS_CHEAP * least.median() && overhead.low() <= least.high();
    }

    private static List<Double> ns(List<Long> values) {
        return values.stream().map(each -> each / UNITS_PER_NS).toList();
    }

    private static Bursts rounds(List<Long> values) {
        return Bursts.of(values.stream().map(List::of).toList());
    }

    private Tuning.Tried tried(Trial trial, HierarchicalBootstrap bootstrap, Bursts base) {
        Interval overhead = bootstrap.difference(rounds(trial.nsACall), base).dividedBy(UNITS_PER_NS);
        Histogram latency = new Histogram(
                trial.measured.get(0).use().latencyNs().getHighestTrackableValue(),
                trial.measured.get(0).use().latencyNs().getNumberOfSignificantValueDigits());
        trial.measured.forEach(once -> latency.add(once.use().latencyNs()));
        long calls = trial.measured.stream()
                .mapToLong(once -> once.paced().callsMade())
                .sum();
        double wallNs =
                trial.measured.stream().mapToLong(once -> once.paced().wallNs()).sum();
        return new Tuning.Tried(
                trial.policy.word(),
                trial.predicted.isPresent() ? (long) trial.predicted.getAsInt() : null,
                trial.bytes,
                trial.smallest == null ? null : (long) trial.smallest,
                calls,
                trial.ofUses(BufferUse::seen).sum(),
                trial.ofUses(BufferUse::lost).sum(),
                trial.ofUses(BufferUse::longestLoss).max().orElse(0),
                overhead,
                ns(trial.nsACall),
                trial.ofUses(BufferUse::readerCpuNs).sum() / wallNs,
                new Tuning.Latency(
                        latency.getValueAtPercentile(P50),
                        latency.getValueAtPercentile(P99),
                        latency.getValueAtPercentile(P999),
                        latency.getMaxValue()),
                trial.model.nsPerRecord(),
                trial.model.latenessNs(),
                mostUnread(trial),
                risks(trial));
    }

    private static long mostUnread(Trial trial) {
        return trial.ofUses(use -> Arrays.stream(use.mostUnreadOfTimes()).max().orElse(0))
                .max()
                .orElse(0);
    }

    /** What the reader found in each of many times, taken on to an hour; perf buffers are filled by CPU, which nobody sees from here. */
    private List<Tuning.Risk> risks(Trial trial) {
        double[] found = trial.measured.stream()
                .flatMapToLong(once -> Arrays.stream(once.use().mostUnreadOfTimes()))
                .filter(bytes -> bytes > 0)
                .mapToDouble(bytes -> bytes)
                .toArray();
        if (trial.policy.kind() == BufferKind.PERF
                || trial.ofUses(BufferUse::lost).sum() > 0
                || found.length < Extremes.FEWEST) {
            return List.of();
        }
        Extremes extremes = Extremes.of(found);
        double times = (double) Duration.ofHours(1).toNanos() / BufferUse.BLOCK.toNanos();
        return LongStream.of(trial.bytes / 2, trial.bytes, 2L * trial.bytes)
                .mapToObj(bytes -> new Tuning.Risk(bytes, extremes.exceeded((double) bytes, times, seed)))
                .toList();
    }
}
