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
 */
public record TraceCounts(
        long calls, long returns, long noReturns, long unpairedReturns, long lostCalls, long lostReturns) {

    /** Where the call of each return was seen. */
    public TraceCounts(long calls, long returns, long noReturns, long lostCalls, long lostReturns) {
        this(calls, returns, noReturns, 0, lostCalls, lostReturns);
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
