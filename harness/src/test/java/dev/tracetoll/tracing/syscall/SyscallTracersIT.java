package dev.tracetoll.tracing.syscall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.burst.GoToolchains;
import dev.tracetoll.burst.Target;
import dev.tracetoll.burst.Truth;
import dev.tracetoll.linux.file.Deadline;
import dev.tracetoll.linux.process.ChildProcess;
import dev.tracetoll.linux.process.ExitStatus;
import dev.tracetoll.linux.process.Launch;
import dev.tracetoll.linux.process.Redirect;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.GoProgram;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.testing.NeedsPtrace;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.TracedProcess;
import dev.tracetoll.tracing.Value;
import dev.tracetoll.tracing.ebpf.EbpfOptions;
import dev.tracetoll.tracing.ebpf.EbpfSyscallTracer;
import dev.tracetoll.tracing.ptrace.PtraceSyscallTracer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every technique reports exactly the writes that a program makes, with their arguments and results. */
@BesideOthers
@NeedsEbpf
@NeedsPtrace
class SyscallTracersIT {

    /** Where the target {@code writes} has its files. */
    private static final int DESCRIPTOR = 100;

    private static final int MAX_BYTES = 64;
    private static final SyscallRequest OF_THE_TARGET = new SyscallRequest(DESCRIPTOR, MAX_BYTES);
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int ENOSPC = 28;
    private static final int EBADF = 9;
    private static final int EFAULT = 14;

    @TempDir
    private Path directory;

    /** A technique and how to say which. */
    private record Way(SyscallTracer tracer) {
        @Override
        public String toString() {
            return tracer.technique().toString();
        }

        boolean isFiltered() {
            return toString().equals("syscall-seccomp");
        }
    }

    private record Trial(Way way, GoToolchains go, int calls, List<String> arguments) {
        @Override
        public String toString() {
            return way + ", " + go + ", " + calls + " calls, " + arguments;
        }
    }

    static Stream<Way> ways() {
        return Stream.of(
                        new EbpfSyscallTracer(EbpfOptions.best().ringBytes()),
                        new PtraceSyscallTracer(true),
                        new PtraceSyscallTracer(false))
                .map(Way::new);
    }

    static Stream<Way> waysToAttach() {
        return ways().filter(way -> !way.isFiltered());
    }

    static Stream<Trial> trials() {
        return ways().flatMap(way -> Stream.of(GoToolchains.values())
                .flatMap(go -> Stream.of(
                        new Trial(way, go, 20_000, List.of()),
                        new Trial(way, go, 20_000, List.of("-k", "4")),
                        new Trial(way, go, 300, List.of("-to", "full")),
                        new Trial(way, go, 300, List.of("-to", "closed")),
                        new Trial(way, go, 300, List.of("-bytes", "8")),
                        new Trial(way, go, 300, List.of("-bytes", "100000", "-k", "2")))));
    }

    @ParameterizedTest
    @MethodSource("trials")
    void seesEveryWriteWithItsArgumentsAndItsResult(Trial trial) {
        List<SyscallEvent> events = Collections.synchronizedList(new ArrayList<>());
        List<Truth> truths;
        TraceSession session;
        try (Target target = Target.launch(trial.go.program("writes"), trial.arguments, true)) {
            session = trial.way.tracer.attach(OF_THE_TARGET, target.traced(), events::add);
            try (session) {
                target.resume();
                target.burst(2, trial.calls);
                session.settle();
                assertThat(session.counts()).isEqualTo(new TraceCounts(2L * trial.calls, 2L * trial.calls, 0, 0, 0));
                truths = target.truth(0, 2 * trial.calls);
            }
            assertThat(session.counts()).isEqualTo(new TraceCounts(2L * trial.calls, 2L * trial.calls, 0, 0, 0));
            assertThat(target.finish()).isEqualTo(new ExitStatus.Exited(0));
        }
        check(events, truths, trial);
    }

    private static void check(List<SyscallEvent> events, List<Truth> truths, Trial trial) {
        Map<Long, SyscallEvent.Exit> exits = new HashMap<>();
        SyscallEvent.Entry[] entries = new SyscallEvent.Entry[truths.size()];
        for (SyscallEvent event : events) {
            if (event instanceof SyscallEvent.Entry entry) {
                int index = (int) ByteBuffer.wrap(entry.head())
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getLong();
                assertThat(entries[index])
                        .as("a second entry of call %d", index)
                        .isNull();
                entries[index] = entry;
            } else {
                assertThat(event).isInstanceOf(SyscallEvent.Exit.class);
                assertThat(exits.put(event.id(), (SyscallEvent.Exit) event)).isNull();
            }
        }
        int bytes = trial.arguments.contains("-bytes") ? Integer.parseInt(trial.arguments.get(1)) : 64;
        for (int i = 0; i < truths.size(); i++) {
            SyscallEvent.Entry entry = entries[i];
            SyscallEvent.Exit exit = exits.get(entry.id());
            int worker = (int) number(truths.get(i).arguments().get(1));
            int length = bytes + i % 8;
            long result = number(truths.get(i).results().get(0));
            assertThat(entry.descriptor()).isEqualTo(DESCRIPTOR + worker);
            assertThat(entry.length()).isEqualTo(length);
            assertThat(Arrays.equals(entry.head(), head(i, worker, Math.min(length, MAX_BYTES))))
                    .as("buffer of call %d", i)
                    .isTrue();
            assertThat(exit.result()).isEqualTo(result);
            assertThat(exit.errno()).isEqualTo(result < 0 ? (int) -result : 0);
            assertThat(exit.thread()).isEqualTo(entry.thread());
            assertThat(exit.durationNs())
                    .isEqualTo(exit.timestampNs() - entry.timestampNs())
                    .isPositive();
            assertThat(result)
                    .isEqualTo(
                            trial.arguments.contains("full")
                                    ? -ENOSPC
                                    : trial.arguments.contains("closed") ? -EBADF : length);
        }
    }

    private static long number(Value value) {
        return ((Value.Signed) value).value();
    }

    private static byte[] head(int index, int worker, int length) {
        byte[] head = new byte[length];
        for (int i = 0; i < length; i++) {
            head[i] = (byte) (worker + i);
        }
        ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).putLong(0, index);
        return head;
    }

    @ParameterizedTest
    @MethodSource("waysToAttach")
    void attachesToARunningProcessAndLeavesIt(Way way) {
        try (Target target = Target.launch(GoToolchains.NEWEST.program("writes"), List.of("-k", "3"), false)) {
            target.burst(1, 1_000);
            for (int time = 0; time < 3; time++) {
                try (TraceSession session = way.tracer.attach(OF_THE_TARGET, target.traced(), event -> {})) {
                    target.burst(1, 1_000);
                    session.settle();
                    assertThat(session.counts()).isEqualTo(new TraceCounts(1_000, 1_000, 0, 0, 0));
                }
                target.burst(1, 1_000);
            }
            assertThat(target.finish()).isEqualTo(new ExitStatus.Exited(0));
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void detachesInTheMidstOfWrites(Way way) {
        try (Target target = Target.launch(GoToolchains.NEWEST.program("writes"), List.of("-k", "2"), true)) {
            TraceCounts[] atClose = new TraceCounts[1];
            List<SyscallEvent> events = Collections.synchronizedList(new ArrayList<>());
            TraceSession session = way.tracer.attach(OF_THE_TARGET, target.traced(), events::add);
            Thread closing = new Thread(() -> {
                awaitCalls(session, 500);
                session.close();
                atClose[0] = session.counts();
            });
            target.resume();
            closing.start();
            assertThat(target.burst(1, 50_000).callsMade()).isEqualTo(50_000);
            join(closing);
            TraceCounts counts = atClose[0];
            assertThat(counts.calls()).isGreaterThanOrEqualTo(500);
            assertThat(counts.calls()).isEqualTo(counts.returns() + counts.noReturns());
            assertThat(events).hasSize((int) (counts.calls() + counts.returns() + counts.noReturns()));
            // Writes on: also with a filter that nobody reports the stops of.
            assertThat(target.truth(0, 1).get(0).results()).isNotEmpty();
            assertThat(target.burst(1, 1_000).callsMade()).isEqualTo(1_000);
            assertThat(events).hasSize((int) (counts.calls() + counts.returns() + counts.noReturns()));
            assertThat(target.finish()).isEqualTo(new ExitStatus.Exited(0));
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join(LONG.toMillis());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        assertThat(thread.isAlive()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void leavesChildrenAloneAndFollowsExec(Way way) throws Exception {
        Path out = directory.resolve("out");
        // A child that writes, a child that executes a program that writes, and then the shell becomes a program that
        // writes.
        String script = "echo one >&5; (echo two >&5); /bin/echo three >&5; exec /bin/echo four >&5";
        List<SyscallEvent> events = trace(way, Path.of("/bin/sh"), List.of("-c", "exec 5>" + out + "; " + script));
        assertThat(Files.readString(out)).isEqualTo("one\ntwo\nthree\nfour\n");
        assertThat(events.stream()
                        .filter(SyscallEvent.Entry.class::isInstance)
                        .map(event -> new String(((SyscallEvent.Entry) event).head(), StandardCharsets.UTF_8)))
                .containsExactly("one\n", "four\n");
        assertThat(events.stream()
                        .filter(SyscallEvent.Exit.class::isInstance)
                        .map(event -> ((SyscallEvent.Exit) event).result()))
                .containsExactly(4L, 5L);
    }

    /** Traces every write of a program that succeeds. */
    private static List<SyscallEvent> trace(Way way, Path program, List<String> arguments) {
        List<SyscallEvent> events = Collections.synchronizedList(new ArrayList<>());
        Launch launch = new Launch(program, arguments, Map.of(), Redirect.NULL, Redirect.NULL, Redirect.NULL, true);
        try (ChildProcess child = ChildProcess.spawn(launch);
                TraceSession session = way.tracer.attach(
                        new SyscallRequest(0, MAX_BYTES),
                        new TracedProcess(child.pid(), child.awaitingExec(), child::reaped),
                        events::add)) {
            child.resume();
            assertThat(child.awaitExit(LONG)).contains(new ExitStatus.Exited(0));
            session.settle();
        }
        return events;
    }

    @ParameterizedTest
    @MethodSource("ways")
    void saysThatABufferCannotBeRead(Way way) throws Exception {
        List<SyscallEvent> events = trace(way, GoProgram.build("badwrite", directory), List.of());
        assertThat(events).hasSize(2);
        assertThat(events.get(0)).isInstanceOfSatisfying(SyscallEvent.Entry.class, entry -> {
            assertThat(entry.head()).isNull();
            assertThat(entry.length()).isEqualTo(24);
        });
        assertThat(events.get(1))
                .isInstanceOfSatisfying(
                        SyscallEvent.Exit.class,
                        exit -> assertThat(exit.errno()).isEqualTo(EFAULT));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void capturesNoMoreThanAskedFor(Way way) {
        try (Target target = Target.launch(GoToolchains.NEWEST.program("writes"), List.of(), true)) {
            List<SyscallEvent> events = Collections.synchronizedList(new ArrayList<>());
            try (TraceSession session =
                    way.tracer.attach(new SyscallRequest(DESCRIPTOR, 0), target.traced(), events::add)) {
                target.resume();
                target.burst(1, 100);
                session.settle();
            }
            assertThat(events).hasSize(200);
            assertThat(events.stream().filter(SyscallEvent.Entry.class::isInstance))
                    .hasSize(100)
                    .allMatch(event -> ((SyscallEvent.Entry) event).head().length == 0);
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void survivesTheDeathOfTheProcess(Way way) {
        try (Target target = Target.launch(GoToolchains.NEWEST.program("writes"), List.of("-k", "2"), true)) {
            TraceSession session = way.tracer.attach(OF_THE_TARGET, target.traced(), event -> {});
            target.resume();
            Thread killing = new Thread(() -> {
                awaitCalls(session, 500);
                ProcessHandle.of(target.pid()).ifPresent(ProcessHandle::destroyForcibly);
            });
            killing.start();
            assertThatThrownBy(() -> target.burst(1, 100_000_000))
                    .isInstanceOf(BadInput.class)
                    .hasMessageContaining("SIGKILL");
            join(killing);
            session.close();
            TraceCounts counts = session.counts();
            assertThat(counts.calls() + counts.lostCalls()).isGreaterThanOrEqualTo(500);
            assertThat(counts.lost() > 0 || counts.calls() == counts.returns() + counts.noReturns())
                    .as(counts.toString())
                    .isTrue();
        }
    }

    private static void awaitCalls(TraceSession session, long calls) {
        Deadline deadline = Deadline.in(LONG);
        while (session.counts().calls() < calls && !deadline.isOver()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void countsWhatFindsNoRoom() {
        EbpfSyscallTracer tiny = new EbpfSyscallTracer(4096);
        try (Target target = Target.launch(GoToolchains.NEWEST.program("writes"), List.of("-k", "2"), true)) {
            List<SyscallEvent> events = Collections.synchronizedList(new ArrayList<>());
            try (TraceSession session = tiny.attach(OF_THE_TARGET, target.traced(), events::add)) {
                target.resume();
                target.burst(1, 100_000);
                session.settle();
                TraceCounts counts = session.counts();
                assertThat(counts.lost()).isPositive();
                assertThat(counts.calls() + counts.lostCalls()).isEqualTo(100_000);
                assertThat(counts.returns() + counts.lostReturns()).isEqualTo(100_000);
            }
            Map<Long, SyscallEvent.Entry> entries = new HashMap<>();
            for (SyscallEvent event : events) {
                if (event instanceof SyscallEvent.Entry entry) {
                    entries.put(entry.id(), entry);
                } else if (event instanceof SyscallEvent.Exit exit && exit.id() > 0) {
                    assertThat(exit.result())
                            .as("no exit is taken for that of another call")
                            .isEqualTo(entries.get(exit.id()).length());
                }
            }
        }
    }

    @Test
    void aFilterNeedsAProcessThatHasNotStarted() {
        try (Target target = Target.launch(GoToolchains.NEWEST.program("writes"), List.of(), false)) {
            assertThatThrownBy(() -> new PtraceSyscallTracer(true).attach(OF_THE_TARGET, target.traced(), event -> {}))
                    .isInstanceOf(BadInput.class)
                    .hasMessageContaining("runs already")
                    .hasMessageNotContaining("\n");
            assertThat(target.burst(1, 10).callsMade()).isEqualTo(10);
        }
    }

    @ParameterizedTest
    @MethodSource("waysToAttach")
    void refusesAProcessThatIsNotThere(Way way) {
        assertThatThrownBy(() -> way.tracer.attach(
                        OF_THE_TARGET, new TracedProcess(Integer.MAX_VALUE, false, status -> {}), event -> {}))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining(Integer.toString(Integer.MAX_VALUE));
    }
}
