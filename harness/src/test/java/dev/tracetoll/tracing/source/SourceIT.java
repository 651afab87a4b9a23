package dev.tracetoll.tracing.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.burst.GoToolchains;
import dev.tracetoll.burst.Target;
import dev.tracetoll.burst.TargetProgram;
import dev.tracetoll.burst.Truth;
import dev.tracetoll.golang.GoBinary;
import dev.tracetoll.problem.Problem;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.tracing.NamedValue;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.Value;
import dev.tracetoll.tracing.ring.Draining;
import dev.tracetoll.tracing.uprobe.Emulation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@BesideOthers
class SourceIT {

    private static final int MAX_BYTES = 48;
    private static final int BURSTS = 20;
    private static final int CALLS = 150;

    private static final SourceTracer LARGE = new RingTracer(1 << 20, Draining.adaptive());
    private static final SourceTracer LOG = new LogTracer();
    private static final SourceTracer REGIONS = new RegionTracer();

    static Stream<Arguments> ways() {
        return Stream.of(
                Arguments.of(GoToolchains.NEWEST, LARGE),
                Arguments.of(GoToolchains.OLDEST, LARGE),
                Arguments.of(GoToolchains.NEWEST, LOG));
    }

    /** What was told, in order. */
    private static final class Told implements CallSink {
        private final List<List<NamedValue>> calls = new ArrayList<>();
        private final List<List<NamedValue>> results = new ArrayList<>();

        @Override
        public void call(long n, byte[] text, long length, double fraction) {
            calls.add(List.of(
                    new NamedValue("n", "int", new Value.Signed(n)),
                    new NamedValue("s", "string", new Value.Text(text, length)),
                    new NamedValue("f", "float64", new Value.Float64(fraction))));
        }

        @Override
        public void returned(long result) {
            results.add(List.of(new NamedValue("", "int", new Value.Signed(result))));
        }
    }

    private static <T> T telling(TargetProgram program, SourceSession session, Function<Target, T> what) {
        try (session;
                Target target = Target.launch(program, session.arguments(), false)) {
            session.attach(target.pid());
            return what.apply(target);
        }
    }

    private static SourceSession open(TargetProgram program, SourceTracer tracer, CallSink sink) {
        try (GoBinary binary = GoBinary.open(program.path(), Emulation.ofThisKernel())) {
            return tracer.open(binary.runtimeLayout().goidOffset(), MAX_BYTES, sink);
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void tellsWhatWasCalledAndReturned(GoToolchains go, SourceTracer tracer) {
        TargetProgram program = go.program("calls");
        Told told = new Told();
        SourceSession session = open(program, tracer, told);
        List<Truth> truths = telling(program, session, target -> {
            for (int i = 1; i <= BURSTS; i++) {
                session.resume();
                target.burst(1, CALLS);
                session.settle();
                session.rest();
                long made = (long) i * CALLS;
                assertThat(session.counts()).isEqualTo(new TraceCounts(made, made, 0, 0, 0));
            }
            return target.truth(0, BURSTS * CALLS);
        });
        assertThat(told.calls).hasSize(BURSTS * CALLS);
        assertThat(told.results).hasSize(BURSTS * CALLS);
        for (int i = 0; i < truths.size(); i++) {
            assertThat(truths.get(i).hasArguments(told.calls.get(i)))
                    .as("arguments of call %d: %s", i, told.calls.get(i))
                    .isTrue();
            assertThat(truths.get(i).hasResults(told.results.get(i)))
                    .as("result of call %d: %s", i, told.results.get(i))
                    .isTrue();
        }
    }

    @Test
    void eachRegionOfAnExecutionTraceIsCounted() {
        TargetProgram program = GoToolchains.NEWEST.program("calls");
        SourceSession session = open(program, REGIONS, CallSink.DISCARD);
        long made = telling(program, session, target -> {
            long calls = 0;
            for (int i = 1; i <= BURSTS; i++) {
                calls += target.burst(i, CALLS * i).callsMade();
                session.settle();
                assertThat(session.counts()).isEqualTo(new TraceCounts(calls, calls, 0, 0, 0));
            }
            return calls;
        });
        assertThat(made).isEqualTo(430_500);
    }

    static Stream<Arguments> notes() {
        return Stream.of(false, true)
                .map(FloorTracer::new)
                .flatMap(tracer -> tracer.targets().stream()
                        .flatMap(target ->
                                Stream.of(GoToolchains.values()).map(go -> Arguments.of(go, tracer, target))));
    }

    @ParameterizedTest
    @MethodSource("notes")
    void eachTargetOfAFloorWritesNotes(GoToolchains go, FloorTracer tracer, String target) {
        TargetProgram program = go.program(target);
        SourceSession session = open(program, tracer, CallSink.DISCARD);
        // More than a thread's memory for notes holds.
        long made =
                telling(program, session, started -> started.burst(2, 20_000).callsMade());
        assertThat(made).isEqualTo(40_000);
    }

    /** Two records find room. */
    @ParameterizedTest
    @EnumSource
    void whatARingHasNoRoomForIsCounted(GoToolchains go) {
        TargetProgram program = go.program("calls");
        RingTracer tracer = new RingTracer(1, Draining.adaptive());
        Told told = new Told();
        SourceSession session = open(program, tracer, told);
        long made = telling(program, session, target -> target.burst(100, 1000).callsMade());
        TraceCounts counts = session.counts();
        assertThat(counts.lost()).isPositive();
        assertThat(counts.calls() + counts.lostCalls()).isEqualTo(made);
        assertThat(counts.returns() + counts.lostReturns()).isEqualTo(made);
        assertThat(told.calls).hasSize((int) counts.calls());
    }

    static Stream<Arguments> targetsThatCannot() {
        return Stream.of(
                Arguments.of(GoToolchains.OLDEST, "calls", LOG, "log/slog came with Go 1.21"),
                Arguments.of(GoToolchains.OLDEST, "calls", REGIONS, "since Go 1.22"),
                Arguments.of(GoToolchains.NEWEST, "leaf", LOG, "-source"));
    }

    @ParameterizedTest
    @MethodSource("targetsThatCannot")
    void aTargetThatCannotSaysWhy(GoToolchains go, String name, SourceTracer tracer, String why) {
        TargetProgram program = go.program(name);
        SourceSession session = open(program, tracer, CallSink.DISCARD);
        assertThatThrownBy(() -> telling(program, session, Target::pid))
                .isInstanceOf(Problem.class)
                .hasMessageContaining(why);
    }
}
