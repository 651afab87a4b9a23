package dev.tracetoll.golang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.faults.Promise;
import dev.tracetoll.linux.kernel.KernelVersion;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.GoProgram;
import dev.tracetoll.tracing.uprobe.Emulation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Debugging information that is elsewhere than the program, or compressed in another way than Go's linker does. */
@BesideOthers
class DebugFilesIT {

    private static final Emulation EMULATION = new Emulation(new KernelVersion(6, 18));
    private static final String FUNCTION = "main.add";

    @TempDir
    private static Path built;

    private static Path program;
    private static Path stripped;
    private static Path debugFile;

    @TempDir
    private Path directory;

    @BeforeAll
    static void build() throws Exception {
        program = GoProgram.build("traced", built);
        debugFile = built.resolve("traced.debug");
        stripped = built.resolve("stripped");
        run("objcopy", "--only-keep-debug", program.toString(), debugFile.toString());
        run("strip", "-o", stripped.toString(), program.toString());
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor())
                .as("%s", List.of(command))
                .isZero();
    }

    private static TracedFunction function(Path file, Optional<Path> debug) {
        try (GoBinary binary = GoBinary.open(file, file.toString(), debug, EMULATION)) {
            assertThat(binary.runtimeLayout().goidOffset()).isPositive();
            return binary.function(FUNCTION);
        }
    }

    private static void assertKnown(TracedFunction function) {
        TracedFunction plain = function(program, Optional.empty());
        assertThat(plain.signature().kind()).isEqualTo(Signature.Kind.KNOWN);
        assertThat(function.signature()).isEqualTo(plain.signature());
        assertThat(function.arguments())
                .extracting(Variable::name)
                .isEqualTo(plain.arguments().stream().map(Variable::name).toList());
        assertThat(function.entry().fileOffset()).isEqualTo(plain.entry().fileOffset());
    }

    @Promise(
            chapter = Promise.Chapter.FILE,
            fault = "A program was stripped, and its debugging information is in a file of its own",
            promise =
                    "that file is found by its link beside the program or in `.debug`, if its checksum is right, or given by `--debug-file`")
    @ParameterizedTest
    @ValueSource(strings = {"", ".debug"})
    void debuggingInformationIsFoundByItsLink(String where) throws Exception {
        Path linked = directory.resolve("linked");
        Path beside = Files.createDirectories(directory.resolve(where)).resolve("traced.debug");
        run("objcopy", "--add-gnu-debuglink=" + debugFile, stripped.toString(), linked.toString());
        assertThat(function(linked, Optional.empty()).signature().kind()).isEqualTo(Signature.Kind.REGISTERS);

        Files.copy(program, beside);
        assertThat(function(linked, Optional.empty()).signature().kind())
                .as("with another checksum")
                .isEqualTo(Signature.Kind.REGISTERS);

        Files.copy(debugFile, beside, StandardCopyOption.REPLACE_EXISTING);
        assertKnown(function(linked, Optional.empty()));
        assertKnown(function(stripped, Optional.of(debugFile)));
    }

    @Promise(
            chapter = Promise.Chapter.FILE,
            fault = "`--debug-file` is of another build, or has no debugging information",
            promise = "it is refused in one line")
    @Test
    void anotherBuildsDebuggingInformationIsRefused() throws Exception {
        Path other = GoProgram.build("inheriting", directory);
        assertThatThrownBy(() -> function(stripped, Optional.of(other)))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("another build");
        assertThatThrownBy(() -> function(stripped, Optional.of(stripped)))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("has no debugging information");
    }

    @Promise(
            chapter = Promise.Chapter.FILE,
            fault = "Debugging information is compressed in the older form (`.zdebug`), or by zstd",
            promise = "it is read, or said not to be readable, and raw registers are shown")
    @ParameterizedTest
    @ValueSource(strings = {"zlib-gnu", "zlib", "zstd"})
    void otherCompressionIsReadOrSaid(String compression) throws Exception {
        Path plain = directory.resolve("plain");
        Path compressed = directory.resolve("compressed");
        run("objcopy", "--decompress-debug-sections", program.toString(), plain.toString());
        run("objcopy", "--compress-debug-sections=" + compression, plain.toString(), compressed.toString());
        if (compression.equals("zstd")) {
            Signature signature = function(compressed, Optional.empty()).signature();
            assertThat(signature.kind()).isEqualTo(Signature.Kind.REGISTERS);
            assertThat(signature.why()).contains("compressed by zstd");
        } else {
            assertKnown(function(compressed, Optional.empty()));
        }
    }

    @Promise(
            chapter = Promise.Chapter.FILE,
            fault = "The linker has given functions a second name, as in a program that can load plugins",
            promise = "the name that people know wins, and the trace says that calls of plugins are not seen")
    @Test
    void theNameThatPeopleKnowWins() throws Exception {
        Path source = Files.createDirectory(directory.resolve("source"));
        Files.writeString(source.resolve("go.mod"), "module opens\n\ngo 1.19\n");
        Files.writeString(source.resolve("main.go"), """
                package main

                import (
                	"fmt"
                	"plugin"
                )

                //go:noinline
                func calc(i int) int { return i - 1 }

                func main() {
                	_, err := plugin.Open("none")
                	fmt.Println(calc(1), err)
                }
                """);
        Path opens = directory.resolve("opens");
        List<String> command = new ArrayList<>(List.of(
                "sh",
                Path.of(System.getProperty("tracetoll.home"), "targets", "go.sh")
                        .toString(),
                "build",
                "-C",
                source.toString(),
                "-buildvcs=false",
                "-o",
                opens.toString(),
                "."));
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().putAll(java.util.Map.of("TRACETOLL_CGO", "1", "CC", "clang"));
        assertThat(builder.start().waitFor()).isZero();
        try (GoBinary binary = GoBinary.open(opens, EMULATION)) {
            assertThat(binary.loadsPlugins()).isTrue();
            assertThat(binary.matching(name -> name.contains("main.calc")))
                    .hasSize(1)
                    .first()
                    .isInstanceOfSatisfying(
                            Candidate.Traceable.class,
                            found -> assertThat(found.function().name()).isEqualTo("main.calc"));
        }
        try (GoBinary binary = GoBinary.open(program, EMULATION)) {
            assertThat(binary.loadsPlugins()).isFalse();
        }
    }
}
