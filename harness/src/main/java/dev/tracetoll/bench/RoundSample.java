package dev.tracetoll.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.MachineCannot;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.problem.Problem;
import dev.tracetoll.results.EventCounts;
import dev.tracetoll.results.Site;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What one round of one arm measured: what a JMH fork hands to the process that started it.
 *
 * @param function linker symbol of the probed function
 * @param goVersion version of Go that built the target
 * @param warmupBursts bursts that were thrown away
 * @param durationsNs the bursts that count
 * @param calls events of calls
 * @param returns events of returns
 * @param targetCpuNs CPU time of the target during the bursts that count
 * @param tracerCpuNs CPU time of this process during the bursts that count and the delivery of their events; 0 untraced
 * @param targetPeakBytes largest resident set of the target
 * @param tracerPeakBytes largest resident set of this process, its JVM included; 0 untraced
 * @param threads threads of the target
 * @param sites probe sites of the probed function
 */
record RoundSample(
        String function,
        String goVersion,
        int warmupBursts,
        List<Long> durationsNs,
        EventCounts calls,
        EventCounts returns,
        long targetCpuNs,
        long tracerCpuNs,
        long targetPeakBytes,
        long tracerPeakBytes,
        int threads,
        List<Site> sites) {

    /** Names the file, in the fork. */
    static final String FILE_PROPERTY = "tracetoll.sample";

    /** Either a sample or why there is none. */
    private record Report(RoundSample sample, int exitCode, String problem) {}

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static boolean discarded;

    void write() {
        write(new Report(this, 0, null));
    }

    static void writeProblem(Throwable problem) {
        int exitCode = problem instanceof Problem known ? known.exitCode() : OperationFailed.EXIT_CODE;
        write(new Report(null, exitCode, problem instanceof Problem ? problem.getMessage() : problem.toString()));
    }

    private static synchronized void write(Report report) {
        if (discarded) {
            return;
        }
        try {
            MAPPER.writeValue(file().toFile(), report);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes the file, as nobody will read it any more; nothing is written after this. */
    static synchronized void discard() {
        discarded = true;
        try {
            Files.deleteIfExists(file());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path file() {
        return Path.of(System.getProperty(FILE_PROPERTY));
    }

    /**
     * Reads what a fork has left.
     *
     * @throws Problem if the fork failed, with what it said
     */
    static RoundSample read(Path file, String arm) {
        Report report;
        try {
            report = Files.size(file) == 0 ? null : MAPPER.readValue(file.toFile(), Report.class);
        } catch (IOException e) {
            throw new OperationFailed("The measuring process of " + arm + " left a damaged sample: " + e.getMessage(), e);
        }
        if (report == null) {
            throw new OperationFailed("The measuring process of " + arm + " ended without a sample; it was killed, or see --debug");
        }
        if (report.problem == null) {
            return report.sample;
        }
        throw switch (report.exitCode) {
            case BadInput.EXIT_CODE -> new BadInput(report.problem);
            case MachineCannot.EXIT_CODE -> MachineCannot.relayed(report.problem);
            default -> new OperationFailed(report.problem);
        };
    }
}
