package dev.tracetoll.tracing.ring;

import java.time.Duration;

/**
 * What somebody chose of a ring buffer and its draining; the rest is as it is by default.
 *
 * @param bytes its size, a power of two from the page's on; 0 if nobody chose
 * @param wakeup what tells the consumer to look, as {@link Draining#parse} has it; empty if nobody chose
 * @param intervalNs what the consumer waits at most between two looks; 0 if nobody chose
 */
public record RingChoice(int bytes, String wakeup, long intervalNs) {

    /** Nobody chose anything. */
    public static final RingChoice NONE = new RingChoice(0, "", 0);

    /** Whether anybody chose anything. */
    public boolean choosesAnything() {
        return !equals(NONE);
    }

    /** The size that was chosen, or else this one. */
    public int bytesOr(int otherwise) {
        return bytes == 0 ? otherwise : bytes;
    }

    /** What was chosen of the draining, and for the rest this one. */
    public Draining drainingOr(Draining otherwise) {
        Draining draining = wakeup.isEmpty() ? otherwise : Draining.parse(wakeup);
        return intervalNs == 0 ? draining : draining.every(Duration.ofNanos(intervalNs));
    }

    /** The same, with what the other one chose in its place. */
    public RingChoice overriddenBy(RingChoice other) {
        return new RingChoice(
                other.bytesOr(bytes),
                other.wakeup.isEmpty() ? wakeup : other.wakeup,
                other.intervalNs != 0 ? other.intervalNs : other.wakeup.isEmpty() ? intervalNs : 0);
    }
}
