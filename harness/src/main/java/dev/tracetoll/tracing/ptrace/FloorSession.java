package dev.tracetoll.tracing.ptrace;

import dev.tracetoll.linux.kernel.Signal;
import dev.tracetoll.linux.process.ChildProcess;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.TraceSession;
import java.nio.MappedByteBuffer;
import java.time.Duration;

/** A running {@code ptrace-floor}. A stop is counted before its thread goes on, so there is nothing to settle. */
final class FloorSession implements TraceSession {

    private static final Duration DETACHING = Duration.ofSeconds(10);

    private final ChildProcess tracer;
    private final MappedByteBuffer stops;
    private boolean closed;

    FloorSession(ChildProcess tracer, MappedByteBuffer stops) {
        this.tracer = tracer;
        this.stops = stops;
    }

    @Override
    public TraceCounts counts() {
        return new TraceCounts(stops.getLong(0), 0, 0, 0, 0);
    }

    @Override
    public void settle() {}

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try (tracer) {
            tracer.signal(Signal.SIGTERM);
            if (tracer.awaitExit(DETACHING).isEmpty()) {
                throw new OperationFailed("ptrace-floor did not detach within " + DETACHING.toSeconds()
                        + " s; its target is killed with it");
            }
        }
    }
}
