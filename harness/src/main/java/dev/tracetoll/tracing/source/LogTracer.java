package dev.tracetoll.tracing.source;

import java.util.Set;

/** The target writes lines of Go's {@code log/slog} in JSON to a pipe. A target that finds it full waits. */
public record LogTracer() implements SourceTracer {

    @Override
    public Set<String> targets() {
        return Set.of("calls");
    }

    @Override
    public SourceSession open(int goidOffset, int maxBytes, CallSink sink) {
        return new PipeSession("slog", new LogLines(sink));
    }

    @Override
    public long ringBytes() {
        return 0;
    }
}
