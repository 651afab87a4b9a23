package dev.tracetoll.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.burst.BurstResult;
import dev.tracetoll.burst.GoToolchains;
import dev.tracetoll.burst.TargetProgram;
import dev.tracetoll.burst.Truth;
import dev.tracetoll.faults.Tries;
import dev.tracetoll.linux.process.ChildProcess;
import dev.tracetoll.linux.process.Launch;
import dev.tracetoll.linux.process.Redirect;
import dev.tracetoll.results.CpuPlacement;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.testing.NeedsPtrace;
import dev.tracetoll.tracing.NamedValue;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.TraceEvent;
import dev.tracetoll.tracing.Value;
import dev.tracetoll.tracing.ring.RingChoice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every technique reports exactly the calls that the targets make, with the arguments and results that the targets tell. */
@BesideOthers
@NeedsEbpf
@NeedsPtrace
class TracedTargetIT {

    private static final int RUNS_IN_A_ROW = Tries.wanted(8, 20);

    private static final List<Technique> TECHNIQUES =
            List.of(Technique.EBPF, Technique.PTRACE, Technique.PTRACE_STEP, Technique.PTRACE_CLASSIC);

    /** Whatever else the machine does, nothing is to be lost here. */
    private static final RingChoice HOLDS_ALL = new RingChoice(32 << 20, "", 0);

    private static final RingChoice HOLDS_LITTLE = new RingChoice(1 << 20, "", 0);
    private static final int FLOOD = 2_000_000;

    /** A call and its return as they were seen. */
    private record Seen(TraceEvent.Call call, TraceEvent.Return back) {}

    /** A target under a technique, with the size of the trial. */
    private record Trial(
            Technique technique, GoToolchains go, String target, List<String> arguments, int bursts, int calls) {
        TargetProgram program() {
            return go.program(target);
        }

        @Override
        public String toString() {
            return technique + ", " + go + ", " + target + ", " + bursts + " x " + calls;
        }
    }

    static Stream<Trial> trials() {
        List<Trial> trials = new ArrayList<>();
        for (GoToolchains go : GoToolchains.values()) {
            trials.add(new Trial(Technique.EBPF, go, "calls", List.of(), 5, 20_000));
            trials.add(new Trial(Technique.PTRACE, go, "calls", List.of(), 2, 1_000));
            for (Technique technique : TECHNIQUES) {
                int calls = technique.equals(Technique.EBPF) ? 20_000 : 500;
                trials.add(new Trial(technique, go, "leaf", List.of(), 1, calls));
                trials.add(new Trial(technique, go, "recursive", List.of("-depth", "700"), 1, calls * 2));
                trials.add(new Trial(technique, go, "goroutines", List.of("-k", "4"), 2, calls));
            }
        }
        return trials.stream();
    }

    @ParameterizedTest
    @MethodSource("trials")
    void seesEveryCallWithItsArgumentsAndResults(Trial trial) {
        check(trial);
    }

    static Stream<Trial> withoutEvents() {
        return Stream.of(GoToolchains.values())
                .flatMap(go -> Stream.of("ebpf-count", "ebpf-durations", "inline-count", "inline-durations")
                        .map(Techniques::named)
                        .flatMap(technique -> Stream.of(
                                new Trial(technique, go, "recursive", List.of("-depth", "1000"), 1, 100_000),
                                new Trial(technique, go, "goroutines", List.of("-k", "8"), 1, 100_000),
                                new Trial(technique, go, "leaf", List.of(), 3, 1_000))));
    }

    @ParameterizedTest
    @MethodSource("withoutEvents")
    void whatIsCountedWithoutEventsIsExact(Trial trial) {
        List<TraceEvent> events = new ArrayList<>();
        try (TracedTarget traced =
                TargetLauncher.launch(trial.technique, trial.program(), trial.arguments, events::add)) {
            long calls = traced.burst(trial.bursts, trial.calls).burst().callsMade();
            long returns = traced.tracesReturns() ? calls : 0;
            assertThat(traced.counts()).isEqualTo(new TraceCounts(calls, returns, 0, 0, 0));
        }
        assertThat(events).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "recursive", "goroutines"})
    void whatIsReadForNothingLeavesNothing(String target) {
        List<TraceEvent> events = new ArrayList<>();
        try (TracedTarget traced = TargetLauncher.launch(
                Techniques.named("ebpf-readings"), GoToolchains.NEWEST.program(target), List.of(), events::add)) {
            assertThat(traced.burst(2, 1_000).burst().callsMade()).isEqualTo(2_000);
            assertThat(traced.counts()).isEqualTo(new TraceCounts(0, 0, 0, 0, 0));
        }
        assertThat(events).isEmpty();
    }

    static Stream<Arguments> movingAndConcurrent() {
        return TECHNIQUES.stream()
                .flatMap(technique -> Stream.of(
                        Arguments.of(new Trial(
                                technique, GoToolchains.NEWEST, "recursive", List.of("-depth", "1000"), 1, 400)),
                        Arguments.of(
                                new Trial(technique, GoToolchains.NEWEST, "goroutines", List.of("-k", "4"), 1, 400))));
    }

    @ParameterizedTest
    @MethodSource("movingAndConcurrent")
    void countsAreExactManyTimesInARowOnABusyMachine(Trial trial) {
        try (ChildProcess busy = ChildProcess.spawn(new Launch(
                Path.of("/bin/sh"),
                List.of("-c", "while :; do :; done"),
                Map.of(),
                Redirect.NULL,
                Redirect.NULL,
                Redirect.NULL,
                false))) {
            for (int run = 0; run < RUNS_IN_A_ROW; run++) {
                check(trial);
            }
            assertThat(busy.isAlive()).as("the busy process").isTrue();
        }
    }

    /** More comes than anybody reads: millions of events a second from one thread, which waits for nobody. */
    @ParameterizedTest
    @EnumSource
    void whatIsWrittenFasterThanItIsReadIsCounted(GoToolchains go) {
        Trial flood = new Trial(Technique.INLINE, go, "leaf", List.of(), 1, FLOOD);
        AtomicLong calls = new AtomicLong();
        TraceCounts counts;
        try (TracedTarget traced = TargetLauncher.launch(
                flood.technique,
                flood.program(),
                flood.arguments,
                CpuPlacement.UNPINNED,
                Probing.ONE,
                HOLDS_LITTLE,
                event -> calls.addAndGet(event instanceof TraceEvent.Call ? 1 : 0))) {
            BurstResult burst = traced.burst(flood.bursts, flood.calls).burst();
            assertThat(burst.callsMade()).isEqualTo(flood.calls);
            counts = traced.counts();
            System.out.printf(
                    "%s: %.1f million events/s, %s%n",
                    flood, 2e3 * flood.calls / burst.bursts().totalNs(), counts);
        }
        assertThat(counts.lost())
                .as("lost, or the test shows nothing: %s", counts)
                .isPositive();
        assertThat(counts.calls() + counts.lostCalls()).as("calls: %s", counts).isEqualTo(flood.calls);
        assertThat(counts.returnsSeen() + counts.lostReturns())
                .as("returns: %s", counts)
                .isEqualTo(flood.calls);
        assertThat(calls.get()).as("calls told of: %s", counts).isEqualTo(counts.calls());
    }

    private static void check(Trial trial) {
        List<TraceEvent> events = new ArrayList<>();
        List<Truth> truths;
        TraceCounts counts;
        try (TracedTarget traced = TargetLauncher.launch(
                trial.technique,
                trial.program(),
                trial.arguments,
                CpuPlacement.UNPINNED,
                Probing.ONE,
                HOLDS_ALL,
                events::add)) {
            TracedTarget.Measured measured = traced.burst(trial.bursts, trial.calls);
            BurstResult burst = measured.burst();
            assertThat(burst.callsMade()).isEqualTo((long) trial.bursts * trial.calls);
            counts = measured.events();
            truths = truths(traced, trial);
        }
        assertThat(counts).isEqualTo(new TraceCounts(truths.size(), truths.size(), 0, 0, 0));
        List<Seen> seen = pair(events, trial.target.equals("goroutines"));
        assertThat(seen).hasSameSizeAs(truths);
        for (int i = 0; i < truths.size(); i++) {
            Seen each = seen.get(i);
            assertThat(truths.get(i).hasArguments(each.call.arguments()))
                    .as("arguments of call %d: %s, seen %s", i, truths.get(i), each.call)
                    .isTrue();
            assertThat(truths.get(i).hasResults(each.back.results()))
                    .as("results of call %d: %s, seen %s", i, truths.get(i), each.back)
                    .isTrue();
            each.call.arguments().forEach(TracedTargetIT::capturedAsMuchAsAskedFor);
            assertThat(each.back.durationNs()).isPositive();
            assertThat(each.back.goroutine()).isEqualTo(each.call.goroutine()).isPositive();
            assertThat(each.back.depth()).isEqualTo(each.call.depth());
        }
    }

    private static List<Truth> truths(TracedTarget traced, Trial trial) {
        return traced.target().truth(0, trial.bursts * trial.calls);
    }

    private static void capturedAsMuchAsAskedFor(NamedValue value) {
        if (value.value() instanceof Value.Text text) {
            assertThat(text.bytes().length).isEqualTo((int) Math.min(ArmSpec.MAX_BYTES, text.length()));
        }
    }

    /** Calls with their returns, in the order in which the target made them. */
    private static List<Seen> pair(List<TraceEvent> events, boolean concurrent) {
        Map<Long, TraceEvent.Return> returns = new HashMap<>();
        List<TraceEvent.Call> calls = new ArrayList<>();
        for (TraceEvent event : events) {
            if (event instanceof TraceEvent.Call call) {
                calls.add(call);
            } else if (event instanceof TraceEvent.Return back) {
                assertThat(back.id()).as("every return has a call: %s", back).isPositive();
                assertThat(returns.put(back.id(), back))
                        .as("a call returns once: %s", back)
                        .isNull();
            } else {
                assertThat(event).as("every call returns").isNull();
            }
        }
        if (concurrent) {
            calls.sort(Comparator.comparing(
                    call -> ((Value.Signed) call.arguments().get(0).value()).value()));
        }
        return calls.stream()
                .map(call -> new Seen(call, returns.get(call.id())))
                .toList();
    }
}
