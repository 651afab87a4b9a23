package dev.tracetoll.bench;

import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.problem.Problem;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.EventCounts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Carries out a {@link Plan}: one JMH run for each arm of each round, in the plan's order. */
public final class Measurement {

    /** Told how far a run has come. */
    @FunctionalInterface
    public interface Progress {
        /**
         * A round of an arm begins.
         *
         * @param done rounds of arms that are done
         * @param total rounds of arms that there are
         */
        void begins(int done, int total, int round, ArmSpec arm);
    }

    /**
     * What was measured.
     *
     * @param arms in the plan's order
     * @param jmhJson JMH's own results, one benchmark an arm, one fork a round
     */
    public record Outcome(List<Arm> arms, byte[] jmhJson) {}

    private final Plan plan;
    private final Map<ArmSpec, List<RoundSample>> samples = new LinkedHashMap<>();
    private final Map<ArmSpec, List<RunResult>> jmh = new LinkedHashMap<>();

    public Measurement(Plan plan) {
        this.plan = plan;
        for (ArmSpec arm : plan.arms()) {
            samples.put(arm, new ArrayList<>());
            jmh.put(arm, new ArrayList<>());
        }
        // JMH guards against two runs at once by a file in /tmp that only its owner can delete; interleaving makes many short runs.
        System.setProperty("jmh.ignoreLock", "true");
    }

    /**
     * Measures.
     *
     * @throws Problem if an arm cannot be measured
     */
    public Outcome run(Progress progress) {
        int total = plan.order().stream().mapToInt(List::size).sum();
        int done = 0;
        int round = 0;
        for (List<ArmSpec> arms : plan.order()) {
            round++;
            for (ArmSpec arm : arms) {
                progress.begins(done, total, round, arm);
                measure(arm);
                done++;
            }
        }
        List<Arm> arms = new ArrayList<>();
        samples.forEach((arm, rounds) -> arms.add(merge(arm, rounds)));
        return new Outcome(arms, jmhJson());
    }

    private void measure(ArmSpec arm) {
        Effort effort = arm.effort();
        Path sample = temporary();
        try {
            Options options = new OptionsBuilder()
                    .include("^" + BurstBenchmark.class.getName().replace(".", "\\.") + "\\.burst$")
                    .param("technique", arm.technique())
                    .param("target", arm.target())
                    .param("calls", Integer.toString(arm.calls()))
                    .param("arguments", arm.arguments().isEmpty() ? BurstBenchmark.NO_ARGUMENTS : String.join(" ", arm.arguments()))
                    .param("placement", arm.placement().name())
                    .param("probedFunctions", Integer.toString(arm.probedFunctions()))
                    .param("maxBytes", Integer.toString(arm.maxBytes()))
                    .param("bursts", Integer.toString(effort.bursts()))
                    .warmupIterations(effort.warmups())
                    .measurementIterations(effort.iterations())
                    .forks(1)
                    .addProfiler(TargetTimes.class)
                    .jvmArgsAppend("-D" + RoundSample.FILE_PROPERTY + "=" + sample)
                    .shouldFailOnError(true)
                    .verbosity(VerboseMode.SILENT)
                    .build();
            Collection<RunResult> results = new Runner(options).run();
            samples.get(arm).add(RoundSample.read(sample, arm.name()));
            jmh.get(arm).addAll(results);
        } catch (RunnerException e) {
            RoundSample.read(sample, arm.name());
            throw new OperationFailed("JMH could not measure " + arm.name() + " on " + arm.target() + ": " + e.getMessage(), e);
        } finally {
            delete(sample);
        }
    }

    private static Arm merge(ArmSpec spec, List<RoundSample> rounds) {
        RoundSample first = rounds.get(0);
        EventCounts calls = EventCounts.NONE;
        EventCounts returns = EventCounts.NONE;
        for (RoundSample round : rounds) {
            calls = calls.plus(round.calls());
            returns = returns.plus(round.returns());
        }
        return new Arm(spec.name(), spec.technique(), Path.of(spec.target()).getFileName().toString(), first.function(), spec.calls(),
                returns.expected() > 0, first.goVersion(),
                rounds.stream().mapToInt(RoundSample::warmupBursts).sum(),
                rounds.stream().map(RoundSample::durationsNs).toList(), calls, returns,
                rounds.stream().mapToLong(RoundSample::targetCpuNs).sum(),
                rounds.stream().mapToLong(RoundSample::tracerCpuNs).sum(),
                rounds.stream().mapToLong(RoundSample::targetPeakBytes).max().orElse(0),
                rounds.stream().mapToLong(RoundSample::tracerPeakBytes).max().orElse(0),
                spec.placement(), spec.arguments(), spec.untraced() ? 0 : spec.probedFunctions(),
                rounds.stream().mapToInt(RoundSample::threads).max().orElse(0), first.sites(),
                Techniques.find(spec.technique()).flatMap(Techniques.Entry::peer).isPresent(),
                Techniques.ringBytes(spec.technique()));
    }

    private byte[] jmhJson() {
        List<RunResult> merged = new ArrayList<>();
        for (List<RunResult> rounds : jmh.values()) {
            List<BenchmarkResult> forks = new ArrayList<>();
            rounds.forEach(round -> forks.addAll(round.getBenchmarkResults()));
            merged.add(new RunResult(rounds.get(0).getParams(), forks));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
        ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(merged);
        out.flush();
        return bytes.toByteArray();
    }

    private static Path temporary() {
        try {
            Path file = Files.createTempFile("tracetoll-sample-", ".json");
            // For the run that is interrupted.
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new OperationFailed("Cannot make a temporary file: " + e.getMessage() + "; make room in "
                    + System.getProperty("java.io.tmpdir"), e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
