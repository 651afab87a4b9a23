package dev.tracetoll.stress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.bench.Techniques;
import dev.tracetoll.faults.Promise;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.testing.NeedsPtrace;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TraceEvent;
import dev.tracetoll.tracing.Tracer;
import dev.tracetoll.tracing.ebpf.Collect;
import dev.tracetoll.tracing.ebpf.EbpfOptions;
import dev.tracetoll.tracing.ebpf.EbpfTracer;
import dev.tracetoll.tracing.inline.InlineTracer;
import dev.tracetoll.tracing.plan.TracePlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls that do not return are reported as such, with the reason, and never matched to a later return. */
@BesideOthers
class UnwindingIT {

    private static final int RING_BYTES = 1 << 20;

    private static final String[] FUNCTIONS = Stream.of(
                    "leaf",
                    "panics",
                    "middle",
                    "outer",
                    "recovers",
                    "cleanup",
                    "deferred",
                    "deferring",
                    "again",
                    "panicsInDeferred",
                    "survives",
                    "dereferences",
                    "dereferencing",
                    "recoversInside",
                    "whileUnwinding",
                    "nests",
                    "ends",
                    "endsBelow",
                    "exits",
                    "waits")
            .map("main."::concat)
            .toArray(String[]::new);
    private static final String[] WITH_THE_RUNTIMES = Stream.concat(
                    Stream.of(FUNCTIONS), Stream.of("runtime.gopanic", "runtime.Goexit"))
            .toArray(String[]::new);

    /** How a function can be left, and what that looks like: {@code >} a call, {@code <} a return, otherwise why there is none. */
    enum Way {
        RECOVER(0, "41 2 2", """
                >recovers >outer >middle >panics >cleanup >leaf <leaf <cleanup panics:panic middle:panic outer:panic <recovers
                >recovers >outer >middle >panics <panics <middle <outer >cleanup <cleanup <recovers >leaf <leaf"""),
        DEFERRED(0, "41 2", """
                >survives >deferring >panics >deferred >leaf <leaf <deferred >cleanup >leaf <leaf <cleanup panics:panic deferring:panic
                <survives >leaf <leaf"""),
        PANIC_IN_DEFERRED(0, "41 2", """
                >survives >panicsInDeferred >panics >again >leaf <leaf >cleanup >leaf <leaf <cleanup again:panic panics:panic
                panicsInDeferred:panic <survives >leaf <leaf"""),
        NESTED(0, "41 2", """
                >survives >nests >panics >whileUnwinding >recoversInside >panics >cleanup >leaf <leaf <cleanup panics:panic
                <recoversInside <whileUnwinding >cleanup >leaf <leaf <cleanup panics:panic nests:panic <survives >leaf <leaf"""),
        NIL(0, "41 2", """
                >survives >dereferencing >dereferences >cleanup >leaf <leaf <cleanup dereferences:panic dereferencing:panic <survives
                >leaf <leaf"""),
        GOEXIT(0, "2", ">endsBelow >ends ends:goexit endsBelow:goexit >deferred >leaf <leaf <deferred >leaf <leaf"),
        EXIT(3, "2", ">leaf <leaf >exits exits:exit"),
        FATAL(2, "2", ">leaf <leaf >outer >middle >panics outer:panic middle:panic panics:panic"),
        WAITING(0, "2", ">waits >leaf <leaf waits:exit");

        private final int exitCode;
        private final String output;
        private final List<String> events;

        Way(int exitCode, String output, String events) {
            this.exitCode = exitCode;
            this.output = output;
            this.events = List.of(events.split("\\s+"));
        }

        String argument() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    @TempDir
    private Path directory;

    @Promise(
            chapter = Promise.Chapter.ENDS,
            fault = "Calls end by a panic, Goexit, a tail call or the exit of the program",
            promise = "each says so",
            backend = "ebpf")
    @NeedsEbpf
    @ParameterizedTest
    @EnumSource
    void callsThatDoNotReturnSayWhyUnderEbpf(TestProgram.Go go) {
        check(Technique.EBPF, go, FUNCTIONS);
    }

    @Promise(
            chapter = Promise.Chapter.ENDS,
            fault = "Calls end by a panic, Goexit, a tail call or the exit of the program",
            promise = "each says so",
            backend = "ptrace")
    @NeedsPtrace
    @ParameterizedTest
    @EnumSource
    void callsThatDoNotReturnSayWhyUnderPtrace(TestProgram.Go go) {
        check(Technique.PTRACE, go, FUNCTIONS);
    }

    @Promise(
            chapter = Promise.Chapter.ENDS,
            fault = "Calls end by a panic, Goexit, a tail call or the exit of the program",
            promise = "each says so",
            backend = "inline")
    @NeedsPtrace
    @ParameterizedTest
    @EnumSource
    void callsThatDoNotReturnSayWhyInline(TestProgram.Go go) {
        check(Technique.INLINE, go, FUNCTIONS);
    }

    @Promise(
            chapter = Promise.Chapter.ENDS,
            fault = "Calls end by a panic, Goexit, a tail call or the exit of the program",
            promise = "each says so",
            backend = "ebpf-patched")
    @NeedsEbpf
    @NeedsPtrace
    @ParameterizedTest
    @EnumSource
    void callsThatDoNotReturnSayWhyUnderPatchedEbpf(TestProgram.Go go) {
        check(Technique.EBPF_PATCHED, go, FUNCTIONS);
    }

    @NeedsPtrace
    @ParameterizedTest
    @EnumSource
    void panicsCanBeTracedThemselvesInline(TestProgram.Go go) {
        check(Technique.INLINE, go, WITH_THE_RUNTIMES);
    }

    /** Every other function is seen by eBPF, and then the others. */
    @NeedsEbpf
    @NeedsPtrace
    @ParameterizedTest
    @EnumSource
    void callsThatDoNotReturnSayWhyWhereTwoSeeThem(TestProgram.Go go) {
        TestProgram program = TestProgram.build(go, "unwinding", directory);
        TracePlan plan = program.plan(64, 0, FUNCTIONS);
        for (int which = 0; which < 2; which++) {
            int byEbpf = which;
            check(
                    Divided.tracer(RING_BYTES),
                    program,
                    Divided.plan(
                            plan, site -> !site.isMark() && List.of(FUNCTIONS).indexOf(site.name()) % 2 == byEbpf),
                    FUNCTIONS);
        }
    }

    @NeedsEbpf
    @ParameterizedTest
    @EnumSource
    void panicsCanBeTracedThemselvesUnderEbpf(TestProgram.Go go) {
        check(Technique.EBPF, go, WITH_THE_RUNTIMES);
    }

    @NeedsPtrace
    @ParameterizedTest
    @EnumSource
    void panicsCanBeTracedThemselvesUnderPtrace(TestProgram.Go go) {
        check(Technique.PTRACE, go, WITH_THE_RUNTIMES);
    }

    @NeedsEbpf
    @ParameterizedTest
    @EnumSource
    void callsThatDoNotReturnHaveNoDuration(TestProgram.Go go) {
        checkDurations(go, new EbpfTracer(EbpfOptions.best().collect(Collect.DURATIONS)));
    }

    @NeedsPtrace
    @ParameterizedTest
    @EnumSource
    void callsThatDoNotReturnHaveNoDurationInline(TestProgram.Go go) {
        checkDurations(go, InlineTracer.timing(notice -> {}));
    }

    private void checkDurations(TestProgram.Go go, Tracer tracer) {
        TestProgram program = TestProgram.build(go, "unwinding", directory);
        for (Way way : Way.values()) {
            TestProgram.Run run = program.trace(
                    tracer,
                    program.plan(64, 0, FUNCTIONS),
                    event -> {},
                    directory.resolve("output"),
                    Map.of(),
                    way.argument());
            assertThat(run.output().strip())
                    .as("output of %s, %s", program, way)
                    .isEqualTo(way.output);
            assertThat(run.totals()).hasSize(FUNCTIONS.length).allSatisfy(total -> {
                String name = total.function().name().replaceFirst("^main\\.", "");
                assertThat(List.of(total.calls(), total.returns(), total.noReturns(), total.lost()))
                        .as("%s, %s, %s", program, way, name)
                        .isEqualTo(
                                List.of(count(way, ">" + name), count(way, "<" + name), count(way, name + ":.*"), 0L));
                assertThat(total.durations().orElseThrow().count()).isEqualTo(total.returns());
            });
        }
    }

    private static long count(Way way, String event) {
        return way.events.stream().filter(each -> each.matches(event)).count();
    }

    private void check(Technique technique, TestProgram.Go go, String... functions) {
        TestProgram program = TestProgram.build(go, "unwinding", directory);
        check(Techniques.tracer(technique).orElseThrow(), program, program.plan(64, 0, functions), functions);
    }

    private void check(Tracer tracer, TestProgram program, TracePlan plan, String... functions) {
        for (Way way : Way.values()) {
            List<String> events = new ArrayList<>();
            List<String> panics = new ArrayList<>();
            TestProgram.Run run = program.trace(
                    tracer,
                    plan,
                    event -> (event.function().name().startsWith("main.") ? events : panics).add(describe(event)),
                    directory.resolve("output"),
                    Map.of(),
                    way.argument());
            assertThat(events)
                    .as("%s, %s, %s", tracer.technique(), program, way)
                    .isEqualTo(way.events);
            assertThat(run.exit()).as("%s, %s", program, way).isEqualTo("exited with code " + way.exitCode);
            assertThat(run.output().strip())
                    .as("output of %s, %s", program, way)
                    .isEqualTo(way.output);
            if (functions == WITH_THE_RUNTIMES && way == Way.FATAL) {
                assertThat(panics).containsExactly(">runtime.gopanic", "runtime.gopanic:panic");
            }
            assertThat(run.counts().lost()).isZero();
        }
    }

    private static String describe(TraceEvent event) {
        String name = event.function().name().replaceFirst("^main\\.", "");
        if (event instanceof TraceEvent.Call) {
            return ">" + name;
        }
        return event instanceof TraceEvent.NoReturn none ? name + ":" + none.why() : "<" + name;
    }
}
