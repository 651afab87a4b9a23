package dev.tracetoll.bench;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tracetoll.linux.TerminationSignals;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.problem.Problem;
import dev.tracetoll.target.TargetProgram;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * The process of one round: measures its arms one after the other, each by a run of JMH within this JVM. The first line of its input are
 * the arms; each arm's {@link RoundReply} is a line of its output.
 */
final class RoundMain {

    private static final String WARM_UP_TECHNIQUE = "ebpf-arguments";
    /**
     * Its stacks grow, which is rare elsewhere: what was compiled before a stack has grown would be thrown away when the first one does, in the
     * middle of what is measured.
     */
    private static final String GROWING_TARGET = "recursive";
    private static final long WARM_UP_NS = 1_000_000_000;
    private static final int WARM_UP_BURSTS = 50;
    private static final int WARM_UP_CALLS = 200;

    private RoundMain() {}

    /** Ends with the last arm, with the first that fails, or with its input: nobody waits for more then. */
    public static void main(String[] arguments) throws IOException {
        // A signal to the whole group, as of Ctrl-C, is for the process that started this one: it ends the input.
        TerminationSignals.listen();
        PrintStream replies = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        System.setOut(System.err);
        // JMH guards against two runs at once by a file in /tmp that only its owner can delete; a round makes many short runs.
        System.setProperty("jmh.ignoreLock", "true");
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        List<ArmSpec> arms = new ObjectMapper().readValue(input.readLine(), new TypeReference<>() {});
        Thread watch = new Thread(() -> exitAtTheEndOf(input), "end-of-input");
        watch.setDaemon(true);
        watch.start();
        try {
            warmUp(arms);
        } catch (Problem e) {
            // It may be of an arm that comes late in the round, or not come again: a target that somebody killed is as dead in a warm-up.
            reply(RoundReply.of(e), replies);
        }
        for (ArmSpec arm : arms) {
            reply(measure(arm), replies);
        }
        System.exit(0);
    }

    private static void reply(RoundReply reply, PrintStream replies) {
        replies.println(reply.line());
        if (reply.problem() != null) {
            System.exit(reply.exitCode());
        }
    }

    /**
     * Lets the just-in-time compiler have done with what reads the ring buffer before anything is measured. That takes some hundred thousand
     * events, more than the warm-up of any arm has: until then an event costs the tracer 4 µs instead of 0.2, and a tracer that is busy all
     * the time slows down the target where their CPUs are two threads of one core. It was found so on a 2-CPU virtual machine with Linux
     * 6.18: without this, the arms that came early in a round were up to 30 % dearer.
     *
     * @throws Problem if a target cannot be traced
     */
    private static void warmUp(List<ArmSpec> arms) {
        List<String> targets = arms.stream().filter(arm -> Techniques.ringBytes(arm.technique()) > 0).map(ArmSpec::target).distinct().toList();
        if (!targets.isEmpty() && TargetProgram.exists(GROWING_TARGET)) {
            warmUp(GROWING_TARGET, WARM_UP_NS / 5);
        }
        targets.forEach(target -> warmUp(target, WARM_UP_NS / targets.size()));
    }

    private static void warmUp(String target, long ns) {
        long startedNs = System.nanoTime();
        try (TracedTarget traced = TracedTarget.launch(
                Techniques.named(WARM_UP_TECHNIQUE), TargetProgram.of(target), List.of(), TracedTarget.DISCARD)) {
            while (System.nanoTime() - startedNs < ns) {
                traced.burst(WARM_UP_BURSTS, WARM_UP_CALLS);
            }
        }
    }

    private static void exitAtTheEndOf(BufferedReader input) {
        try {
            while (input.readLine() != null) {
                // Nothing more is said.
            }
        } catch (IOException e) {
            // As good as the end.
        }
        System.exit(1);
    }

    private static RoundReply measure(ArmSpec arm) {
        try {
            Collection<RunResult> results = new Runner(options(arm)).run();
            return RoundReply.of(BurstBenchmark.takeSample(), results.iterator().next());
        } catch (RunnerException e) {
            return RoundReply.of(cause(e, arm));
        } catch (RuntimeException | Error e) {
            return RoundReply.of(e);
        }
    }

    /** JMH wraps what a benchmark throws. */
    private static Throwable cause(RunnerException e, ArmSpec arm) {
        try {
            BurstBenchmark.takeSample();
        } catch (RuntimeException | Error problem) {
            return problem;
        }
        return new OperationFailed("JMH could not measure " + arm.name() + " on " + arm.target() + ": " + e.getMessage(), e);
    }

    private static Options options(ArmSpec arm) {
        Effort effort = arm.effort();
        return new OptionsBuilder()
                .include("^" + BurstBenchmark.class.getName().replace(".", "\\.") + "\\.burst$")
                .param("arm", arm.name())
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
                .forks(0)
                .addProfiler(TargetTimes.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
    }
}
