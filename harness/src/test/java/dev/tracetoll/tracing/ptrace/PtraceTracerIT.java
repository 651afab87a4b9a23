package dev.tracetoll.tracing.ptrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.linux.elf.ElfFile;
import dev.tracetoll.linux.process.ExitStatus;
import dev.tracetoll.linux.ptrace.ProcessMemory;
import dev.tracetoll.linux.ptrace.Ptrace;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.NeedsPtrace;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.TraceEvent;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.TracedProcess;
import dev.tracetoll.tracing.plan.SiteClass;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.plan.TracePlan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@NeedsPtrace
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@SuppressWarnings("try") // Tests close sessions early, and twice.
@BesideOthers
class PtraceTracerIT {

    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";
    private static final int SIGTRAP = 5;
    private static final int SIGUSR1 = 10;
    private static final int SIGCONT = 18;
    private static final int SIGSTOP = 19;
    private static final int SIGURG = 23;
    private static final int SIGKILL = 9;

    @TempDir
    static Path directory;

    private static Path binary;
    private static TracePlan probed;

    private final RecordingSink sink = new RecordingSink();

    @BeforeAll
    static void build() {
        binary = Unruly.build(directory);
        probed = Unruly.request(binary, "main.probed");
    }

    private TraceSession attach(TracePlan request, Unruly unruly) {
        TraceSession session = new PtraceTracer().attach(request, unruly.traced(), sink);
        unruly.resume();
        return session;
    }

    private static TraceCounts exactly(long calls) {
        return new TraceCounts(calls, calls, 0, 0, 0);
    }

    private static List<Object> arguments(int i) {
        return List.of((long) i, LETTERS.substring(0, i % 27), i / 2.0);
    }

    private static long result(int i) {
        return i * 3L + i % 27 + i + (i & 1);
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time: %s", what).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private void everyCallOf(int count) {
        List<TraceEvent.Call> calls = sink.calls();
        List<TraceEvent.Return> returns = sink.returns();
        assertThat(calls).hasSize(count);
        assertThat(returns).hasSize(count);
        for (int i = 0; i < count; i++) {
            assertThat(RecordingSink.plain(calls.get(i).arguments())).isEqualTo(arguments(i));
            assertThat(RecordingSink.plain(returns.get(i).results())).isEqualTo(List.of(result(i)));
            assertThat(returns.get(i).id()).isEqualTo(calls.get(i).id());
            assertThat(returns.get(i).goroutine())
                    .isEqualTo(calls.get(i).goroutine())
                    .isPositive();
            assertThat(returns.get(i).durationNs()).isPositive();
        }
    }

    @Test
    void whatIsEmulatedTakesNoStep() {
        PtraceSession emulating = calls(new PtraceTracer(), 200);
        PtraceSession stepping = calls(new PtraceTracer(Technique.PTRACE_STEP), 200);

        assertThat(probed.sites().get(0).siteClass()).isEqualTo(SiteClass.EMULATED);
        // A thread that is in a copy when a signal of Go's scheduler comes is stepped out of it.
        assertThat(emulating.steps()).as("of 200 calls and returns").isLessThan(20);
        assertThat(stepping.steps())
                .as("one for each call and one for each return at least")
                .isGreaterThanOrEqualTo(400);
    }

    private PtraceSession calls(PtraceTracer tracer, int count) {
        try (Unruly unruly = Unruly.stoppedBeforeExec(binary);
                PtraceSession session = (PtraceSession) tracer.attach(probed, unruly.traced(), sink)) {
            unruly.resume();
            assertThat(unruly.ask("call " + count + " 1")).isZero();
            session.settle();
            assertThat(session.counts()).isEqualTo(exactly(count));
            return session;
        }
    }

    @Test
    void everyCallIsSeenWithItsArgumentsAndResults() {
        try (Unruly unruly = Unruly.stoppedBeforeExec(binary);
                TraceSession session = attach(probed, unruly)) {
            assertThat(unruly.ask("call 2000 1")).isZero();
            session.settle();
            assertThat(session.counts()).isEqualTo(exactly(2000));
            everyCallOf(2000);
        }
    }

    @Test
    void positionIndependentProgramsAreTraced() throws IOException {
        Path pie = Unruly.build(Files.createDirectory(directory.resolve("pie")), "-buildmode=pie");
        TracePlan request = Unruly.request(pie, "main.probed");
        try (Unruly unruly = Unruly.stoppedBeforeExec(pie);
                TraceSession session = attach(request, unruly)) {
            assertThat(unruly.ask("call 200 1")).isZero();
            session.settle();
            everyCallOf(200);
        }
    }

    @Test
    void hitsOfSeveralThreadsAtOnceAreAllSeen() {
        try (Unruly unruly = Unruly.stoppedBeforeExec(binary);
                TraceSession session = attach(probed, unruly)) {
            assertThat(unruly.ask("call 300 4")).isZero();
            session.settle();
            assertThat(session.counts()).isEqualTo(exactly(1200));
            List<List<Object>> expected = new ArrayList<>();
            for (int i = 0; i < 1200; i++) {
                expected.add(arguments(i));
            }
            assertThat(sink.calls())
                    .extracting(call -> RecordingSink.plain(call.arguments()))
                    .containsExactlyInAnyOrderElementsOf(expected);
            assertThat(new HashSet<>(sink.calls().stream()
                            .map(TraceEvent.Call::goroutine)
                            .toList()))
                    .hasSize(4);
        }
    }

    @Test
    void threadsThatAreBornAndDieAreFollowed() {
        try (Unruly unruly = Unruly.stoppedBeforeExec(binary);
                TraceSession session = attach(probed, unruly)) {
            assertThat(unruly.ask("threads 20 4")).isZero();
            session.settle();
            assertThat(session.counts()).isEqualTo(exactly(80));
        }
    }

    @Test
    void growingStacksChangeNoCount() {
        try (Unruly unruly = Unruly.stoppedBeforeExec(binary);
                TraceSession session = attach(Unruly.request(binary, "main.deep"), unruly)) {
            assertThat(unruly.ask("deep 3 500")).isZero();
            session.settle();
            assertThat(session.counts()).isEqualTo(exactly(3 * 501));
            assertThat(sink.calls())
                    .extracting(TraceEvent.Call::depth)
                    .contains(500)
                    .doesNotContain(501);
            assertThat(sink.returns()).extracting(TraceEvent.Return::id).doesNotContain(0L);
        }
    }

    @Test
    void aFunctionThatReturnsAtItsEntryIsCalledAndReturns() {
        try (Unruly unruly = Unruly.stoppedBeforeExec(binary);
                TraceSession session = attach(Unruly.request(binary, "main.bare"), unruly)) {
            unruly.ask("bare 50");
            session.settle();
            assertThat(session.counts()).isEqualTo(exactly(50));
            assertThat(sink.returns()).extracting(TraceEvent.Return::id).doesNotContain(0L);
        }
    }

    @Test
    void everySignalIsDeliveredOnce() throws Exception {
        try (Unruly unruly = Unruly.stoppedBeforeExec(binary);
                TraceSession session = attach(probed, unruly)) {
            unruly.ask("spin 2");
            AtomicBoolean done = new AtomicBoolean();
            // Go takes these as requests to preempt, at any time and in any thread.
            CompletableFuture<Void> storm = CompletableFuture.runAsync(() -> {
                while (!done.get()) {
                    unruly.signal(SIGURG);
                }
            });
            try {
                for (int sent = 1; sent <= 200; sent++) {
                    unruly.signal(SIGUSR1);
                    int expected = sent;
                    await("signal " + sent, () -> unruly.ask("signals") >= expected);
                    assertThat(unruly.ask("signals")).isEqualTo(sent);
                }
            } finally {
                done.set(true);
                storm.get(60, TimeUnit.SECONDS);
            }
            assertThat(unruly.ask("count")).isPositive();
            session.close();
            assertThat(unruly.ask("signals")).isEqualTo(200);
        }
    }

    @Test
    void aTrapOfTheProgramsOwnReachesItsHandler() {
        try (Unruly unruly = Unruly.running(binary);
                TraceSession session = attach(probed, unruly)) {
            unruly.ask("spin 2");
            for (int i = 1; i <= 5; i++) {
                int sent = i;
                unruly.signal(SIGTRAP);
                await("the program has heard the signal", () -> unruly.ask("traps") == sent);
            }
            session.settle();
            session.close();
            unruly.signal(SIGTRAP);
            await("the program has heard the signal", () -> unruly.ask("traps") == 6);
        }
    }

    @Test
    void aBreakpointOfTheProgramsOwnEndsItAsItWouldUntraced() {
        try (Unruly alone = Unruly.running(binary);
                Unruly unruly = Unruly.running(binary);
                TraceSession session = attach(probed, unruly)) {
            alone.tell("breakpoint");
            unruly.tell("breakpoint");
            assertThat(unruly.awaitExit()).isEqualTo(alone.awaitExit());
            session.settle();
        }
    }

    @Test
    void childrenWorkWhileTheirParentIsTraced() {
        try (Unruly unruly = Unruly.stoppedBeforeExec(binary);
                TraceSession session = attach(probed, unruly)) {
            unruly.ask("spin 1");
            assertThat(unruly.ask("children 40")).isZero();
            session.close();
            assertThat(unruly.ask("children 4")).isZero();
        }
    }

    @Test
    void hitsOfAChildInItsParentsMemoryAreSeen() {
        // What os/exec calls between vfork and exec, in the child.
        TracePlan request = Unruly.request(binary, "syscall.RawSyscall");
        try (Unruly unruly = Unruly.stoppedBeforeExec(binary);
                TraceSession session = attach(request, unruly)) {
            assertThat(unruly.ask("children 10")).isZero();
            session.settle();
            assertThat(sink.calls()).as("calls of RawSyscall").hasSizeGreaterThanOrEqualTo(10);
            Set<Integer> threads = new HashSet<>(
                    sink.calls().stream().map(TraceEvent.Call::thread).toList());
            assertThat(threads).as("threads, one of each child at least").hasSizeGreaterThanOrEqualTo(10);
        }
    }

    @Test
    void aForkedCopyRunsWithoutBreakpoints() {
        TracePlan request = Unruly.request(binary, "main.probed", "main.plain");
        try (Unruly unruly = Unruly.stoppedBeforeExec(binary);
                TraceSession session = attach(request, unruly)) {
            for (int i = 0; i < 10; i++) {
                assertThat(unruly.ask("fork")).isEqualTo(10 * 3 + 1);
            }
            assertThat(unruly.ask("call 10 1")).isZero();
            session.settle();
            assertThat(session.counts()).isEqualTo(exactly(10));
        }
    }

    @Test
    void anotherProgramExecutedEndsTheTrace() {
        try (Unruly unruly = Unruly.stoppedBeforeExec(binary);
                TraceSession session = attach(probed, unruly)) {
            unruly.ask("spin 2");
            assertThat(unruly.ask("exec")).isZero();
            unruly.tell("echoed by cat");
            assertThat(unruly.line()).isEqualTo("echoed by cat");
            session.close();
            assertThat(sink.of(TraceEvent.NoReturn.class))
                    .allSatisfy(open -> assertThat(open.why()).isEqualTo("exec"));
        }
    }

    @Test
    void theProgramGoesOnWithoutItsFirstThread() {
        try (Unruly unruly = Unruly.stoppedBeforeExec(binary);
                TraceSession session = attach(probed, unruly)) {
            assertThat(unruly.ask("leader")).isZero();
            await("end of the first thread", () -> unruly.isInState("Z"));
            assertThat(unruly.ask("call 50 2")).isZero();
            session.settle();
            assertThat(session.counts()).isEqualTo(exactly(100));
            session.close();
            assertThat(unruly.ask("call 50 2")).isZero();
        }
        try (Unruly unruly = Unruly.running(binary)) {
            assertThat(unruly.ask("leader")).isZero();
            await("end of the first thread", () -> unruly.isInState("Z"));
            assertThatThrownBy(() -> attach(probed, unruly))
                    .isInstanceOf(BadInput.class)
                    .hasMessageContaining("ended");
        }
    }

    @Test
    void aStoppedProgramStaysStopped() {
        try (Unruly unruly = Unruly.stoppedBeforeExec(binary);
                TraceSession session = attach(probed, unruly)) {
            unruly.ask("spin 3");
            await("calls", () -> session.counts().calls() > 0);
            for (int i = 0; i < 20; i++) {
                unruly.signal(SIGSTOP);
                awaitNoMoreCalls(session);
                unruly.signal(SIGCONT);
                long before = session.counts().calls();
                await("more calls", () -> session.counts().calls() > before);
            }
            unruly.signal(SIGSTOP);
            awaitNoMoreCalls(session);
            session.close();
            await("a group stop that outlives the trace", () -> unruly.isInState("T"));
            unruly.signal(SIGCONT);
            assertThat(unruly.ask("call 5 1")).isZero();
        }
    }

    private static void awaitNoMoreCalls(TraceSession session) {
        await("no more calls", () -> {
            long before = session.counts().calls();
            try {
                // A program that runs on makes calls in this time; if it does not for once, a later check fails, not
                // this one.
                Thread.sleep(30);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return session.counts().calls() == before;
        });
    }

    @Test
    void attachingAndDetachingLeavesTheCodeAsItWas() throws IOException {
        TracePlan request = Unruly.request(binary, "main.probed", "main.helper");
        try (Unruly unruly = Unruly.running(binary)) {
            unruly.ask("spin 4");
            for (int i = 0; i < 20; i++) {
                try (TraceSession session = attach(request, unruly)) {
                    assertThat(codeOf(unruly)).as("code while it is traced").isNotEqualTo(codeOf(binary));
                    // Closed while every thread is at the probes.
                    await("hits", () -> session.counts().returns() > 20);
                }
                assertThat(codeOf(unruly)).as("code after detaching").isEqualTo(codeOf(binary));
                assertThat(Path.of("/proc", Integer.toString(unruly.pid()), "status"))
                        .content()
                        .contains("TracerPid:\t0");
                int before = unruly.ask("count");
                await("calls after detaching", () -> unruly.ask("count") > before);
            }
            assertThat(unruly.ask("call 100 3")).isZero();
        }
    }

    /** A vforked child has the program's memory, but actions for signals of its own: what is put back through it is not the program's. */
    @Test
    void detachingFromAProgramThatHasChildrenAllTheTimePutsItsTrapActionBack() {
        try (Unruly unruly = Unruly.running(binary)) {
            unruly.ask("spin 1");
            unruly.ask("breed 4");
            for (int i = 1; i <= 60; i++) {
                int sent = i;
                try (TraceSession session = attach(probed, unruly)) {
                    await("hits", () -> session.counts().calls() > 20);
                }
                unruly.signal(SIGTRAP);
                await("the program has heard the signal", () -> unruly.ask("traps") == sent);
            }
        }
    }

    private static byte[] codeOf(Path file) throws IOException {
        try (ElfFile elf = ElfFile.open(file)) {
            ElfFile.Segment code = elf.segments().stream()
                    .filter(ElfFile.Segment::executable)
                    .findFirst()
                    .orElseThrow();
            return Arrays.copyOfRange(
                    Files.readAllBytes(file), (int) code.offset(), (int) (code.offset() + code.fileSize()));
        }
    }

    private static byte[] codeOf(Unruly unruly) {
        try (ElfFile elf = ElfFile.open(binary)) {
            ElfFile.Segment code = elf.segments().stream()
                    .filter(ElfFile.Segment::executable)
                    .findFirst()
                    .orElseThrow();
            ProcessMemory memory = new ProcessMemory();
            assertThat(memory.read(unruly.pid(), code.address(), (int) code.fileSize()))
                    .isTrue();
            ByteBuffer bytes = ByteBuffer.allocate((int) code.fileSize()).order(ByteOrder.LITTLE_ENDIAN);
            memory.copy(bytes, 0, bytes.capacity());
            return bytes.array();
        }
    }

    @Test
    void closingReleasesAProgramInWhichEveryThreadWaits() {
        try (Unruly unruly = Unruly.running(binary)) {
            TraceSession session = attach(probed, unruly);
            session.close();
            session.close();
            assertThat(unruly.ask("call 5 1")).isZero();
            assertThat(sink.calls()).isEmpty();
        }
    }

    @Test
    void closingBeforeTheProgramIsExecutedReleasesIt() {
        try (Unruly unruly = Unruly.stoppedBeforeExec(binary)) {
            new PtraceTracer().attach(probed, unruly.traced(), sink).close();
            await("waiting as before", () -> unruly.isInState("S"));
            unruly.resume();
            assertThat(unruly.ask("call 5 1")).isZero();
            assertThat(sink.calls()).isEmpty();
        }
    }

    @Test
    void aProgramKilledMidRunEndsTheTrace() {
        try (Unruly unruly = Unruly.stoppedBeforeExec(binary)) {
            TraceSession session = attach(probed, unruly);
            unruly.ask("spin 4");
            await("hits", () -> session.counts().calls() > 50);
            unruly.signal(SIGKILL);
            assertThat(unruly.awaitExit()).isEqualTo(new ExitStatus.Killed(SIGKILL));
            session.close();
            TraceCounts counts = session.counts();
            assertThat(counts.calls()).isEqualTo(counts.returns() + counts.noReturns());
            assertThat(sink.of(TraceEvent.NoReturn.class))
                    .hasSizeLessThanOrEqualTo(4)
                    .allSatisfy(open -> assertThat(open.why()).isEqualTo("exit"));
            session.close();
        }
    }

    @Test
    void aProgramThatExitsInTheMidstOfCallsEndsTheTrace() {
        for (int i = 0; i < 5; i++) {
            try (Unruly unruly = Unruly.stoppedBeforeExec(binary);
                    TraceSession session = attach(probed, unruly)) {
                unruly.tell("exit 7 4");
                assertThat(unruly.awaitExit()).isEqualTo(new ExitStatus.Exited(7));
                session.settle();
            }
        }
        assertThat(sink.calls()).hasSizeGreaterThan(5 * 90);
    }

    @Test
    void otherChildrenOfTheJvmAreLeftAlone() throws Exception {
        try (Unruly unruly = Unruly.stoppedBeforeExec(binary);
                TraceSession session = attach(probed, unruly)) {
            unruly.ask("spin 2");
            for (int i = 0; i < 30; i++) {
                Process child = new ProcessBuilder("/bin/sh", "-c", "exit " + i).start();
                assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(child.exitValue()).isEqualTo(i);
            }
            session.settle();
            assertThat(session.counts().calls()).isPositive();
        }
    }

    @Test
    void whatAnotherThreadWaitsForIsNotTakenAway() throws Exception {
        // A thread without tracees has nothing to wait for, whatever children the JVM has.
        Process child = new ProcessBuilder("/bin/sh", "-c", "exit 3").start();
        assertThat(CompletableFuture.supplyAsync(() -> new Ptrace().await()).get())
                .isEqualTo(-1);
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(child.exitValue()).isEqualTo(3);
        assertThat(CompletableFuture.supplyAsync(() -> new Ptrace().await()).get())
                .isEqualTo(-1);
    }

    @Test
    void aFailingSinkEndsTheTraceAndNotTheProgram() {
        try (Unruly unruly = Unruly.running(binary)) {
            TraceSession session = new PtraceTracer().attach(probed, unruly.traced(), event -> {
                throw new IllegalStateException("sink is full");
            });
            assertThat(unruly.ask("call 5 4")).isZero();
            assertThatThrownBy(session::settle)
                    .isInstanceOf(OperationFailed.class)
                    .hasMessageContaining("sink is full");
            assertThatThrownBy(session::close)
                    .isInstanceOf(OperationFailed.class)
                    .hasMessageContaining("sink is full");
            session.close();
            assertThat(unruly.ask("call 5 4")).isZero();
        }
    }

    @Test
    void whatCannotBeTracedIsSaidInOneLine() throws Exception {
        try (Unruly unruly = Unruly.running(binary);
                TraceSession session = attach(probed, unruly)) {
            long self = ProcessHandle.current().pid();
            assertThatThrownBy(() -> new PtraceTracer().attach(probed, unruly.traced(), sink))
                    .isInstanceOf(OperationFailed.class)
                    .hasMessageContaining("already traced by process " + self);
            session.settle();
        }
        Process gone = new ProcessBuilder("/bin/true").start();
        gone.waitFor();
        assertThatThrownBy(() -> new PtraceTracer()
                        .attach(probed, new TracedProcess((int) gone.pid(), false, status -> {}), sink))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("there is no process " + gone.pid());
        Process sleep = new ProcessBuilder("/bin/sleep", "600").start();
        try {
            assertThatThrownBy(() -> new PtraceTracer()
                            .attach(probed, new TracedProcess((int) sleep.pid(), false, status -> {}), sink))
                    .isInstanceOf(BadInput.class)
                    .hasMessageContaining("not " + binary);
            assertThat(sleep.isAlive()).isTrue();
        } finally {
            sleep.destroyForcibly();
        }
    }

    @Test
    void aTargetLaunchedToBeTracedDiesWithTheJvm() throws Exception {
        try (TracingJvm jvm = TracingJvm.launching(binary)) {
            assertThat(jvm.target()).matches(ProcessHandle::isAlive);
            jvm.kill();
            await("the target's end", () -> !jvm.target().isAlive());
        }
    }

    /** Until then, the death of the tracer would leave breakpoints to a program that does not know what to do about their SIGTRAP. */
    @Test
    void whatIsCalledLateIsProbedOnceTheHandlerOfTheProgramIsReplaced() {
        TracePlan plan = Unruly.request(binary, "runtime.schedinit", "main.probed");
        List<Set<String>> probed = new ArrayList<>();
        try (Unruly unruly = Unruly.stoppedBeforeExec(binary)) {
            try (TraceSession session = new PtraceTracer()
                    .attach(
                            plan,
                            new TracedProcess(
                                    unruly.pid(), true, false, unruly.traced().reaped()),
                            event -> {
                                if (event instanceof TraceEvent.Call) {
                                    probed.add(probed(plan, unruly.pid()));
                                }
                            })) {
                unruly.resume();
                unruly.ask("call 2 2");
            }
        }
        assertThat(probed.get(0)).containsExactly("runtime.schedinit");
        assertThat(probed.subList(1, probed.size()))
                .isNotEmpty()
                .allSatisfy(
                        names -> assertThat(names).contains("runtime.schedinit", "main.probed", "the runtime's panic"));
    }

    /** The functions at whose sites there are breakpoints. */
    private static Set<String> probed(TracePlan plan, int pid) {
        ProcessMemory memory = new ProcessMemory();
        return plan.sites().stream()
                .filter(site -> (memory.readLong(pid, site.site().address()).orElseThrow() & 0xff) == 0xcc)
                .map(SitePlan::name)
                .collect(Collectors.toSet());
    }

    @Test
    void aTargetWhoseSystemCallsAreTracedSurvivesTheJvm() throws Exception {
        try (Unruly unruly = Unruly.running(binary)) {
            unruly.ask("harry 3");
            try (TracingJvm jvm = TracingJvm.followingSystemCallsOf(binary, unruly.pid())) {
                jvm.kill();
            }
            assertThat(unruly.ask("call 50 2")).isZero();
            assertThat(Path.of("/proc", Integer.toString(unruly.pid()), "status"))
                    .content()
                    .contains("TracerPid:\t0");
        }
    }

    @Test
    void aTargetAttachedToSurvivesTheEndOfTheJvm() throws Exception {
        try (Unruly unruly = Unruly.running(binary)) {
            unruly.ask("spin 3");
            try (TracingJvm jvm = TracingJvm.attachingTo(binary, unruly.pid())) {
                jvm.terminate();
            }
            assertThat(codeOf(unruly)).isEqualTo(codeOf(binary));
            assertThat(unruly.ask("call 50 2")).isZero();
        }
    }
}
