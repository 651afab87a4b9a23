package dev.tracetoll.stress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.bench.Techniques;
import dev.tracetoll.faults.Promise;
import dev.tracetoll.linux.process.ChildProcess;
import dev.tracetoll.linux.process.Launch;
import dev.tracetoll.linux.process.Redirect;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.testing.NeedsPtrace;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TraceEvent;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.TracedProcess;
import dev.tracetoll.tracing.Tracer;
import dev.tracetoll.tracing.ebpf.Collect;
import dev.tracetoll.tracing.ebpf.EbpfOptions;
import dev.tracetoll.tracing.ebpf.EbpfTracer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A process that executes its program anew goes on being traced, and one that executes another is said to be left; no call gets lost on the way. */
@BesideOthers
class ExecutingIT {

    private static final String[] FUNCTIONS =
            Stream.of("step", "scale", "deep", "execute").map("main."::concat).toArray(String[]::new);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration LOOK = Duration.ofMillis(5);
    private static final String ONCE = ">step <step >execute execute:exec ";
    private static final String END = ">step <step >scale >step <step <scale ";
    private static final String LEFT = ".* now runs \\S+, none of whose functions are probed";
    private static final String JUMPS_GONE =
            "process [0-9]+ has executed a program since, in which there are no jumps of this tracer";
    private static final String OUTRUN =
            ".* has executed its program anew from another thread than its first one, .*--backend ptrace";

    /** How a program is executed, how often, and what that looks like: {@code >} a call, {@code <} a return, otherwise why there is none. */
    enum Way {
        FIRST(2, "done 4", ONCE.repeat(2) + END),
        ELSEWHERE(2, "done 4", ONCE.repeat(2) + END),
        ALTERNATING(3, "done 4", ONCE.repeat(3) + END),
        OTHER(1, "done", ONCE),
        OTHER_ELSEWHERE(1, "done", ONCE),
        AND_BACK(1, "done 4", ONCE),
        FAILING(1, "done", ">step <step >step <step "),
        CHILD(1, "done 4", ">step <step >step <step ");

        private final int times;
        private final String output;
        private final List<String> events;

        Way(int times, String output, String events) {
            this.times = times;
            this.output = output;
            this.events = List.of(events.split("\\s+"));
        }

        String argument() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }

        boolean ends() {
            return this == OTHER || this == OTHER_ELSEWHERE || this == AND_BACK;
        }

        boolean executes() {
            return this != FAILING && this != CHILD;
        }

        /** Whether another thread than the first executes the program anew, so that eBPF follows children only. */
        boolean outruns() {
            return this == ELSEWHERE || this == ALTERNATING;
        }
    }

    /** What was seen of a run. */
    private record Seen(List<TraceEvent> events, Optional<String> over, TraceSession session, String output) {
        List<String> described() {
            return events.stream().map(ExecutingIT::describe).toList();
        }
    }

    @TempDir
    private Path directory;

    @Promise(
            chapter = Promise.Chapter.ENDS,
            fault = "The process executes its program anew, from its first thread or another",
            promise = "it is followed from its first instruction; what was open is `exec`",
            backend = "ebpf")
    @NeedsEbpf
    @ParameterizedTest
    @EnumSource
    void aChildIsFollowedUnderEbpf(TestProgram.Go go) throws Exception {
        checkChild(Technique.EBPF, go);
    }

    @Promise(
            chapter = Promise.Chapter.ENDS,
            fault = "The process executes its program anew, from its first thread or another",
            promise = "it is followed from its first instruction; what was open is `exec`",
            backend = "ptrace")
    @NeedsPtrace
    @ParameterizedTest
    @EnumSource
    void aChildIsFollowedUnderPtrace(TestProgram.Go go) throws Exception {
        checkChild(Technique.PTRACE, go);
    }

    @NeedsEbpf
    @ParameterizedTest
    @EnumSource
    void aRunningProcessIsFollowedUnderEbpf(TestProgram.Go go) throws Exception {
        TestProgram program = TestProgram.build(go, "executing", directory);
        for (Way way : Way.values()) {
            check(
                    program,
                    way,
                    attached(tracer(Technique.EBPF), program, way.argument(), way.times),
                    way.outruns() ? OUTRUN : LEFT,
                    way.outruns() ? List.of(ONCE.split(" ")) : way.events);
        }
    }

    @NeedsPtrace
    @ParameterizedTest
    @EnumSource
    void aRunningProcessIsFollowedUnderPtrace(TestProgram.Go go) throws Exception {
        TestProgram program = TestProgram.build(go, "executing", directory);
        for (Way way : Way.values()) {
            check(
                    program,
                    way,
                    attached(tracer(Technique.PTRACE), program, way.argument(), way.times),
                    LEFT,
                    way.events);
        }
    }

    private void checkChild(Technique technique, TestProgram.Go go) throws Exception {
        TestProgram program = TestProgram.build(go, "executing", directory);
        for (Way way : Way.values()) {
            check(program, way, launched(tracer(technique), program, way.argument(), way.times), LEFT, way.events);
        }
    }

    private static void check(TestProgram program, Way way, Seen seen, String over, List<String> events) {
        assertThat(seen.described()).as("%s, %s", program, way).isEqualTo(events);
        assertThat(seen.output).as("output of %s, %s", program, way).isEqualTo(way.output);
        if (way.ends() || over.equals(OUTRUN)) {
            assertThat(seen.over)
                    .as("%s, %s", program, way)
                    .hasValueSatisfying(why -> assertThat(why).matches(over));
        } else {
            assertThat(seen.over).as("%s, %s", program, way).isEmpty();
        }
        assertThat(seen.session.counts().lost()).isZero();
    }

    @Promise(
            chapter = Promise.Chapter.ENDS,
            fault = "The process executes a program, its own or another, of which jumps know nothing",
            promise = "tracing ends there, which is said, however soon it ends itself; what was open is `exec`")
    @NeedsEbpf
    @NeedsPtrace
    @ParameterizedTest
    @CsvSource({"NEWEST, inline", "OLDEST, inline", "NEWEST, ebpf-patched"})
    void jumpsAreNotFollowed(TestProgram.Go go, String backend) throws Exception {
        TestProgram program = TestProgram.build(go, "executing", directory);
        Tracer tracer = Techniques.tracer(new Technique(backend)).orElseThrow();
        for (Way way : Way.values()) {
            checkLeft(program, way, launched(tracer, program, way.argument(), way.times));
            checkLeft(program, way, attached(tracer, program, way.argument(), way.times));
        }
    }

    private static void checkLeft(TestProgram program, Way way, Seen seen) {
        assertThat(seen.described())
                .as("%s, %s", program, way)
                .isEqualTo(way.executes() ? List.of(ONCE.split(" ")) : way.events);
        assertThat(seen.output).as("output of %s, %s", program, way).isEqualTo(way.output);
        assertThat(seen.over).as("%s, %s", program, way).satisfies(over -> {
            assertThat(over.isPresent()).isEqualTo(way.executes());
            assertThat(over.orElse("")).matches(way.executes() ? JUMPS_GONE + "|" + LEFT : "");
        });
        assertThat(seen.session.counts().lost()).isZero();
    }

    @Promise(
            chapter = Promise.Chapter.ENDS,
            fault = "The process executes its program anew while 64 goroutines make calls",
            promise = "each call has one end",
            backend = "ebpf")
    @NeedsEbpf
    @ParameterizedTest
    @EnumSource
    void manyGoroutinesCallMeanwhileUnderEbpf(TestProgram.Go go) throws Exception {
        // With room for all that is called while whatever else is run keeps it from being drained.
        checkBusy(() -> new EbpfTracer(EbpfOptions.best().ringBytes(128 << 20)), go);
    }

    @Promise(
            chapter = Promise.Chapter.ENDS,
            fault = "The process executes its program anew while 64 goroutines make calls",
            promise = "each call has one end",
            backend = "ptrace")
    @NeedsPtrace
    @ParameterizedTest
    @EnumSource
    void manyGoroutinesCallMeanwhileUnderPtrace(TestProgram.Go go) throws Exception {
        checkBusy(() -> tracer(Technique.PTRACE), go);
    }

    private void checkBusy(Supplier<Tracer> tracer, TestProgram.Go go) throws Exception {
        TestProgram program = TestProgram.build(go, "executing", directory);
        for (String mode : List.of("busy", "busy-elsewhere")) {
            checkBusy(program + ", " + mode, launched(tracer.get(), program, mode, 2));
        }
        checkBusy(program + ", attached", attached(tracer.get(), program, "busy", 2));
    }

    private static void checkBusy(String what, Seen seen) {
        assertThat(seen.over).as(what).isEmpty();
        assertThat(seen.output).as(what).isEqualTo("done 4");
        assertThat(seen.session.counts().lost()).as(what).isZero();
        assertThat(seen.session.counts().calls())
                .as(what)
                .isEqualTo(
                        seen.session.counts().returns() + seen.session.counts().noReturns())
                .isGreaterThan(128);
        assertThat(seen.events)
                .as(what)
                .filteredOn(TraceEvent.Return.class::isInstance)
                .allMatch(each -> ((TraceEvent.Return) each).id() != 0);
        assertThat(seen.described())
                .as(what)
                .filteredOn(each -> each.contains(":"))
                .allMatch(each -> each.endsWith(":exec"))
                .filteredOn("execute:exec"::equals)
                .hasSize(2);
        List<String> described = seen.described();
        assertThat(described.subList(described.lastIndexOf("execute:exec") + 1, described.size()).stream()
                        .filter(each -> !each.endsWith(":exec")))
                .as(what)
                .containsExactly(END.split(" "));
    }

    @NeedsEbpf
    @ParameterizedTest
    @EnumSource
    void callsAreMeasuredBeyondAnExecution(TestProgram.Go go) throws Exception {
        TestProgram program = TestProgram.build(go, "executing", directory);
        Tracer tracer = new EbpfTracer(EbpfOptions.best().collect(Collect.DURATIONS));
        for (Way way : Way.values()) {
            if (way != Way.AND_BACK) {
                Seen seen = launched(tracer, program, way.argument(), way.times);
                assertThat(seen.over.isPresent()).as("%s, %s", program, way).isEqualTo(way.ends());
                assertThat(seen.session.totals()).hasSize(FUNCTIONS.length).allSatisfy(total -> {
                    String name = total.function().name().replaceFirst("^main\\.", "");
                    assertThat(List.of(total.calls(), total.returns(), total.noReturns(), total.lost()))
                            .as("%s, %s, %s", program, way, name)
                            .isEqualTo(List.of(
                                    count(way, ">" + name), count(way, "<" + name), count(way, name + ":.*"), 0L));
                });
            }
        }
    }

    private static long count(Way way, String event) {
        return way.events.stream().filter(each -> each.matches(event)).count();
    }

    private Seen launched(Tracer tracer, TestProgram program, String mode, int times) throws Exception {
        return run(tracer, program, true, List.of(mode, Integer.toString(times)));
    }

    private static Tracer tracer(Technique technique) {
        return Techniques.tracer(technique).orElseThrow();
    }

    private Seen attached(Tracer tracer, TestProgram program, String mode, int times) throws Exception {
        return run(tracer, program, false, List.of("await", Integer.toString(times), mode));
    }

    private Seen run(Tracer tracer, TestProgram program, boolean fromTheBeginning, List<String> arguments)
            throws Exception {
        Path output = directory.resolve("output");
        List<TraceEvent> events = new ArrayList<>();
        try (ChildProcess child = ChildProcess.spawn(new Launch(
                program.path(),
                arguments,
                Map.of(),
                Redirect.PIPE,
                new Redirect.File(output),
                Redirect.INHERIT,
                fromTheBeginning))) {
            TraceSession session = tracer.attach(
                    program.plan(64, 0, FUNCTIONS),
                    new TracedProcess(child.pid(), fromTheBeginning, child::reaped),
                    events::add);
            try (session) {
                child.resume();
                if (!fromTheBeginning) {
                    // It waits for it; one that is launched never reads, and may have ended by now.
                    child.stdin().write('\n');
                    child.stdin().flush();
                }
                long deadline = System.nanoTime() + PATIENCE.toNanos();
                while (session.follow().isEmpty() && child.awaitExit(LOOK).isEmpty()) {
                    assertThat(System.nanoTime())
                            .as("still time for %s %s to end", program, arguments)
                            .isLessThan(deadline);
                }
            }
            assertThat(child.awaitExit(PATIENCE).orElseThrow().describe())
                    .as("%s %s", program, arguments)
                    .isEqualTo("exited with code 0");
            return new Seen(
                    events,
                    session.follow(),
                    session,
                    Files.readString(output, StandardCharsets.UTF_8).strip());
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
