package dev.tracetoll.tracing.format;

import dev.tracetoll.tracing.TraceEvent;
import java.io.IOException;

/** Writes events as lines in UTF-8, whatever the locale. Buffers until {@link #flush()}; not thread-safe. */
public interface EventWriter {

    void write(TraceEvent event) throws IOException;

    /** Writes what there is to say at the end. */
    void write(TraceSummary summary) throws IOException;

    /** Hands everything written so far to the stream below, and flushes that. */
    void flush() throws IOException;
}
