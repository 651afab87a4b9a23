package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tracetoll.golang.GoRelease;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.testing.NeedsPtrace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One program built in every way that Go programs are built, and what a trace of it shows and says. */
@NeedsEbpf
@NeedsPtrace
@BesideOthers
class BuildMatrixIT {

    private static final String FUNCTIONS =
            "^main\\.(\\(\\*point\\)\\.scale|numbers|text|many|hold|double|generic.*|down|small|tiny|viaC|called)$";

    /** What has been built, for both backends. */
    private static final Map<String, Path> BUILT = new HashMap<>();

    @TempDir
    private static Path programs;

    @TempDir
    private Path directory;

    /** A way to build; {@code typed} is whether the program still says what its parameters are. */
    private enum Build {
        OPTIMISED(true, false),
        UNOPTIMISED(true, false, "-gcflags=all=-N -l"),
        PIE(true, false, "-buildmode=pie"),
        UNOPTIMISED_PIE(true, false, "-buildmode=pie", "-gcflags=all=-N -l"),
        TRIMMED_PATHS(true, false, "-trimpath"),
        UNCOMPRESSED_DWARF(true, false, "-ldflags=-compressdwarf=false"),
        NO_DWARF(false, false, "-ldflags=-w"),
        SYMBOLS_OMITTED(false, false, "-ldflags=-s"),
        DWARF_WITHOUT_SYMBOLS(true, false, "-ldflags=-s -w=0"),
        DWARF_WITHOUT_SYMBOLS_PIE(true, false, "-ldflags=-s -w=0", "-buildmode=pie"),
        NO_SYMBOLS(false, false, "-ldflags=-s -w"),
        NO_SYMBOLS_PIE(false, false, "-ldflags=-s -w", "-buildmode=pie"),
        STRIPPED(false, false),
        CGO(true, true),
        CGO_PIE(true, true, "-buildmode=pie"),
        CGO_NO_SYMBOLS(false, true, "-ldflags=-s -w"),
        RACE(true, true, "-race");

        private final boolean typed;
        private final boolean cgo;
        private final List<String> flags;

        Build(boolean typed, boolean cgo, String... flags) {
            this.typed = typed;
            this.cgo = cgo;
            this.flags = List.of(flags);
        }

        /** Up to Go 1.21 there is no DWARF without symbols, whatever the flags. */
        private boolean typed(GoRelease go) {
            return typed
                    && !(name().startsWith("DWARF_WITHOUT_SYMBOLS")
                            && List.of("oldest", "go1.21.13").contains(go.name()));
        }

        private boolean inlines() {
            return flags.stream().noneMatch(flag -> flag.endsWith("-l"));
        }

        private Path program(GoRelease go) throws Exception {
            Path program = BUILT.get(go.name() + name());
            if (program == null) {
                program = build(
                        go, Files.createDirectories(programs.resolve(go.name()).resolve(name())));
                BUILT.put(go.name() + name(), program);
            }
            return program;
        }

        private Path build(GoRelease go, Path directory) throws Exception {
            Map<String, String> environment =
                    cgo ? Map.of("CGO_ENABLED", "1", "CC", "clang") : Map.of("CGO_ENABLED", "0");
            Path program = go.build(environment, directory, "matrix", flags.toArray(String[]::new));
            if (this == STRIPPED) {
                assertThat(new ProcessBuilder("strip", program.toString())
                                .inheritIO()
                                .start()
                                .waitFor())
                        .as("strip")
                        .isZero();
            }
            return program;
        }
    }

    static Stream<Arguments> builds() {
        return GoRelease.tested()
                .flatMap(go -> Stream.of(Build.values())
                        .flatMap(
                                build -> Stream.of("ebpf", "ptrace").map(backend -> Arguments.of(go, build, backend))));
    }

    @ParameterizedTest
    @MethodSource("builds")
    void everyBuildIsTracedRight(GoRelease go, Build build, String backend) throws Exception {
        Path program = build.program(go);
        TracedRun.Runner runs = new TracedRun.Runner(directory, Path.of("/dev/null"));
        TracedRun alone = runs.alone(List.of(program.toString()));
        TracedRun traced = runs.traced(backend, FUNCTIONS, List.of(program.toString()));
        assertThat(traced.out()).isEqualTo(alone.out());
        assertThat(traced.exitCode()).isZero();
        assertThat(traced.calls("main.down"))
                .hasSize(3)
                .extracting(call -> call.get("depth").asInt())
                .containsExactly(0, 1, 2);
        if (build.typed(go)) {
            assertThat(traced.rendered()).containsExactlyElementsOf(expected(build, backend));
        } else {
            assertRaw(traced);
        }
        assertThat(traced.err().lines()).containsExactlyElementsOf(remarks(go, build, backend, program, traced));
    }

    private static List<String> expected(Build build, String backend) {
        String p = "{\"X\":3,\"Y\":4,\"Name\":\"p\"}";
        List<String> lines = new ArrayList<>(List.of(
                "main.(*point).scale [*main.point:{@,\"value\":" + p + "}, float64:1.5, int:2]",
                "main.(*point).scale = [main.point:{\"X\":4,\"Y\":8,\"Name\":\"p!\"}]",
                "main.numbers [int8:-5, uint64:1099511627776, float32:2.5, bool:true]",
                "main.numbers = [int64:1099511627771, float64:1.25]",
                "main.text [string:\"héllo\", []uint8:\"bytes\", []string:[\"one\",\"two\"]]",
                "main.text = [string:\"héllobytestwo\", error:{\"dynamicType\":\"*errors.errorString\",\"value\":{@,\"value\":{\"s\":\"text: héllo\"}}}]",
                "main.many [int:1, int:2, int:3, int:4, int:5, int:6, int:7, int:8, int:9, int:10, int:11, int:12]",
                "main.many = [int:21, int:57]",
                "main.hold [interface {}:{\"dynamicType\":\"main.point\",\"value\":{\"X\":1,\"Y\":2,\"Name\":\"held\"}}, "
                        + "error:{\"dynamicType\":\"*errors.errorString\",\"value\":{@,\"value\":{\"s\":\"held\"}}}, "
                        + "func(int) int:{\"function\":\"main.double\"}, map[string]int:{\"length\":1,\"entries\":[[\"a\",1]]}]",
                "main.double [int:1]",
                "main.double = [int:2]",
                "main.hold = [interface {}:{\"dynamicType\":\"int\",\"value\":2}, func(int) int:{\"function\":\"main.double\"}]",
                "main.double [int:4]",
                "main.double = [int:8]",
                "main.down [int:2]",
                "main.down [int:1]",
                "main.down [int:0]",
                "main.down = [int:0]",
                "main.down = [int:1]",
                "main.down = [int:3]",
                "main.generic[go.shape.string] [go.shape.string:\"x\", []go.shape.string:[\"y\",\"z\"]]",
                "main.generic[go.shape.string] = [go.shape.string:\"x\", int:2]",
                "main.small [int:1]",
                "main.small = [int:2]"));
        if (!build.inlines()) {
            lines.addAll(List.of(
                    "main.small [int:1]",
                    "main.small = [int:2]",
                    "main.small [int:3]",
                    "main.small = [int:4]",
                    "main.tiny [int:4]",
                    "main.tiny = [int:3]"));
        }
        lines.add("main.viaC [int:20]");
        if (build.cgo) {
            // It begins with addsd xmm0, xmm0, which is done when the signal comes that eBPF reads floats by.
            boolean changed = backend.equals("ebpf");
            String why =
                    "{\"unreadable\":\"the instruction under the probe changes its register before it can be read\"}";
            lines.addAll(List.of(
                    "main.called [int:20, float64:" + (changed ? why : "0.5") + "]",
                    "main.called = [int:21]",
                    "main.called [int:20, float64:" + (changed ? why : "1.5") + "]",
                    "main.called = [int:23]"));
        }
        lines.add("main.viaC = [int:" + (build.cgo ? 44 : 20) + "]");
        return lines;
    }

    /** What the registers hold follows from the signatures. */
    private static void assertRaw(TracedRun run) {
        assertThat(run.events()).allSatisfy(event -> {
            JsonNode values = event.get(event.get("event").asText().equals("call") ? "arguments" : "results");
            assertThat(values)
                    .extracting(each -> each.get("name").asText())
                    .containsExactly("RAX", "RBX", "RCX", "RDI", "RSI", "R8", "R9", "R10", "R11");
            assertThat(values)
                    .allSatisfy(each -> assertThat(each.get("type").asText()).isEqualTo("uintptr"));
        });
        assertThat(run.calls("main.many"))
                .singleElement()
                .satisfies(call -> assertThat(call.get("arguments"))
                        .extracting(each -> each.get("value").asLong())
                        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L));
        assertThat(run.returns("main.many"))
                .singleElement()
                .satisfies(end -> assertThat(end.get("results"))
                        .extracting(each -> each.get("value").asLong())
                        .startsWith(21L, 57L));
        assertThat(run.argument("main.numbers", "RAX"))
                .singleElement()
                .satisfies(word -> assertThat((byte) word.longValue()).isEqualTo((byte) -5));
        assertThat(run.argument("main.numbers", "RBX"))
                .extracting(JsonNode::asLong)
                .containsExactly(1L << 40);
        assertThat(run.argument("main.text", "RBX"))
                .extracting(JsonNode::asLong)
                .containsExactly(6L);
        assertThat(run.argument("main.text", "RDI"))
                .extracting(JsonNode::asLong)
                .containsExactly(5L);
        assertThat(run.argument("main.down", "RAX"))
                .extracting(JsonNode::asLong)
                .containsExactly(2L, 1L, 0L);
        assertThat(run.returns("main.viaC")).hasSize(1);
    }

    private static List<String> remarks(GoRelease go, Build build, String backend, Path program, TracedRun run) {
        if (!build.typed(go)) {
            long functions = run.events().stream()
                    .map(event -> event.get("function").asText())
                    .distinct()
                    .count();
            return List.of(
                    "tracetoll: no DWARF: arguments and results of " + functions + " functions are raw registers");
        }
        List<String> remarks = new ArrayList<>();
        if (build.inlines()) {
            remarks.add("tracetoll: Function main.tiny in " + program
                    + " cannot be traced: it exists only inlined, at 1 place (in main.main)");
            remarks.add("tracetoll: main.small is also inlined, at 2 places (in main.main); those calls are not seen");
        }
        if (build.cgo && backend.equals("ebpf")) {
            remarks.add(
                    "tracetoll: Argument x of main.called cannot be read under eBPF: addsd xmm0, xmm0, the instruction under the probe, "
                            + "changes its register before; --backend ptrace shows it");
        }
        return remarks;
    }
}
