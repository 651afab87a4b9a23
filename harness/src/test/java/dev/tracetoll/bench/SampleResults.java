package dev.tracetoll.bench;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ResultRole;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.SingleShotResult;
import org.openjdk.jmh.runner.IterationType;
import org.openjdk.jmh.runner.WorkloadParams;
import org.openjdk.jmh.runner.options.TimeValue;

/** Results of JMH, as a round within one JVM makes them. */
final class SampleResults {

    private SampleResults() {}

    /** One iteration for each time, in µs. */
    static RunResult round(double... microseconds) {
        IterationParams warmup = new IterationParams(IterationType.WARMUP, 2, TimeValue.NONE, 1);
        IterationParams measurement =
                new IterationParams(IterationType.MEASUREMENT, microseconds.length, TimeValue.NONE, 1);
        WorkloadParams workload = new WorkloadParams();
        workload.put("arm", "ebpf-again", 0);
        workload.put("technique", "ebpf", 1);
        workload.put("bursts", "13", 2);
        BenchmarkParams params = new BenchmarkParams(
                "dev.tracetoll.bench.BurstBenchmark.burst",
                "generated",
                false,
                1,
                new int[] {1},
                List.of(),
                0,
                0,
                warmup,
                measurement,
                Mode.SingleShotTime,
                workload,
                TimeUnit.MICROSECONDS,
                1,
                "java",
                List.of("-Dtracetoll.home=home"),
                "17",
                "VM",
                "17",
                "1.37",
                TimeValue.minutes(10));
        List<IterationResult> iterations = Arrays.stream(microseconds)
                .mapToObj(time -> {
                    IterationResult iteration = new IterationResult(params, measurement, null);
                    iteration.addResult(new SingleShotResult(
                            ResultRole.PRIMARY, "burst", Math.round(1_000 * time), 1, TimeUnit.MICROSECONDS));
                    return iteration;
                })
                .toList();
        return new RunResult(params, List.of(new BenchmarkResult(params, iterations)));
    }
}
