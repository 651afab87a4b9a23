package dev.tracetoll.tracing;

/**
 * How many events there were. Where returns are wanted, and once tracing has ended, {@code calls} = {@code returns} + {@code noReturns}.
 *
 * @param calls calls delivered to the sink
 * @param returns returns of those calls delivered to the sink
 * @param noReturns calls reported as never returning
 * @param unpairedReturns returns delivered to the sink whose call was not: it began before tracing did, or was lost
 * @param lostCalls calls whose event was lost
 * @param lostReturns returns whose event was lost
 * @param leftOutCalls calls that were not chosen, where calls are sampled
 * @param leftOutReturns returns of such calls, and where each call is chosen by itself also of those that began before tracing did
 */
public record TraceCounts(
        long calls,
        long returns,
        long noReturns,
        long unpairedReturns,
        long lostCalls,
        long lostReturns,
        long leftOutCalls,
        long leftOutReturns) {

    /** Where all calls are wanted. */
    public TraceCounts(
            long calls, long returns, long noReturns, long unpairedReturns, long lostCalls, long lostReturns) {
        this(calls, returns, noReturns, unpairedReturns, lostCalls, lostReturns, 0, 0);
    }

    /** Where the call of each return was seen. */
    public TraceCounts(long calls, long returns, long noReturns, long lostCalls, long lostReturns) {
        this(calls, returns, noReturns, 0, lostCalls, lostReturns);
    }

    /** The same where calls are sampled. */
    public TraceCounts leavingOut(long otherCalls, long otherReturns) {
        return new TraceCounts(
                calls, returns, noReturns, unpairedReturns, lostCalls, lostReturns, otherCalls, otherReturns);
    }

    /** All of both. */
    public TraceCounts plus(TraceCounts other) {
        return new TraceCounts(
                calls + other.calls,
                returns + other.returns,
                noReturns + other.noReturns,
                unpairedReturns + other.unpairedReturns,
                lostCalls + other.lostCalls,
                lostReturns + other.lostReturns,
                leftOutCalls + other.leftOutCalls,
                leftOutReturns + other.leftOutReturns);
    }

    /** What was left out, calls and returns together. */
    public long leftOut() {
        return leftOutCalls + leftOutReturns;
    }

    /** All returns delivered to the sink. */
    public long returnsSeen() {
        return returns + unpairedReturns;
    }

    /** Lost events, calls and returns together. */
    public long lost() {
        return lostCalls + lostReturns;
    }
}
