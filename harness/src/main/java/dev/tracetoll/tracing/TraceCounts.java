package dev.tracetoll.tracing;

/**
 * How many events there were.
 *
 * @param calls calls delivered to the sink
 * @param returns returns delivered to the sink, with or without a call seen before
 * @param noReturns calls reported as never returning
 * @param lostCalls calls whose event was lost
 * @param lostReturns returns whose event was lost
 */
public record TraceCounts(long calls, long returns, long noReturns, long lostCalls, long lostReturns) {

    /** Lost events, calls and returns together. */
    public long lost() {
        return lostCalls + lostReturns;
    }
}
