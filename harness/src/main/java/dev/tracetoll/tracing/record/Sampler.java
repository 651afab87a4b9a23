package dev.tracetoll.tracing.record;

import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.plan.Sampling;
import dev.tracetoll.tracing.plan.SitePlan;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Chooses among records where calls are sampled, and counts those that are left out; for a tracer that gets at each hit. Not thread-safe.
 */
public final class Sampler {

    /** Where on which stack a call is. */
    private record Place(long stack, long frame) {}

    private final Sampling sampling;
    private final boolean returns;
    private final SplittableRandom random = new SplittableRandom();
    /** The calls that were chosen and have not returned, where each is chosen by itself. */
    private final Set<Place> chosen = new HashSet<>();
    /** Those that grow their stack, and have been chosen already. */
    private final Set<Place> growing = new HashSet<>();

    private long leftOutCalls;
    private long leftOutReturns;

    /** @param returns whether returns are traced */
    public Sampler(Sampling sampling, boolean returns) {
        this.sampling = sampling;
        this.returns = returns;
    }

    /** Whether a record is to be seen; records of one goroutine come in their order. */
    public boolean takes(SitePlan site, ByteBuffer record) {
        Place place = new Place(record.getLong(RecordFormat.GOROUTINE), record.getLong(RecordFormat.FRAME));
        boolean grows = (record.getInt(RecordFormat.FLAGS) & RecordFormat.FLAG_GROWING) != 0;
        boolean taken = sampling.by() == Sampling.By.GOROUTINE
                ? sampling.chooses(place.stack)
                : site.isMark() || (site.isReturn() ? chosen.remove(place) : takesCall(record, place, grows));
        if (!taken && !site.isMark() && !grows) {
            leftOutCalls += site.isReturn() ? 0 : 1;
            leftOutReturns += site.isReturn() ? 1 : 0;
        }
        return taken;
    }

    private boolean takesCall(ByteBuffer record, Place place, boolean grows) {
        boolean grown = (record.getInt(RecordFormat.FLAGS) & RecordFormat.FLAG_GROWN) != 0;
        if (grows) {
            // It comes again, and its arguments are those of the first time.
            return grown ? growing.contains(place) : choose() && growing.add(place);
        }
        boolean taken = grown ? growing.remove(place) : choose();
        if (returns) {
            // A call that was there before has left its note, if it did not return.
            chosen.remove(place);
            if (taken) {
                chosen.add(place);
            }
        }
        return taken;
    }

    private boolean choose() {
        return (random.nextInt() & 0xffffffffL) < sampling.limit();
    }

    /** The process has executed a program: no call from before returns. */
    public void executed() {
        chosen.clear();
        growing.clear();
    }

    /** The same counts with what was left out besides. */
    public TraceCounts in(TraceCounts counts) {
        return counts.leavingOut(leftOutCalls, leftOutReturns);
    }
}
