package dev.tracetoll.golang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.linux.kernel.KernelVersion;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.tracing.uprobe.Emulation;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said of functions that were asked for by name. */
@BesideOthers
class CandidatesIT {

    private static final Emulation EMULATION = new Emulation(new KernelVersion(6, 18));

    @TempDir
    private Path directory;

    private GoBinary shapes(GoRelease go) {
        return GoBinary.open(go.build(directory, "shapes"), EMULATION);
    }

    private static TracedFunction traceable(GoBinary binary, String name) {
        List<Candidate> found = binary.matching(name::equals);
        assertThat(found).singleElement().isInstanceOf(Candidate.Traceable.class);
        return ((Candidate.Traceable) found.get(0)).function();
    }

    private static String why(GoBinary binary, String name) {
        List<Candidate> found = binary.matching(name::equals);
        assertThat(found).singleElement().isInstanceOf(Candidate.Untraceable.class);
        return ((Candidate.Untraceable) found.get(0)).why();
    }

    @ParameterizedTest
    @MethodSource("dev.tracetoll.golang.GoRelease#tested")
    void inlinedCallsAreCounted(GoRelease go) {
        try (GoBinary binary = shapes(go)) {
            assertThat(binary.inlined("main.small").into()).isEqualTo(Map.of("main.main", 1, "main.run", 2));
            assertThat(binary.inlined("main.kept").into()).isEqualTo(Map.of("main.main", 1));
            assertThat(binary.inlined("main.run").places()).isZero();
            assertThat(why(binary, "main.small"))
                    .isEqualTo("it exists only inlined, at 3 places (in main.main, main.run)");
            assertThat(traceable(binary, "main.kept").signature()).isEqualTo(Signature.OF_DECLARATION);
            assertThatThrownBy(() -> binary.function("main.small"))
                    .isInstanceOf(BadInput.class)
                    .hasMessageContaining("only inlined");
        }
    }

    @ParameterizedTest
    @MethodSource("dev.tracetoll.golang.GoRelease#tested")
    void assemblyHasItsArgumentsOnTheStack(GoRelease go) {
        try (GoBinary binary = shapes(go)) {
            TracedFunction sum = traceable(binary, "main.sum.abi0");
            assertThat(sum.signature().kind()).isEqualTo(Signature.Kind.STACK);
            assertThat(sum.arguments()).extracting(Variable::name).containsExactly("stack+0", "stack+8", "stack+16");
            assertThat(sum.arguments())
                    .extracting(variable -> variable.parts().get(0).location())
                    .containsExactly(new Location.StackSlot(0), new Location.StackSlot(8), new Location.StackSlot(16));
            assertThat(sum.tailCalls()).isFalse();
            assertThat(traceable(binary, "main.jump.abi0").tailCalls()).isTrue();
            assertThat(why(binary, "main.spin.abi0")).contains("jumps back");
        }
    }

    @ParameterizedTest
    @MethodSource("dev.tracetoll.golang.GoRelease#tested")
    void aSwitchIsNoTailCall(GoRelease go) {
        try (GoBinary binary = shapes(go)) {
            assertThat(traceable(binary, "main.choose").tailCalls()).isFalse();
            assertThat(traceable(binary, "main.main").tailCalls()).isFalse();
        }
    }

    @Test
    void whatIsNoFunctionIsSaidToBeNone() {
        try (GoBinary binary = shapes(GoRelease.NEWEST)) {
            assertThat(why(binary, "runtime.text")).isEqualTo("it has no code");
            assertThat(traceable(binary, "internal/cpu.Initialize").entry().address())
                    .isPositive();
            assertThat(binary.matching(name -> name.equals("main.nothing"))).isEmpty();
        }
    }
}
