package dev.tracetoll.bench;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.WorkloadParams;

/**
 * JMH's results of all rounds in one file, as if JMH had run each arm as a benchmark with a fork for each round. JMH itself would run the
 * forks of one benchmark before those of the next.
 */
final class MergedJmh {

    private MergedJmh() {}

    /** @param arms for each arm the results of its rounds */
    static byte[] json(Collection<List<RunResult>> arms) {
        List<RunResult> merged = new ArrayList<>();
        for (List<RunResult> rounds : arms) {
            List<BenchmarkResult> forks = new ArrayList<>();
            rounds.forEach(round -> forks.addAll(round.getBenchmarkResults()));
            merged.add(new RunResult(withForks(rounds.get(0).getParams(), rounds.size()), forks));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
        ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(merged);
        out.flush();
        return bytes.toByteArray();
    }

    /** JMH knows of no fork, as each round was run within a JVM that was there already. */
    private static BenchmarkParams withForks(BenchmarkParams params, int forks) {
        WorkloadParams workload = new WorkloadParams();
        int order = 0;
        for (String key : params.getParamsKeys()) {
            workload.put(key, params.getParam(key), order++);
        }
        IterationParams warmup = params.getWarmup();
        IterationParams measurement = params.getMeasurement();
        return new BenchmarkParams(params.getBenchmark(), params.generatedBenchmark(), params.shouldSynchIterations(), params.getThreads(),
                params.getThreadGroups(), params.getThreadGroupLabels(), forks, 0, warmup, measurement, params.getMode(), workload,
                params.getTimeUnit(), params.getOpsPerInvocation(), params.getJvm(), params.getJvmArgs(), params.getJdkVersion(),
                params.getVmName(), params.getVmVersion(), params.getJmhVersion(), params.getTimeout());
    }
}
