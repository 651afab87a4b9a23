package dev.tracetoll.tracing.ring;

/**
 * How large a ring would have had to be for nothing to be lost: what the consumer left in it at most, had it held all that was lost as
 * well. A larger ring also takes longer to drain. So what was lost is thought to wait behind the ring, and to be drained while the
 * consumer had nothing to do, as fast as it drained until then. Where it always had something to do, all that was lost waits until the
 * end: then no ring is large enough for much longer than that.
 */
final class RoomNeeded {

    private long lostBytes;
    /** Lost, and not yet thought to be drained. */
    private double waiting;

    private double most;
    private long drainedBytes;
    private long drainingNs;

    /**
     * The consumer has drained the ring once.
     *
     * @param idleNs before it, when there was nothing to do
     * @param bytes what it took away
     * @param ns how long that took
     * @param unread what was written between the beginning of what it took away and the end of its doing so, in bytes
     * @param lost bytes that found no room since the beginning
     */
    void drained(long idleNs, long bytes, long ns, long unread, long lost) {
        if (drainingNs > 0) {
            waiting = Math.max(0, waiting - (double) idleNs * drainedBytes / drainingNs);
        }
        drainedBytes += bytes;
        drainingNs += ns;
        waiting += lost - lostBytes;
        lostBytes = lost;
        most = Math.max(most, unread + waiting);
    }

    /** All that was taken away, in bytes. */
    long drainedBytes() {
        return drainedBytes;
    }

    /** How long that took, in ns. */
    long drainingNs() {
        return drainingNs;
    }

    /** The least that would have done, in bytes. */
    long bytes() {
        return (long) Math.ceil(most);
    }
}
