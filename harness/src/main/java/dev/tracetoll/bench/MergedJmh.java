package dev.tracetoll.bench;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ResultRole;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.ScalarResult;
import org.openjdk.jmh.results.SingleShotResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.WorkloadParams;

/**
 * JMH's results of all rounds in one file, as if JMH had run each arm as a benchmark with a fork for each round. JMH itself would run the
 * forks of one benchmark before those of the next.
 *
 * <p>Tools for such files show the primary score and nothing else. What JMH measures is the wall time of a request, in which the harness and
 * bursts that do not count have their part, and the number of bursts is another one for each technique. So the primary score is made anew: the
 * median of a round's bursts, each by the target's own clock, is the one iteration of its fork. The mean of the rounds is the score, and
 * what varies from round to round is its error. JMH's own score is among the secondary metrics.
 */
final class MergedJmh {

    /** Secondary metric: the wall time of a request as JMH measures it. */
    static final String REQUEST = "harness.request";

    /** Depends on how fast the machine is; a tool that follows a benchmark by its parameters would lose it. */
    private static final String EFFORT = "bursts";

    private MergedJmh() {}

    /** @param arms for each arm what its rounds replied */
    static byte[] json(Collection<List<RoundReply>> arms) {
        List<RunResult> merged = new ArrayList<>();
        for (List<RoundReply> rounds : arms) {
            BenchmarkParams params = merged(rounds.get(0).runResult().getParams(), rounds.size());
            merged.add(new RunResult(
                    params, rounds.stream().map(round -> fork(params, round)).toList()));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
        ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(merged);
        out.flush();
        return bytes.toByteArray();
    }

    private static BenchmarkResult fork(BenchmarkParams params, RoundReply round) {
        IterationResult iteration = new IterationResult(params, params.getMeasurement(), null);
        iteration.addResult(new SingleShotResult(
                ResultRole.PRIMARY,
                "burst",
                Math.round(round.measured().bursts().quantileNs(0.5)),
                params.getTimeUnit()));
        RunResult jmh = round.runResult();
        iteration.addResult(secondary(REQUEST, jmh.getPrimaryResult()));
        jmh.getSecondaryResults().forEach((label, result) -> iteration.addResult(secondary(label, result)));
        return new BenchmarkResult(params, List.of(iteration));
    }

    /** What JMH has already made one of: the mean or, of counts, the sum of a round. */
    private static ScalarResult secondary(String label, Result<?> result) {
        return new ScalarResult(label, result.getScore(), result.getScoreUnit(), AggregationPolicy.AVG);
    }

    /** JMH knows of no fork, as each round was run within a JVM that was there already. */
    private static BenchmarkParams merged(BenchmarkParams params, int forks) {
        WorkloadParams workload = new WorkloadParams();
        int order = 0;
        for (String key : params.getParamsKeys()) {
            if (!key.equals(EFFORT)) {
                workload.put(key, params.getParam(key), order++);
            }
        }
        IterationParams measurement = params.getMeasurement();
        return new BenchmarkParams(
                params.getBenchmark(),
                params.generatedBenchmark(),
                params.shouldSynchIterations(),
                params.getThreads(),
                params.getThreadGroups(),
                params.getThreadGroupLabels(),
                forks,
                0,
                params.getWarmup(),
                new IterationParams(measurement.getType(), 1, measurement.getTime(), measurement.getBatchSize()),
                params.getMode(),
                workload,
                params.getTimeUnit(),
                params.getOpsPerInvocation(),
                params.getJvm(),
                params.getJvmArgs(),
                params.getJdkVersion(),
                params.getVmName(),
                params.getVmVersion(),
                params.getJmhVersion(),
                params.getTimeout());
    }
}
