package dev.tracetoll.stress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.faults.Tries;
import dev.tracetoll.linux.process.ChildProcess;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.testing.NeedsPtrace;
import dev.tracetoll.testing.OneAtATime;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.TraceEvent;
import dev.tracetoll.tracing.Tracer;
import dev.tracetoll.tracing.ebpf.EbpfOptions;
import dev.tracetoll.tracing.ebpf.EbpfTracer;
import dev.tracetoll.tracing.inline.InlineTracer;
import dev.tracetoll.tracing.ring.Draining;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever goes on in a program meanwhile, code within it that traces changes nothing, and sees each call or counts it as lost. */
@OneAtATime
@NeedsPtrace
class HazardsIT {

    private static final String[] FUNCTIONS = {"main.step", "main.deep", "main.panics", "main.observes", "main.observed"
    };
    private static final Pattern TRUTH = Pattern.compile("([0-9]+) calls, ([0-9]+) returns, <nil>\n");
    /** {@code asm/signal.h}. */
    private static final int SIGURG = 23;

    private static final long SIGNALS_A_SECOND = 10_000;
    private static final Duration BETWEEN_SIGNALS = Duration.ofSeconds(1).dividedBy(SIGNALS_A_SECOND);
    private static final int RING_BYTES = 64 << 20;
    private static final int SMALLEST_RING_BYTES = 4096;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "NEWEST, plain, 100, 100",
        "OLDEST, plain, 100, 100",
        "NEWEST, profile, 100, 4",
        "OLDEST, profile, 100, 4",
        "NEWEST, trace, 30, 4",
        "OLDEST, trace, 30, 4",
        "NEWEST, panics, 100, 100",
        "OLDEST, panics, 100, 100",
        "NEWEST, observed, 100, 100",
        "OLDEST, observed, 100, 100"
    })
    void nothingChangesAndNothingIsMissed(TestProgram.Go go, String hazard, int rounds, int collection) {
        check(go, hazard, Tries.wanted(rounds, 10 * rounds), Map.of("GOGC", "" + collection), child -> {});
    }

    @ParameterizedTest
    @EnumSource
    void signalsFromOutsideChangeNothing(TestProgram.Go go) {
        AtomicLong sent = new AtomicLong();
        check(go, "plain", Tries.wanted(300, 3_000), Map.of("GOGC", "1"), child -> send(child, sent));
        assertThat(sent).as("signals sent").hasPositiveValue();
    }

    /** As many as are due, since no pause is as short. */
    private static void send(ChildProcess child, AtomicLong sent) {
        long began = System.nanoTime();
        while (child.awaitExit(Duration.ZERO).isEmpty()) {
            long due = (System.nanoTime() - began) / BETWEEN_SIGNALS.toNanos();
            while (sent.get() < due) {
                child.signal(SIGURG);
                sent.incrementAndGet();
            }
            LockSupport.parkNanos(BETWEEN_SIGNALS.toNanos());
        }
    }

    /** That a panic was seen to begin is no event, so that it cannot be a lost one. */
    @NeedsEbpf
    @ParameterizedTest
    @EnumSource
    void ofPanicsThatFindNoRoomNoneIsACallUnderEbpf(TestProgram.Go go) {
        check(
                new EbpfTracer(EbpfOptions.best().ringBytes(SMALLEST_RING_BYTES)),
                go,
                "panics",
                10,
                Map.of(),
                child -> {});
    }

    private void check(
            TestProgram.Go go,
            String hazard,
            int rounds,
            Map<String, String> environment,
            Consumer<ChildProcess> meanwhile) {
        check(
                new InlineTracer(RING_BYTES, Draining.adaptive(), notice -> {}),
                go,
                hazard,
                rounds,
                environment,
                meanwhile);
    }

    private void check(
            Tracer tracer,
            TestProgram.Go go,
            String hazard,
            int rounds,
            Map<String, String> environment,
            Consumer<ChildProcess> meanwhile) {
        TestProgram program = TestProgram.build(go, "hazards", directory);
        String[] arguments = {hazard, Integer.toString(rounds)};
        TestProgram.Run untraced = program.run(directory.resolve("untraced"), environment, arguments);
        TestProgram.Run traced = program.trace(
                tracer,
                program.plan(64, 1, FUNCTIONS),
                event -> {},
                meanwhile,
                directory.resolve("traced"),
                environment,
                arguments);

        System.out.printf("%s, %s: %s%n", program, hazard, traced.counts());
        assertThat(traced.exit()).isEqualTo(untraced.exit()).isEqualTo("exited with code 0");
        assertThat(traced.output()).isEqualTo(untraced.output());
        Matcher truth = TRUTH.matcher(traced.output());
        assertThat(truth.matches()).as(traced.output()).isTrue();
        checkCounts(traced.counts(), Long.parseLong(truth.group(1)), Long.parseLong(truth.group(2)));
    }

    private static void checkCounts(TraceCounts counts, long calls, long returns) {
        assertThat(counts.calls() + counts.lostCalls())
                .as("calls seen and lost: %s", counts)
                .isEqualTo(calls);
        assertThat(counts.returnsSeen() + counts.lostReturns())
                .as("returns seen and lost: %s", counts)
                .isEqualTo(returns);
        assertThat(counts.calls())
                .as("each call has one end: %s", counts)
                .isEqualTo(counts.returns() + counts.noReturns());
    }

    /** More than anybody could read, so that most of it finds no room. */
    @ParameterizedTest
    @CsvSource({"NEWEST, 1, 20000000", "OLDEST, 1, 20000000", "NEWEST, 20, 300000", "OLDEST, 20, 300000"})
    void ofATorrentEachCallIsSeenOrCountedAsLost(TestProgram.Go go, int threads, int calls) {
        TestProgram program = TestProgram.build(go, "torrent", directory);
        String[] arguments = {"-threads", Integer.toString(threads), "-calls", Integer.toString(calls)};
        TestProgram.Run untraced = program.run(directory.resolve("untraced"), Map.of(), arguments);
        AtomicLong wrong = new AtomicLong();
        TestProgram.Run traced = program.trace(
                new InlineTracer(RING_BYTES, Draining.adaptive(), notice -> {}),
                program.plan(64, 1, "main.step"),
                event -> {
                    if (event instanceof TraceEvent.Call call && call.depth() != 0) {
                        wrong.incrementAndGet();
                    }
                },
                directory.resolve("traced"),
                Map.of(),
                arguments);

        System.out.printf("%s, %d threads: %s%n", program, threads, traced.counts());
        assertThat(traced.output()).isEqualTo(untraced.output());
        assertThat(wrong).as("calls within others").hasValue(0);
        checkCounts(traced.counts(), (long) threads * calls, (long) threads * calls);
    }

    /** On threads of C's, too, which get a goroutine on the way into Go and give it back. */
    @Test
    void callsFromCAreSeen() {
        TestProgram program = TestProgram.build(
                TestProgram.Go.NEWEST, Map.of("TRACETOLL_CGO", "1", "CC", "clang"), "callback", directory);
        TestProgram.Run untraced = program.run(directory.resolve("untraced"), Map.of());
        TestProgram.Run traced = program.trace(
                new InlineTracer(RING_BYTES, Draining.adaptive(), notice -> {}),
                program.plan(64, 1, "main.increment", "main.probed"),
                event -> {},
                directory.resolve("traced"),
                Map.of());

        assertThat(traced.output()).isEqualTo(untraced.output());
        assertThat(traced.exit()).isEqualTo(untraced.exit());
        assertThat(traced.counts()).isEqualTo(new TraceCounts(30, 30, 0, 0, 0));
    }
}
