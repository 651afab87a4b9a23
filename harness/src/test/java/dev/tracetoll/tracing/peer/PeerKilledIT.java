package dev.tracetoll.tracing.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.burst.Target;
import dev.tracetoll.burst.TargetProgram;
import dev.tracetoll.environment.ToolVersion;
import dev.tracetoll.faults.Tries;
import dev.tracetoll.linux.kernel.Signal;
import dev.tracetoll.linux.process.RunningProcess;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.problem.Problem;
import dev.tracetoll.testing.NeedsDelve;
import dev.tracetoll.testing.OneAtATime;
import dev.tracetoll.testing.PeerTools;
import dev.tracetoll.tracing.registry.PeerKilled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kills other tools while they trace: what becomes of the program is what reports say of them. With {@code -Dtracetoll.test.publish=true} the record that
 * they say it from is made anew; else programs that always ran on must do so again. What becomes of the others depends on the moment.
 */
@NeedsDelve
@OneAtATime
class PeerKilledIT {

    private static final int KILLS = Tries.wanted(1, 10);
    /** Of the target that has no results, which all can trace, and of the one that makes system calls. */
    private static final String FUNCTION = "main.probed";

    private static final int LOWEST_DESCRIPTOR = 100;
    /** Under the slowest tool two seconds or so. */
    private static final int CALLS = 300;

    private static final int CALLS_AFTERWARDS = 20;
    /** Nothing traces it then, and it is a matter of microseconds. */
    private static final Duration STANDING_STILL = Duration.ofSeconds(20);

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Pattern DIED = Pattern.compile("\\) ((?:exited with code|was killed by) \\S+) during");
    /** Go's runtime says so at the beginning of its last words, which are often too many for a message. */
    private static final String SIGTRAP = "SIGTRAP";

    private static final String TRAPPED = ", " + SIGTRAP;

    private static final Pattern VERSION = Pattern.compile("\\d+(\\.\\d+)+");
    private static final Path RECORD = Path.of("src/main/resources/dev/tracetoll/tracing/registry/peers-killed.tsv");
    private static final List<PeerKilled> SEEN = new ArrayList<>();

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    /** What became of a program: {@link #RAN_ON}, {@link #HUNG}, or how it died. */
    private record End(String how) {
        static final End RAN_ON = new End("ran on");
        static final End HUNG = new End("hung");

        static End died(Throwable e) {
            Matcher words = DIED.matcher(String.valueOf(e.getMessage()));
            assertThat(words.find()).as("how it ended: %s", e).isTrue();
            String how = words.group(1);
            return new End(how + (e.getMessage().contains(SIGTRAP) && !how.contains(SIGTRAP) ? TRAPPED : ""));
        }
    }

    static Stream<Peer> peers() {
        return Peers.ALL.stream();
    }

    @AfterAll
    static void publish() throws IOException {
        if (Boolean.getBoolean("tracetoll.test.publish")) {
            Files.writeString(RECORD, PeerKilled.record(SEEN));
        }
    }

    @ParameterizedTest
    @MethodSource("peers")
    void theProgramEndsAsTheRecordSays(Peer peer) throws Exception {
        PeerTools.require(peer.tool());
        List<End> ends = new ArrayList<>();
        for (int i = 0; i < KILLS; i++) {
            ends.add(kill(peer));
        }
        int ranOn = Collections.frequency(ends, End.RAN_ON);
        int hung = Collections.frequency(ends, End.HUNG);
        PeerKilled seen = new PeerKilled(
                peer.technique().name(), version(peer.tool()), KILLS, ranOn, KILLS - ranOn - hung, hung, how(ends));
        System.out.println(seen);
        SEEN.add(seen);
        Optional<PeerKilled> published = PeerKilled.of(seen.technique());
        if (!Boolean.getBoolean("tracetoll.test.publish")) {
            assertThat(published).as("%s; a record of it", seen).isPresent();
            if (published.orElseThrow().ranOn() == published.orElseThrow().tried()) {
                assertThat(seen.ranOn()).as("seed %d: %s", seed, seen).isEqualTo(KILLS);
            }
        }
    }

    private static String how(List<End> ends) {
        List<String> ways = ends.stream()
                .filter(end -> !end.equals(End.RAN_ON) && !end.equals(End.HUNG))
                .map(End::how)
                .distinct()
                .sorted()
                .toList();
        // One that says why says it for those whose last words were too many.
        return ways.stream().filter(way -> !ways.contains(way + TRAPPED)).collect(Collectors.joining("; "));
    }

    private static String version(PeerTool tool) {
        Matcher version =
                VERSION.matcher(ToolVersion.of(tool.versionCommand(), LONG).orElseThrow());
        assertThat(version.find()).isTrue();
        return version.group();
    }

    private End kill(Peer peer) throws Exception {
        TargetProgram program = TargetProgram.named(peer.systemCalls() ? "writes" : "silent");
        PeerTracer tracer = new PeerTracer(peer, program.path(), FUNCTION, LOWEST_DESCRIPTOR);
        try (Target target = Target.launch(program, List.of(), tracer.launcher())) {
            PeerSession session = tracer.attach(target.pid());
            try {
                return kill(session, target);
            } finally {
                close(session);
            }
        }
    }

    /** A tool that was killed has nothing to report. */
    private static void close(PeerSession session) {
        try {
            session.close();
        } catch (OperationFailed e) {
            assertThat(e).hasMessageContaining("peer");
        }
    }

    private End kill(PeerSession session, Target target) throws Exception {
        try (RunningProcess killed = RunningProcess.of(session.pid())) {
            CompletableFuture<Void> calls = CompletableFuture.runAsync(() -> target.burst(1, CALLS));
            // Not to wait for something, but to kill at any moment.
            TimeUnit.MICROSECONDS.sleep(random.nextInt(300_000));
            killed.signal(Signal.SIGKILL);
            assertThat(killed.awaitEnd(LONG)).isTrue();
            return endOf(target, calls);
        }
    }

    private static End endOf(Target target, CompletableFuture<Void> calls) throws Exception {
        try {
            calls.handle((none, thrown) -> thrown).get(STANDING_STILL.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            return End.HUNG;
        }
        if (!calls.isCompletedExceptionally()) {
            target.setReplyDeadline(STANDING_STILL);
            try {
                target.burst(1, CALLS_AFTERWARDS);
                return End.RAN_ON;
            } catch (Problem e) {
                return End.died(e);
            }
        }
        return End.died(calls.handle((none, thrown) -> thrown.getCause()).get());
    }
}
