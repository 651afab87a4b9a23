package dev.tracetoll.experiment.tune;

import dev.tracetoll.bench.PacedTarget;
import dev.tracetoll.burst.Load;
import dev.tracetoll.tracing.buffer.BufferKind;
import dev.tracetoll.tracing.buffer.BufferOptions;
import dev.tracetoll.tracing.buffer.BufferOptions.Stalls;
import dev.tracetoll.tracing.buffer.BufferUse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The readers of the policies, each measured once: with a load that never lets it rest, and with loads that it waits for. */
final class ReaderFits {

    /** Nothing is lost in it, whatever comes in the meantime. */
    private static final int LARGE = 64 << 20;

    private static final Policy OWN = Policy.ALL.get(0);

    private static final int BUSY_CALLS = 200_000;
    /** Records come so often that the oldest has waited about as long as the reader has not looked. */
    private static final double WAITING_RATE = 50_000;

    private static final double WAITING_SECONDS = 0.5;
    /** Together 200 times of a length: with fewer the tail that is fitted is a matter of luck. */
    private static final int WAITING_LOADS = 8;

    private static final int WAITING_BURST = 5_000;

    /** What a reader is like; policies that have this in common have a reader in common. */
    private record Kind(BufferKind buffer, Policy.When looks, int recordBytes, boolean contended, boolean bursts) {}

    /** What decides when records come. */
    private record Source(Setting setting, Policy policy) {}

    private final PacedTarget target;
    private final Map<Kind, ReaderFit> fits = new HashMap<>();
    private final Map<Source, ArrivalCurve> arrivals = new HashMap<>();

    ReaderFits(PacedTarget target) {
        this.target = target;
    }

    /** The reader of a policy in a setting like this one: of equal records, with CPUs to itself or not, and with bursts or without. */
    private ReaderFit of(Policy policy, Setting setting) {
        return fits.computeIfAbsent(
                new Kind(
                        policy.kind(),
                        looks(policy),
                        setting.recordBytes(),
                        setting.contended(),
                        setting.load().arrivals() == Load.Kind.BURSTS),
                this::measure);
    }

    /**
     * When the records of a setting come, in bytes of a policy's buffer. Where records wake the reader one by one, the program is slower as long as the
     * reader waits, and makes up for it while the reader does not: what comes then is not what would come of itself.
     */
    ArrivalCurve arrivals(Setting setting, Policy policy) {
        Policy under = policy.wakesByRecord() ? policy : OWN;
        ArrivalCurve curve = arrivals.computeIfAbsent(new Source(setting, under), this::arrivals);
        return scaled(curve, setting, under, policy);
    }

    private ArrivalCurve arrivals(Source source) {
        return ArrivalCurve.of(target.traced(source.setting.load(), source.setting.options(source.policy, LARGE, true))
                .arrivals()
                .orElseThrow());
    }

    /**
     * The same in bytes of a policy's buffer.
     *
     * @param curve in bytes of our own ring
     */
    static ArrivalCurve scaled(ArrivalCurve curve, Setting setting, Policy policy) {
        return scaled(curve, setting, OWN, policy);
    }

    private static ArrivalCurve scaled(ArrivalCurve curve, Setting setting, Policy from, Policy to) {
        return curve.scaled((double) setting.room(to) / setting.room(from));
    }

    /**
     * The model of a policy in a setting.
     *
     * @param arrivals in bytes of the policy's buffer
     * @param readNs what the reader of our own ring takes for a record at least; 0 if nothing is known of it
     * @param horizonNs for how long the size is to hold, in ns; at least for as long as arrivals were looked at
     */
    SizeModel model(Policy policy, Setting setting, ArrivalCurve arrivals, double readNs, double horizonNs) {
        ReaderFit reader = of(policy, setting);
        return new SizeModel(
                setting,
                policy,
                policy.kind() == BufferKind.RING ? reader.takingAtLeast(readNs) : reader,
                arrivals,
                horizonNs);
    }

    /** A reader that is woken seldom leaves the CPUs more of their time than one that each record wakes, and is late less. */
    private static Policy.When looks(Policy policy) {
        if (!policy.rings()) {
            return Policy.When.TIMED;
        }
        return policy.wakesByRecord() || policy.kind() == BufferKind.PERF ? Policy.When.EACH : Policy.When.RECORDS;
    }

    private ReaderFit measure(Kind kind) {
        int cpus = Runtime.getRuntime().availableProcessors();
        int threads = kind.contended ? 2 * cpus : 1;
        Policy policy = Policy.of(kind.buffer, kind.looks);
        Setting any = new Setting(Load.unpaced(BUSY_CALLS, threads), kind.recordBytes, Stalls.NONE);
        BufferOptions options = any.options(policy, LARGE, false);
        // The first also warms up the reader's code.
        target.traced(any.load(), options);
        BufferUse busy = target.traced(any.load(), options).use();
        List<BufferUse> waiting = new ArrayList<>();
        for (int seed = 1; seed <= WAITING_LOADS; seed++) {
            int calls = (int) (WAITING_RATE * WAITING_SECONDS);
            // Where CPUs have to be shared, a reader is latest while all threads call at once: only where they do.
            Load load = kind.bursts && seed % 2 == 0
                    ? Load.bursts(WAITING_RATE, WAITING_BURST, calls, threads)
                    : Load.poisson(WAITING_RATE, calls, threads, seed);
            waiting.add(target.traced(load, options).use());
        }
        return ReaderFit.of(busy, options.roomOfRecord(), waiting, policy.plannedWaitNs(LARGE, options.roomOfRecord()));
    }
}
