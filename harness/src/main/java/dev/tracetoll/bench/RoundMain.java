package dev.tracetoll.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tracetoll.burst.TargetProgram;
import dev.tracetoll.linux.process.ProcessUsage;
import dev.tracetoll.linux.process.TerminationSignals;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.problem.Problem;
import dev.tracetoll.tracing.ring.RingChoice;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.results.RunResult;

/**
 * The process of one round: measures its arms, each by a run of JMH within this JVM, of which one goes on at a time. The first line of its
 * input is the {@link Round}; each line of its output is a {@link RoundReply}, the last ones those of the arms in their order.
 */
final class RoundMain {

    private static final String WARM_UP_TECHNIQUE = "ebpf-arguments";
    /**
     * Its stacks grow, which is rare elsewhere: what was compiled before a stack has grown would be thrown away when the first one does, in the
     * middle of what is measured.
     */
    private static final String GROWING_TARGET = "recursive";

    private static final long WARM_UP_NS = 1_000_000_000;
    /** A JVM that has read its classes; on a slow machine several times as long. */
    private static final long START_NS = 500_000_000;

    private static final int WARM_UP_BURSTS = 50;
    private static final int WARM_UP_CALLS = 200;
    private static final long PROGRESS_MS = 1_000;

    private RoundMain() {}

    /** Ends with the last arm, with the first that fails, or with its input: nobody waits for more then. */
    public static void main(String[] arguments) throws IOException {
        // A signal to the whole group, as of Ctrl-C, is for the process that started this one: it ends the input.
        TerminationSignals.listen();
        PrintStream replies = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        System.setOut(System.err);
        // JMH guards against two runs at once by a file in /tmp that only its owner can delete; a round makes many
        // short runs.
        System.setProperty("jmh.ignoreLock", "true");
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Round round = new ObjectMapper().readValue(input.readLine(), Round.class);
        Thread watch = new Thread(() -> exitAtTheEndOf(input), "end-of-input");
        watch.setDaemon(true);
        watch.start();
        try {
            warmUp(round.arms());
            measure(round, replies);
        } catch (Problem e) {
            // In a warm-up it may be of an arm that comes late in the round, or not come again: a target that somebody
            // killed is as dead.
            reply(RoundReply.of(e), replies);
        }
        System.exit(0);
    }

    private static void measure(Round round, PrintStream replies) {
        ProcessUsage.resetOwnPeak();
        long jvmBytes = ProcessUsage.ownPeakBytes();
        try (TargetCopies copies = new TargetCopies()) {
            List<ArmTrial> trials = round.arms().stream()
                    .map(arm -> new ArmTrial(arm, round.ring(), copies.of(arm.target()), jvmBytes))
                    .toList();
            Turns<ArmSpec> turns = new Turns<>(round.order());
            ExecutorService threads = Executors.newCachedThreadPool();
            try {
                List<Future<RunResult>> results = trials.stream()
                        .map(trial -> threads.submit(() -> trial.run(turns)))
                        .toList();
                threads.shutdown();
                while (!threads.awaitTermination(PROGRESS_MS, TimeUnit.MILLISECONDS)) {
                    reply(
                            RoundReply.progress(
                                    turns.share(),
                                    turns.current().map(ArmSpec::name).orElse(null)),
                            replies);
                }
                turns.cause().ifPresent(cause -> reply(RoundReply.of(cause), replies));
                for (int i = 0; i < trials.size(); i++) {
                    reply(RoundReply.of(trials.get(i).sample(), results.get(i).get()), replies);
                }
            } catch (InterruptedException | ExecutionException e) {
                throw new OperationFailed("A round ended before its time: " + e.getMessage(), e);
            }
        }
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
        List<String> targets = arms.stream()
                .filter(RoundMain::warmsUp)
                .map(ArmSpec::target)
                .distinct()
                .toList();
        if (!targets.isEmpty() && TargetProgram.exists(GROWING_TARGET)) {
            warmUp(GROWING_TARGET, WARM_UP_NS / 5);
        }
        targets.forEach(target -> warmUp(target, WARM_UP_NS / targets.size()));
    }

    /** What a process of a round takes at least, that measures these arms: it warms up first. */
    static long leastNs(List<ArmSpec> arms) {
        return START_NS + (arms.stream().anyMatch(RoundMain::warmsUp) ? WARM_UP_NS : 0);
    }

    private static boolean warmsUp(ArmSpec arm) {
        return Techniques.ringBytes(arm.technique(), RingChoice.NONE) > 0;
    }

    private static void warmUp(String target, long ns) {
        long startedNs = System.nanoTime();
        try (TracedTarget traced = TargetLauncher.launch(
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
}
