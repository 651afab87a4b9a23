package dev.tracetoll.stress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.testing.NeedsPtrace;
import dev.tracetoll.testing.OneAtATime;
import dev.tracetoll.tracing.EventSink;
import dev.tracetoll.tracing.FunctionHits;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.TraceEvent;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.TracedProcess;
import dev.tracetoll.tracing.Tracer;
import dev.tracetoll.tracing.ebpf.EbpfOptions;
import dev.tracetoll.tracing.ebpf.EbpfTracer;
import dev.tracetoll.tracing.ebpf.PatchedTracer;
import dev.tracetoll.tracing.inline.InlineTracer;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.ptrace.PtraceTracer;
import dev.tracetoll.tracing.ring.Draining;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** While many goroutines call a function, its probes are taken off, and those of its callers stay: every hit is accounted for. */
@OneAtATime
@NeedsEbpf
@NeedsPtrace
class TakingOffIT {

    private static final int GOROUTINES = 100;
    private static final int CALLS = 100;
    private static final long MADE = (long) GOROUTINES * CALLS;
    private static final int RING_BYTES = 64 << 20;
    private static final String INNER = "main.inner";

    @TempDir
    private Path directory;

    /** Lets a test at the session that it begins. */
    private static final class Watched implements Tracer {
        private final Tracer tracer;
        private @Nullable TraceSession session;

        Watched(Tracer tracer) {
            this.tracer = tracer;
        }

        @Override
        public Technique technique() {
            return tracer.technique();
        }

        @Override
        public TraceSession attach(TracePlan plan, TracedProcess process, EventSink sink) {
            session = tracer.attach(plan, process, sink);
            return session;
        }
    }

    static Stream<Arguments> tracers() {
        EbpfOptions best = EbpfOptions.best();
        return Stream.of(
                tracer("ebpf", new EbpfTracer(best), all -> all),
                tracer("ebpf, interpreted", new EbpfTracer(best.interpreted()), all -> all),
                tracer("ebpf-patched", new PatchedTracer(best, notice -> {}), all -> all),
                tracer("ptrace", new PtraceTracer(), all -> all),
                tracer("inline", new InlineTracer(RING_BYTES, Draining.adaptive(), notice -> {}), all -> all),
                tracer(
                        "inline and ebpf",
                        Divided.tracer(RING_BYTES),
                        all -> Divided.plan(all, site -> !site.name().equals(INNER) && !site.isMark())),
                tracer(
                        "ebpf and inline",
                        Divided.tracer(RING_BYTES),
                        all -> Divided.plan(all, site -> site.name().equals(INNER))));
    }

    private static Arguments tracer(String name, Tracer tracer, UnaryOperator<TracePlan> divided) {
        return Arguments.of(name, tracer, divided);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tracers")
    void whatIsNotTakenOffIsSeenWhole(String name, Tracer tracer, UnaryOperator<TracePlan> divided) {
        TestProgram program = TestProgram.build(TestProgram.Go.NEWEST, "stress", directory);
        TracePlan plan = divided.apply(program.plan(64, 1, "main.call", "main.outer", INNER))
                .forGuard();
        List<TracedFunction> functions = plan.request().functions();
        Map<String, Long> seen = new ConcurrentHashMap<>();
        Watched watched = new Watched(tracer);
        TestProgram.Run run = program.trace(
                watched,
                plan,
                event -> seen.merge(
                        event.getClass().getSimpleName() + " "
                                + event.function().name()
                                + (event instanceof TraceEvent.NoReturn never ? " " + never.why() : ""),
                        1L,
                        Long::sum),
                child -> takeOffWhenHit(watched.session, functions.get(2)),
                directory.resolve("output"),
                Map.of(),
                "-goroutines",
                Integer.toString(GOROUTINES),
                "-calls",
                Integer.toString(CALLS));

        TraceCounts counts = run.counts();
        assertThat(counts.lost()).as("%s", counts).isZero();
        for (String function : List.of("main.call", "main.outer")) {
            assertThat(seen.get("Call " + function)).as("%s", seen).isEqualTo(MADE);
            assertThat(seen.get("Return " + function)).as("%s", seen).isEqualTo(MADE);
        }
        long calls = seen.get("Call " + INNER);
        long returns = seen.getOrDefault("Return " + INNER, 0L);
        assertThat(seen.keySet())
                .as("calls that do not return for no other reason: %s", seen)
                .filteredOn(each -> each.startsWith("NoReturn"))
                .allMatch(each -> each.equals("NoReturn " + INNER + " takenOff"));
        assertThat(calls - returns).isEqualTo(seen.getOrDefault("NoReturn " + INNER + " takenOff", 0L));
        if (Set.of("ebpf", "ebpf, interpreted", "ptrace", "ebpf and inline").contains(name)) {
            // All would take seconds.
            assertThat(calls).isPositive().isLessThan(MADE);
        }
        List<FunctionHits> hits = watched.session.hits();
        assertThat(hits.get(0).exits()).as("%s", hits).isEqualTo(MADE);
        assertThat(hits.get(2).entries())
                .as("calls that come back from growing their stacks have hit twice: %s of %s", hits, calls)
                .isBetween(calls, calls + GOROUTINES * 64L);
        assertThat(hits.get(2).exits()).isEqualTo(returns + seen.getOrDefault("UnpairedReturn " + INNER, 0L));
    }

    private static void takeOffWhenHit(TraceSession session, TracedFunction function) {
        while (session.hits().isEmpty() || session.hits().get(2).entries() == 0) {
            LockSupport.parkNanos(1_000_000);
        }
        session.takeOff(List.of(function));
    }
}
