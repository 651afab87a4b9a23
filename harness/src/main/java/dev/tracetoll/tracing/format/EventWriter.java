package dev.tracetoll.tracing.format;

import dev.tracetoll.tracing.FunctionTotal;
import dev.tracetoll.tracing.TraceEvent;
import java.io.IOException;
import java.util.List;

/** Writes events as lines in UTF-8, whatever the locale. Buffers until {@link #flush()}; not thread-safe. */
public interface EventWriter {

    void write(TraceEvent event) throws IOException;

    /** Writes what was collected of each function, those that took or were called most first; those of which nothing was seen are left out. */
    void write(List<FunctionTotal> totals) throws IOException;

    /** Writes what there is to say at the end. */
    void write(TraceSummary summary) throws IOException;

    /** Hands everything written so far to the stream below, and flushes that. */
    void flush() throws IOException;
}
