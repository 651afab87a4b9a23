package dev.tracetoll.golang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.burst.GoToolchains;
import dev.tracetoll.linux.kernel.KernelVersion;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.tracing.plan.SiteClass;
import dev.tracetoll.tracing.uprobe.Emulation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Reading programs that real toolchains built, and refusing what is none. */
@BesideOthers
class GoBinaryIT {

    private static final Emulation EMULATION = new Emulation(new KernelVersion(6, 18));

    @TempDir
    private Path directory;

    private static Path calls(GoToolchains go) {
        return go.program("calls").path();
    }

    @ParameterizedTest
    @EnumSource
    void readsAFunction(GoToolchains go) {
        try (GoBinary binary = GoBinary.open(calls(go), EMULATION)) {
            TracedFunction function = binary.function("main.probed");
            assertThat(binary.version().atLeast(GoVersion.OLDEST)).isTrue();
            assertThat(function.arguments()).extracting(Variable::name).containsExactly("n", "s", "f");
            assertThat(function.arguments())
                    .extracting(variable -> variable.type().name())
                    .containsExactly("int", "string", "float64");
            assertThat(function.results())
                    .extracting(variable -> variable.type().name())
                    .containsExactly("int");
            assertThat(function.declaration()).isEqualTo("main.probed(n int, s string, f float64) int");
            assertThat(EMULATION.classOf(function.entry().instruction())).isEqualTo(SiteClass.EMULATED);
            assertThat(function.returns()).isNotEmpty();
            assertThat(binary.runtimeLayout().stackHiOffset()).isEqualTo(8);
            assertThat(binary.runtimeLayout().signals()).isPresent();
        }
    }

    /** Only with {@code os/signal} can a program listen; the runtime's words for it are known by their place alone. */
    @ParameterizedTest
    @MethodSource("dev.tracetoll.golang.GoRelease#tested")
    void readsHowSignalsAreHandled(GoRelease go) {
        try (GoBinary binary = GoBinary.open(go.build(directory, "urgent"), EMULATION)) {
            SignalHandling signals = binary.runtimeLayout().signals().orElseThrow();
            assertThat(signals.installed()).hasSizeBetween(1, 2).doesNotContain(0L);
            assertThat(signals.listened()).isPositive();
        }
    }

    /** An argument that the very first instruction writes over. */
    @ParameterizedTest
    @MethodSource("dev.tracetoll.golang.GoRelease#tested")
    void knowsWhichArgumentsAreOverwritten(GoRelease go) {
        try (GoBinary binary = GoBinary.open(go.build(directory, "urgent"), EMULATION)) {
            assertThat(binary.function("main.twice").overwrittenArguments())
                    .extracting(Variable::name)
                    .containsExactly("f");
            assertThat(binary.function("main.half").overwrittenArguments()).isEmpty();
        }
    }

    /** The front end must know every function of a program, not only those made to be probed. */
    @ParameterizedTest
    @EnumSource
    void readsNearlyEveryFunctionOfAProgram(GoToolchains go) {
        try (GoBinary binary = GoBinary.open(calls(go), EMULATION)) {
            List<String> names = binary.functionNames().stream()
                    .filter(name -> name.matches("(strconv|fmt|sort|encoding/json)\\..*"))
                    .toList();
            int refused = 0;
            for (String name : names) {
                try {
                    binary.function(name);
                } catch (BadInput e) {
                    refused++;
                }
            }
            assertThat(names.size()).isGreaterThan(100);
            assertThat(refused).isLessThan(names.size() / 20);
        }
    }

    @Test
    void namesTheNearestFunctions() {
        try (GoBinary binary = GoBinary.open(calls(GoToolchains.NEWEST), EMULATION)) {
            assertThatThrownBy(() -> binary.function("main.probde"))
                    .isInstanceOf(BadInput.class)
                    .hasMessageContaining("main.probed")
                    .hasMessageMatching("(?s)[^\n]*");
        }
    }

    private static void refused(Path path, String... words) {
        assertThatThrownBy(() -> GoBinary.open(path, EMULATION))
                .isInstanceOf(BadInput.class)
                .hasMessageContainingAll(words)
                .hasMessageMatching("[^\n]*");
    }

    @Test
    void refusesWhatIsNotThere() {
        refused(directory.resolve("nothing"), "No such file", "nothing");
    }

    @Test
    void refusesADirectory() {
        refused(directory, "is a directory");
    }

    @Test
    void refusesWhatIsNoElfFile() throws IOException {
        refused(Files.writeString(directory.resolve("script"), "#!/bin/sh\nexit 0\n".repeat(10)), "not an ELF file");
        refused(Files.createFile(directory.resolve("empty")), "not an ELF file");
    }

    @Test
    void refusesWhatGoDidNotBuild() {
        refused(Path.of("/bin/sh"), "not built by Go");
    }

    @Test
    void refusesOtherArchitectures() throws IOException {
        byte[] program = Files.readAllBytes(calls(GoToolchains.NEWEST));
        byte[] arm = program.clone();
        arm[18] = (byte) 183;
        refused(Files.write(directory.resolve("arm"), arm), "64-bit ARM", "GOARCH=amd64");
        byte[] x86 = program.clone();
        x86[4] = 1;
        x86[18] = 3;
        refused(Files.write(directory.resolve("x86"), x86), "32-bit x86", "GOARCH=amd64");
    }

    @Test
    void refusesATruncatedProgram() throws IOException {
        byte[] program = Files.readAllBytes(calls(GoToolchains.NEWEST));
        for (int part = 1; part < 8; part++) {
            Path file =
                    Files.write(directory.resolve("part" + part), Arrays.copyOf(program, program.length / 8 * part));
            assertThatThrownBy(() -> {
                        try (GoBinary binary = GoBinary.open(file, EMULATION)) {
                            binary.function("main.probed");
                            binary.runtimeLayout();
                        }
                    })
                    .as("the first %d/8", part)
                    .isInstanceOf(BadInput.class)
                    .hasMessageMatching("[^\n]*");
        }
    }
}
