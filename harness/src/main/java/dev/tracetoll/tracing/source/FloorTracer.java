package dev.tracetoll.tracing.source;

import dev.tracetoll.tracing.TraceCounts;
import java.util.List;
import java.util.Set;

/**
 * The target writes goroutine, time and arguments of each call to memory of its own by a few instructions, and nobody reads them.
 *
 * @param returns whether it writes goroutine, time and result of each return as well
 */
public record FloorTracer(boolean returns) implements SourceTracer {

    @Override
    public Set<String> targets() {
        return returns ? Set.of("calls", "text", "goroutines") : Set.of("calls", "text");
    }

    @Override
    public SourceSession open(int goidOffset, int maxBytes, CallSink sink) {
        return new Unread(returns ? "floor-returns" : "floor", goidOffset);
    }

    @Override
    public long ringBytes() {
        return 0;
    }

    /**
     * @param way what the target calls it
     * @param goidOffset see {@link SourceTracer#open}
     */
    record Unread(String way, int goidOffset) implements SourceSession {

        @Override
        public List<String> arguments() {
            return List.of("-source", way, "-goid", Integer.toString(goidOffset));
        }

        @Override
        public void attach(int pid) {
            // There is nothing to read.
        }

        @Override
        public TraceCounts counts() {
            return new TraceCounts(0, 0, 0, 0, 0);
        }

        @Override
        public void settle() {
            // Nothing is under way.
        }

        @Override
        public void close() {
            // It has nothing.
        }
    }
}
