package dev.tracetoll.experiment.tune;

import dev.tracetoll.bench.PacedTarget;
import dev.tracetoll.burst.Load;
import dev.tracetoll.tracing.buffer.BufferOptions.Stalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;

/** Checks the model on settings of all kinds, none of which readers were measured with. */
public final class CheckTrials {

    /** Of each size. */
    public static final int RUNS = 10;

    private static final double SECONDS = 0.4;
    private static final double[] RATES = {10_000, 30_000, 80_000, 150_000, 250_000};
    private static final int[] RECORD_BYTES = {24, 64, 200, 512};
    private static final int[] STALLS_MS = {0, 0, 10, 40};
    private static final int[] THREADS = {1, 1, 4, 16};
    private static final int LONGEST_BURST = 20_000;
    private static final int SHORTEST_BURST = 200;

    private final PacedTarget target;
    private final ReaderFits fits;
    private final Random random;
    private final TuneTrials.Progress progress;

    /**
     * Makes ready.
     *
     * @param target makes the calls
     * @param seed of the choice of settings
     */
    public CheckTrials(PacedTarget target, long seed, TuneTrials.Progress progress) {
        this.target = target;
        this.fits = new ReaderFits(target);
        this.random = new Random(seed);
        this.progress = progress;
    }

    /** Checks so many settings. */
    public List<TuningCheck.Checked> run(int settings) {
        List<TuningCheck.Checked> checked = new ArrayList<>();
        for (int i = 0; i < settings; i++) {
            Policy policy = Policy.ALL.get(i % Policy.ALL.size());
            Setting setting = setting();
            progress.at((double) i / settings, "setting " + (i + 1) + " of " + settings);
            checked.add(check(policy, setting));
        }
        return checked;
    }

    private Setting setting() {
        double rate = RATES[random.nextInt(RATES.length)];
        int calls = (int) (rate * SECONDS);
        int threads = THREADS[random.nextInt(THREADS.length)];
        int burst = Math.min(calls / 2, SHORTEST_BURST + random.nextInt(LONGEST_BURST));
        Load load =
                switch (random.nextInt(3)) {
                    case 0 -> Load.steady(rate, calls, threads);
                    case 1 -> Load.poisson(rate, calls, threads, random.nextInt());
                    default -> Load.bursts(rate, burst, calls, threads);
                };
        int stallMs = STALLS_MS[random.nextInt(STALLS_MS.length)];
        return new Setting(
                load,
                RECORD_BYTES[random.nextInt(RECORD_BYTES.length)],
                stallMs == 0 ? Stalls.NONE : new Stalls(Duration.ofMillis(stallMs), Duration.ofMillis(3L * stallMs)));
    }

    private TuningCheck.Checked check(Policy policy, Setting setting) {
        OptionalInt predicted = fits.model(policy, setting, fits.arrivals(setting, policy), 0, 0)
                .size(1);
        if (predicted.isEmpty()) {
            return new TuningCheck.Checked(setting.inWords(), policy.word(), null, 0, 0, 0, null);
        }
        int lossy = 0;
        long lost = 0;
        long calls = 0;
        for (int run = 0; run < RUNS; run++) {
            PacedTarget.Measured measured = measure(policy, setting, predicted.getAsInt());
            lossy += measured.use().lost() > 0 ? 1 : 0;
            lost += measured.use().lost();
            calls += measured.paced().callsMade();
        }
        return new TuningCheck.Checked(
                setting.inWords(),
                policy.word(),
                (long) predicted.getAsInt(),
                lossy,
                lost,
                calls,
                smallest(policy, setting, predicted.getAsInt(), lossy > 0));
    }

    /** By halving or doubling, until the size that loses nothing has one below it that does. */
    private long smallest(Policy policy, Setting setting, int from, boolean loses) {
        int bytes = from;
        if (loses) {
            do {
                bytes *= 2;
            } while (bytes < SizeModel.LARGEST && isLossy(policy, setting, bytes));
            return bytes;
        }
        while (bytes > SizeModel.SMALLEST && !isLossy(policy, setting, bytes / 2)) {
            bytes /= 2;
        }
        return bytes;
    }

    private boolean isLossy(Policy policy, Setting setting, int bytes) {
        for (int run = 0; run < RUNS; run++) {
            if (measure(policy, setting, bytes).use().lost() > 0) {
                return true;
            }
        }
        return false;
    }

    private PacedTarget.Measured measure(Policy policy, Setting setting, int bytes) {
        return target.traced(setting.load(), setting.options(policy, bytes, false));
    }
}
