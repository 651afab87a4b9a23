package dev.tracetoll.bench.program;

import dev.tracetoll.linux.process.ExitStatus;
import dev.tracetoll.tracing.TraceCounts;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One run of the program.
 *
 * @param wallNs from its start to its end; of what drives it, if anything does
 * @param cpuNs CPU time of the program in that time, that of its children included if it ended
 * @param peakBytes the most memory that it has held at once
 * @param tracerCpuNs CPU time of the tracer
 * @param tracerPeakBytes the most memory that this process has held at once
 * @param counts the events
 * @param census the calls of each function, if they were counted independently; without functions otherwise
 * @param requests how many requests its load has made; empty if nothing drives it, or that does not say
 * @param readings what was printed in figures
 * @param benchmarks the lines of Go benchmarks among what was printed, with those that say of what they are
 * @param digest of its standard output
 * @param exit how it ended; empty if it lives on
 * @param failure why what drives it failed, as the end of a sentence; empty if it did not
 */
record Sample(
        long wallNs,
        long cpuNs,
        long peakBytes,
        long tracerCpuNs,
        long tracerPeakBytes,
        TraceCounts counts,
        Census census,
        OptionalLong requests,
        List<Reading> readings,
        List<String> benchmarks,
        String digest,
        Optional<ExitStatus> exit,
        Optional<String> failure) {}
