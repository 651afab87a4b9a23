package dev.tracetoll.tracing.source;

import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.ring.Draining;
import dev.tracetoll.tracing.ring.RingDrainer;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A target that writes to a {@link SlotRing}. */
final class RingSession implements SourceSession, RingDrainer.Source {

    private final SlotRing ring;
    private final Draining draining;
    private final CallSink sink;
    private long calls;
    private long returns;
    private volatile TraceCounts counts = new TraceCounts(0, 0, 0, 0, 0);
    private @Nullable RingDrainer drainer;

    RingSession(SlotRing ring, Draining draining, CallSink sink) {
        this.ring = ring;
        this.draining = draining;
        this.sink = sink;
    }

    @Override
    public List<String> arguments() {
        return List.of("-source", "ring", "-events", ring.path().toString());
    }

    @Override
    public void attach(int pid) {
        drainer = new RingDrainer(ring, pid, this, draining, Optional.empty(), SlotRing.RECORD_BYTES + ring.text());
    }

    @Override
    public int drain() {
        int records = ring.drain(this::read);
        counts = new TraceCounts(calls, returns, 0, ring.lostCalls(), ring.lostReturns());
        return records;
    }

    @Override
    public long lostBytes() {
        return (ring.lostCalls() + ring.lostReturns()) * (SlotRing.RECORD_BYTES + ring.text());
    }

    private void read(ByteBuffer data, int at, int length) {
        long number = data.getLong(at + SlotRing.NUMBER);
        long kind = data.getLong(at + SlotRing.KIND);
        if (kind == SlotRing.BEGAN) {
            long whole = data.getLong(at + SlotRing.LENGTH);
            byte[] text = new byte[(int) Math.min(whole, ring.text())];
            data.get(at + SlotRing.RECORD_BYTES, text);
            sink.call(number, text, whole, data.getDouble(at + SlotRing.FRACTION));
            calls++;
        } else if (kind == SlotRing.RETURNED) {
            sink.returned(number);
            returns++;
        } else {
            throw new OperationFailed("the target wrote a record of the unknown kind " + kind);
        }
    }

    @Override
    public TraceCounts counts() {
        return counts;
    }

    @Override
    public OptionalLong ringBytesNeeded() {
        RingDrainer known = drainer;
        return known == null ? OptionalLong.empty() : OptionalLong.of(known.bytesNeeded());
    }

    @Override
    public void settle() {
        if (drainer != null) {
            drainer.settle();
        }
    }

    @Override
    public void rest() {
        if (drainer != null) {
            drainer.rest();
        }
    }

    @Override
    public void resume() {
        if (drainer != null) {
            drainer.resume();
        }
    }

    @Override
    public void close() {
        if (drainer == null) {
            ring.close();
        } else {
            drainer.close(() -> {}, why -> {}, ring::close);
        }
    }
}
