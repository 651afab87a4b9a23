package dev.tracetoll.tracing.source;

import java.util.Set;

/**
 * The target makes each call a region of {@code runtime/trace}, and writes its execution trace, with all that the runtime notes besides, to a pipe. Regions
 * have a name and times, no values: nothing is handed to the sink.
 */
public record RegionTracer() implements SourceTracer {

    @Override
    public Set<String> targets() {
        return Set.of("calls");
    }

    @Override
    public SourceSession open(int goidOffset, int maxBytes, CallSink sink) {
        return new PipeSession("region", new ExecutionTrace());
    }

    @Override
    public long ringBytes() {
        return 0;
    }
}
