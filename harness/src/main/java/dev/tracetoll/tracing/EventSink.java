package dev.tracetoll.tracing;

/** Receives the events of a {@link TraceSession}; called by one thread at a time. */
@FunctionalInterface
public interface EventSink {

    void accept(TraceEvent event);
}
