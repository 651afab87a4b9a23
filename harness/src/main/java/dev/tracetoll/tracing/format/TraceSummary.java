package dev.tracetoll.tracing.format;

import dev.tracetoll.linux.ExitStatus;
import java.util.Optional;

/**
 * What there is to say when tracing is over.
 *
 * @param calls calls written
 * @param returns returns written
 * @param noReturns calls without return written
 * @param lost events lost, of calls and returns together
 * @param targetExit how the program ended; empty if it runs on, or was not started by Tracetoll, so that only its parent learns how it ends
 */
public record TraceSummary(long calls, long returns, long noReturns, long lost, Optional<ExitStatus> targetExit) {}
