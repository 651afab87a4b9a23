package dev.tracetoll.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.burst.GoToolchains;
import dev.tracetoll.burst.Target;
import dev.tracetoll.burst.TargetProgram;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.testing.Alone;
import dev.tracetoll.testing.NeedsPtrace;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.ptrace.PtraceFloor;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The floor stops at every call, and only then. */
@Alone
@NeedsPtrace
@SuppressWarnings("try") // The test closes sessions early, and twice.
class PtraceFloorIT {

    private static final int CALLS = 1_000;

    private static TracePlan plan(TargetProgram program) {
        return TargetPlans.of(Techniques.entry(Technique.PTRACE_FLOOR), program, Probing.ONE);
    }

    @ParameterizedTest
    @CsvSource({"NEWEST, calls, true", "NEWEST, leaf, false", "OLDEST, calls, true", "OLDEST, leaf, true"})
    void stopsAtEveryCall(GoToolchains go, String name, boolean together) {
        TargetProgram program = go.program(name);
        try (Target target = Target.launch(program, List.of(), true);
                TraceSession session = new PtraceFloor(together).attach(plan(program), target.traced(), event -> {})) {
            target.resume();
            long before = session.counts().calls();
            target.burst(2, CALLS);
            long traced = session.counts().calls();
            assertThat(traced - before).isEqualTo(2L * CALLS);

            session.close();
            session.close();
            assertThat(target.burst(1, CALLS).callsMade()).isEqualTo(CALLS);
            assertThat(session.counts().calls()).as("stops after detaching").isEqualTo(traced);
        }
    }

    @ParameterizedTest
    @EnumSource
    void isForProgramsThatAreToBeStarted(GoToolchains go) {
        TargetProgram program = go.program("calls");
        try (Target target = Target.launch(program, List.of(), false)) {
            assertThatThrownBy(() -> new PtraceFloor(true)
                            .attach(plan(program), target.traced(), event -> {})
                            .close())
                    .isInstanceOf(BadInput.class)
                    .hasMessageContaining("runs already");
        }
    }
}
