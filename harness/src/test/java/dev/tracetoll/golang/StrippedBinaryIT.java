package dev.tracetoll.golang;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.linux.kernel.KernelVersion;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.tracing.uprobe.Emulation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Programs that say less of themselves than a plain build does. */
@BesideOthers
class StrippedBinaryIT {

    private static final Emulation EMULATION = new Emulation(new KernelVersion(6, 18));
    private static final Map<String, String> WITH_C = Map.of("CGO_ENABLED", "1", "CC", "clang");

    @TempDir
    private Path directory;

    static Stream<Arguments> builds() {
        return GoRelease.tested()
                .flatMap(go -> Stream.of(
                        Arguments.of(go, List.of("-ldflags=-s")),
                        Arguments.of(go, List.of("-ldflags=-s -w", "-trimpath")),
                        Arguments.of(go, List.of("-ldflags=-s -w", "-buildmode=pie"))));
    }

    private static Path withoutSections(Path program) throws IOException {
        ByteBuffer image = ByteBuffer.wrap(Files.readAllBytes(program)).order(ByteOrder.LITTLE_ENDIAN);
        // e_shoff, and e_shnum with e_shstrndx.
        image.putLong(40, 0).putInt(60, 0);
        return Files.write(program.resolveSibling(program.getFileName() + "-without-sections"), image.array());
    }

    private static List<String> traceable(Path program) {
        List<String> found = new ArrayList<>();
        try (GoBinary binary = GoBinary.open(program, EMULATION)) {
            for (Candidate candidate : binary.matching(name -> true)) {
                if (candidate instanceof Candidate.Traceable traceable) {
                    TracedFunction function = traceable.function();
                    found.add(function.name() + " " + function.entry().fileOffset() + " "
                            + function.returns().stream()
                                    .map(ProbeSite::fileOffset)
                                    .toList());
                }
            }
        }
        return found;
    }

    @ParameterizedTest
    @MethodSource("builds")
    void functionsOfAStrippedProgramHaveRawArguments(GoRelease go, List<String> flags) {
        try (GoBinary binary = GoBinary.open(go.build(directory, "shapes", flags.toArray(String[]::new)), EMULATION)) {
            TracedFunction function = binary.function("main.run");
            assertThat(binary.hasDebugInfo()).isFalse();
            assertThat(function.signature()).isEqualTo(new Signature(Signature.Kind.REGISTERS, "no DWARF"));
            assertThat(function.arguments())
                    .extracting(Variable::name)
                    .containsExactly("RAX", "RBX", "RCX", "RDI", "RSI", "R8", "R9", "R10", "R11");
            assertThat(function.results()).isEqualTo(function.arguments());
            assertThat(function.arguments())
                    .allSatisfy(variable -> assertThat(variable.type().name()).isEqualTo("uintptr"));
            assertThat(function.returns()).hasSize(1);
            assertThat(binary.runtimeLayout().signals()).isPresent();
            assertThat(binary.functionNames())
                    .anyMatch(name -> name.startsWith("main.Map["))
                    .anyMatch("main.huge"::equals);
            assertThat(binary.inlined("main.small").places()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("builds")
    void sectionsAreNotNeeded(GoRelease go, List<String> flags) throws IOException {
        Path program = go.build(directory, "shapes", flags.toArray(String[]::new));
        List<String> expected = traceable(program);
        assertThat(expected).hasSizeGreaterThan(1000);
        assertThat(traceable(withoutSections(program))).isEqualTo(expected);
    }

    /** The table of functions and the symbol table lead to the same probe sites in one and the same code. */
    @ParameterizedTest
    @MethodSource("dev.tracetoll.golang.GoRelease#tested")
    void probeSitesDoNotDependOnSymbols(GoRelease go) throws IOException {
        Path program = go.build(directory, "shapes");
        Set<String> stripped = sites(traceable(withoutSections(program)));
        Set<String> whole = sites(traceable(program));
        assertThat(whole.stream().filter(each -> !stripped.contains(each)))
                .as("only with symbols")
                .isEmpty();
        assertThat(stripped.stream().filter(each -> !whole.contains(each)))
                .as("only without symbols")
                .isEmpty();
    }

    private static Set<String> sites(List<String> functions) {
        return functions.stream()
                .map(function -> function.replaceFirst("^.* (?=\\d+ \\[)", ""))
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @MethodSource("dev.tracetoll.golang.GoRelease#tested")
    void withoutDwarfThereAreStillSymbols(GoRelease go) {
        try (GoBinary binary = GoBinary.open(go.build(directory, "shapes", "-ldflags=-w"), EMULATION)) {
            assertThat(binary.hasDebugInfo()).isFalse();
            assertThat(binary.functionNames()).anyMatch(name -> name.startsWith("main.Map[go.shape.int"));
            assertThat(binary.function("main.run").signature().kind()).isEqualTo(Signature.Kind.REGISTERS);
        }
    }

    static Stream<Arguments> cgoBuilds() {
        return GoRelease.tested()
                .flatMap(go -> Stream.of("-trimpath", "-ldflags=-s -w", "-buildmode=pie")
                        .map(flag -> Arguments.of(go, flag)));
    }

    @ParameterizedTest
    @MethodSource("cgoBuilds")
    void programsWithCAreRead(GoRelease go, String flag) {
        try (GoBinary binary = GoBinary.open(go.build(WITH_C, directory, "callback", flag), EMULATION)) {
            TracedFunction function = binary.function("main.probed");
            boolean stripped = flag.startsWith("-ldflags");
            assertThat(function.signature().kind())
                    .isEqualTo(stripped ? Signature.Kind.REGISTERS : Signature.Kind.KNOWN);
            assertThat(function.returns()).isNotEmpty();
            assertThat(binary.runtimeLayout().goidOffset()).isIn(152, 160);
            List<Candidate> c = binary.matching(name -> name.equals("_start") || name.equals("threadentry"));
            assertThat(c)
                    .hasSize(stripped ? 0 : 2)
                    .allSatisfy(candidate -> assertThat(((Candidate.Untraceable) candidate).why())
                            .contains("not Go's"));
        }
    }
}
