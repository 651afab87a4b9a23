package dev.tracetoll.tracing.source;

import dev.tracetoll.tracing.ring.Draining;
import java.util.Set;

/**
 * The target writes to a ring of records in shared memory.
 *
 * @param bytes about how much room it has for records, a power of two
 * @param draining when it is looked into
 */
public record RingTracer(int bytes, Draining draining) implements SourceTracer {

    @Override
    public Set<String> targets() {
        return Set.of("calls");
    }

    @Override
    public SourceSession open(int goidOffset, int maxBytes, CallSink sink) {
        return new RingSession(SlotRing.make(bytes, maxBytes, goidOffset), draining, sink);
    }

    @Override
    public long ringBytes() {
        return bytes;
    }
}
