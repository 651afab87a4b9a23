package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.golang.GoRelease;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.DelveBuild;
import dev.tracetoll.testing.NeedsDelve;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.testing.NeedsPtrace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same requests to Delve and to Tracetoll, about a program whose calls are known: what each shows, case by case, is the table in
 * {@code docs/comparison-delve.md}. {@code -Dtracetoll.write.docs=true} writes the table anew.
 */
@NeedsEbpf
@NeedsPtrace
@BesideOthers
class DelveComparisonIT {

    private static final Path TABLE = Path.of(System.getProperty("tracetoll.home"), "docs/comparison-delve.md");
    private static final List<String> UNOPTIMISED = List.of("-gcflags=all=-N -l");
    private static final Pattern UNREADABLE = Pattern.compile("\\(unreadable ([^)]*)\\)");
    private static final int LONGEST_QUOTE = 60;
    private static final int DELVES_AT_ONCE = 4;
    private static final String INSTALL = "GOBIN=DIRECTORY go install github.com/go-delve/delve/cmd/dlv@v";

    @TempDir
    private Path directory;

    private Surroundings surroundings;

    @BeforeEach
    void rememberSurroundings() throws IOException {
        surroundings = new Surroundings();
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        Surroundings.await(
                "no program is left",
                () -> ProcessHandle.allProcesses()
                        .noneMatch(process -> process.info()
                                .command()
                                .filter(command -> command.startsWith(directory.toString()))
                                .isPresent()));
        surroundings.assertUnchanged();
    }

    /**
     * A function of the program, and the truth about its calls.
     *
     * @param calls the arguments of each call as Delve writes them, at its most verbose
     * @param returns the results of each return, likewise
     * @param ours the calls and returns as {@link TracedRun#rendered} has them
     */
    private record Case(String what, String function, List<String> calls, List<String> returns, List<String> ours) {}

    private static Case one(
            String what, String function, String arguments, String results, String oursCall, String oursReturn) {
        return new Case(
                what,
                "main." + function,
                List.of(arguments),
                List.of(results),
                List.of("main." + function + " [" + oursCall + "]", "main." + function + " = [" + oursReturn + "]"));
    }

    private static final List<Case> CASES = List.of(
            one("integers", "integers", "a: -7 b: -8 c: 9", "-6", "int:-7, int8:-8, uint64:9", "int:-6"),
            one("an unnamed result", "unnamed", "a: 41", "42", "int:41", "int:42"),
            one(
                    "seven arguments",
                    "seven",
                    "a: 1 b: 2 c: 3 d: 4 e: 5 f: 6 g: 7",
                    "28",
                    "int:1, int:2, int:3, int:4, int:5, int:6, int:7",
                    "int:28"),
            one("floats", "floats", "a: 1.5 b: 2.25", "3.75", "float64:1.5, float32:2.25", "float64:3.75"),
            one("strings", "text", "s: \"hello\"", "\"hello!\"", "string:\"hello\"", "string:\"hello!\""),
            one(
                    "slices",
                    "slices",
                    "b: []int len: 3, cap: 3, [4,5,6]",
                    "[]int len: 2, cap: 2, [5,6]",
                    "[]int:[4,5,6]",
                    "[]int:[5,6]"),
            one(
                    "structs",
                    "structs",
                    "p: main.point {X: 1, Y: 2}",
                    "main.point {X: 2, Y: 1}",
                    "main.point:{\"X\":1,\"Y\":2}",
                    "main.point:{\"X\":2,\"Y\":1}"),
            one(
                    "pointers",
                    "pointers",
                    "p: (*main.point)(@) *main.point {X: 3, Y: 4}",
                    "(*main.point)(@) *main.point {X: 4, Y: 3}",
                    "*main.point:{@,\"value\":{\"X\":3,\"Y\":4}}",
                    "*main.point:{@,\"value\":{\"X\":4,\"Y\":3}}"),
            one(
                    "maps",
                    "maps",
                    "m: map[string]int [ \"a\": 1, ]",
                    "1",
                    "map[string]int:{\"length\":1,\"entries\":[[\"a\",1]]}",
                    "int:1"),
            one(
                    "interfaces",
                    "interfaces",
                    "s: main.shape(main.square) {side: 2.5}",
                    "interface {}(int) 6",
                    "main.shape:{\"dynamicType\":\"main.square\",\"value\":{\"side\":2.5}}",
                    "interface {}:{\"dynamicType\":\"int\",\"value\":6}"),
            one(
                    "errors",
                    "failing",
                    "n: 5",
                    "error(*errors.errorString) *{s: \"broken\"}",
                    "int:5",
                    "error:{\"dynamicType\":\"*errors.errorString\",\"value\":{@,\"value\":{\"s\":\"broken\"}}}"),
            one(
                    "several unnamed results",
                    "several",
                    "a: 21 s: \"why\"",
                    "42,\"why?\",true",
                    "int:21, string:\"why\"",
                    "int:42, string:\"why?\", bool:true"),
            one(
                    "a generic function",
                    "generic[go.shape.string]",
                    "v: \"x\" n: 3",
                    "\"x\"",
                    "go.shape.string:\"x\", int:3",
                    "go.shape.string:\"x\""),
            one(
                    "a method",
                    "(*point).method",
                    "p: (*main.point)(@) *main.point {X: 5, Y: 6} by: 7",
                    "18",
                    "*main.point:{@,\"value\":{\"X\":5,\"Y\":6}}, int:7",
                    "int:18"),
            new Case(
                    "recursion",
                    "main.recursive",
                    List.of("n: 2", "n: 1", "n: 0"),
                    List.of("0", "1", "3"),
                    List.of(
                            "main.recursive [int:2]",
                            "main.recursive [int:1]",
                            "main.recursive [int:0]",
                            "main.recursive = [int:0]",
                            "main.recursive = [int:1]",
                            "main.recursive = [int:3]")));

    static Stream<Arguments> runs() {
        return Stream.of("ebpf", "ptrace")
                .flatMap(backend -> Stream.of(Arguments.of(backend, List.of()), Arguments.of(backend, UNOPTIMISED)));
    }

    private Path program(List<String> flags) {
        return GoRelease.NEWEST.build(directory, "truth", flags.toArray(String[]::new));
    }

    private TracedRun ours(String backend, Path program) throws Exception {
        return new TracedRun.Runner(directory, Path.of("/dev/null"))
                .traced(
                        backend,
                        "^main\\.(integers|unnamed|seven|floats|text|slices|structs|pointers|maps|interfaces|failing|several|generic.*"
                                + "|\\(\\*point\\)\\.method|recursive)$",
                        List.of(program.toString()));
    }

    private static List<String> ours(TracedRun run, String function) {
        return run.rendered().stream()
                .filter(line -> line.startsWith(function + " "))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("runs")
    void everyCaseIsRight(String backend, List<String> flags) throws Exception {
        TracedRun run = ours(backend, program(flags));
        assertThat(CASES)
                .allSatisfy(each ->
                        assertThat(ours(run, each.function)).as(each.what).isEqualTo(each.ours));
        assertThat(run.events())
                .hasSize(CASES.stream().mapToInt(each -> each.ours.size()).sum());
    }

    @NeedsDelve
    @Test
    void theTableIsTrue() throws Exception {
        boolean write = Boolean.getBoolean("tracetoll.write.docs");
        Delve delve = new Delve(DelveBuild.program());
        String table = "## Unoptimised (`-gcflags='all=-N -l'`)\n\n" + table(delve, program(UNOPTIMISED))
                + "\n## Optimised (no flags)\n\n" + table(delve, program(List.of()));
        if (write) {
            Files.writeString(TABLE, introduction() + table);
        }
        assertThat(Files.readString(TABLE)).endsWith(table);
    }

    private String table(Delve delve, Path program) throws Exception {
        TracedRun ebpf = ours("ebpf", program);
        TracedRun ptrace = ours("ptrace", program);
        StringBuilder table = new StringBuilder("""
                | case | `dlv trace --ebpf` | `dlv trace` | `tracetoll trace` (eBPF) | `tracetoll trace --backend ptrace` |
                | --- | --- | --- | --- | --- |
                """);
        // Each mostly waits, for the program lingers until Delve has printed what it has seen.
        ExecutorService several = Executors.newFixedThreadPool(DELVES_AT_ONCE);
        try {
            List<Future<String>> byEbpf = several.invokeAll(CASES.stream()
                    .map(each -> delveCell(each, delve, program, true))
                    .toList());
            List<Future<String>> byPtrace = several.invokeAll(CASES.stream()
                    .map(each -> delveCell(each, delve, program, false))
                    .toList());
            for (int i = 0; i < CASES.size(); i++) {
                Case each = CASES.get(i);
                table.append("| ")
                        .append(String.join(
                                " | ",
                                each.what,
                                byEbpf.get(i).get(),
                                byPtrace.get(i).get(),
                                cell(each, ebpf),
                                cell(each, ptrace)))
                        .append(" |\n");
            }
        } finally {
            several.shutdownNow();
        }
        return table.toString();
    }

    private static Callable<String> delveCell(Case truth, Delve delve, Path program, boolean ebpf) {
        return () -> cell(truth, delve, program, ebpf);
    }

    private static String cell(Case truth, TracedRun run) {
        List<String> seen = ours(run, truth.function);
        return seen.equals(truth.ours) ? "right" : "wrong: " + quoted(seen);
    }

    private static String cell(Case truth, Delve delve, Path program, boolean ebpf) throws Exception {
        Delve.Seen seen = delve.trace(program, truth.function, ebpf, 4);
        if (seen.error().startsWith(Delve.FAILED)) {
            // What it shows before it fails depends on when it looks.
            Delve.Seen terse = delve.trace(program, truth.function, ebpf, 0);
            return error(seen.error())
                    + (terse.error().isEmpty()
                            ? "; with `--verbose 0` arguments " + quoted(terse.calls()) + ", results "
                                    + quoted(terse.returns())
                            : "; the same with `--verbose 0`");
        }
        if (seen.calls().isEmpty() && seen.returns().isEmpty()) {
            return seen.error().isEmpty() ? "missing" : error(seen.error());
        }
        String arguments = values(truth.calls, seen.calls());
        String results = values(truth.returns, seen.returns());
        String cell = arguments.equals(results) ? arguments : "arguments " + arguments + "; results " + results;
        return seen.error().isEmpty() ? cell : cell + "; " + error(seen.error());
    }

    private static String error(String message) {
        String cut = message.replaceFirst("^unable to set tracepoint on function \\S+: \"", "")
                .replaceFirst("(\\\\n|\"$).*", "")
                .replace(Delve.FAILED, "");
        return (message.startsWith(Delve.FAILED) ? "fails: " : message.equals("hangs") ? "" : "refused: ")
                + cut.replace("|", "\\|");
    }

    private static String values(List<String> expected, List<String> seen) {
        if (seen.equals(expected)) {
            return "right";
        }
        if (seen.isEmpty()) {
            return "missing";
        }
        if (seen.size() < expected.size()) {
            return "lost: " + seen.size() + " of " + expected.size();
        }
        Matcher unreadable = UNREADABLE.matcher(seen.get(0));
        return unreadable.find() ? "unreadable: " + unreadable.group(1) : "wrong: " + quoted(seen);
    }

    /** As it was printed, without numbers that differ from build to build. */
    private static String quoted(List<String> seen) {
        List<String> lines = new ArrayList<>(seen.stream()
                .map(each -> each.replaceAll("\\d{6,}", "(a large number)"))
                .toList());
        String text = String.join("; ", lines);
        return "`"
                + (text.length() > LONGEST_QUOTE ? text.substring(0, LONGEST_QUOTE) + "…" : text)
                        .replace("|", "\\|")
                        .replace("`", "'")
                + "`";
    }

    private static String introduction() throws IOException, InterruptedException {
        Process go = new ProcessBuilder(GoRelease.NEWEST.go(), "version").start();
        String version = new String(go.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .strip()
                .replaceFirst("go version ", "");
        return """
                # Tracetoll and Delve, case by case

                One program ([truth](../harness/src/test/go/truth/main.go)) calls one function for each case, with arguments and results that are
                known. Each cell says whether what was shown is what was passed: `right`, `wrong` with what was shown, `unreadable`, `missing`,
                `lost`, or `refused` with the message.

                | | |
                | --- | --- |
                | Delve | %s, built by `%s` |
                | its command | `dlv trace [--ebpf] --verbose 4 --exec PROGRAM '^FUNCTION$' -- linger`, one run for each case |
                | program built by | %s, `CGO_ENABLED=0` |
                | kernel | Linux %s |

                Delve is asked at its most verbose, so that it follows pointers, and once more at its tersest where that makes it fail. One run for each case, so that a failure does not spread to others.
                The program waits two seconds before it ends, because Delve collects what its eBPF program saw only now and then.
                Delve has a purpose that Tracetoll has not, debugging.

                This table is made by a test, `DelveComparisonIT`. Write it anew with

                ```sh
                ./tracetoll test -Dit.test=DelveComparisonIT -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false -Dtracetoll.write.docs=true
                ```

                """.formatted(
                        DelveBuild.version(),
                        INSTALL + DelveBuild.version(),
                        version,
                        System.getProperty("os.version").replaceFirst("^(\\d+\\.\\d+).*", "$1"));
    }
}
