package dev.tracetoll.tracing.source;

import dev.tracetoll.tracing.TraceSession;
import java.util.List;

/** A target that tells, from before it is launched. Closing it makes the target's writing vain, or fail; so the target is to be asked for nothing more. */
public sealed interface SourceSession extends TraceSession permits FloorTracer.Unread, RingSession, PipeSession {

    /** What is to stand in the target's command line. */
    List<String> arguments();

    /** Begins to read, once the target has been launched. */
    void attach(int pid);
}
