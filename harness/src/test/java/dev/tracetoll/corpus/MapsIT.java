package dev.tracetoll.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tracetoll.golang.GoRelease;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.testing.NeedsPtrace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Maps of both layouts, of all shapes and in all states, are shown with exactly the entries that the program says they have. */
@BesideOthers
@NeedsEbpf
@NeedsPtrace
class MapsIT {

    private static final String FUNCTIONS =
            "^main\\.(numbers|texts|sets|structs|pointers|interfaces|larges|nested|floats|held|words"
                    + "|generic\\[.*\\])$";

    @TempDir
    private Path directory;

    /** How a program is built and traced. */
    record Case(CorpusProgram.Go go, boolean optimised, String backend, int maxBytes) {}

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (String backend : List.of("ebpf", "ptrace", "ebpf-patched")) {
            for (CorpusProgram.Go go : CorpusProgram.Go.values()) {
                cases.add(new Case(go, true, backend, 4096));
                cases.add(new Case(go, false, backend, 4096));
                cases.add(new Case(go, true, backend, 0));
            }
        }
        return cases;
    }

    static List<Arguments> writtenCases() {
        return Stream.of("ebpf", "ptrace")
                .flatMap(
                        backend -> Stream.of(GoRelease.NEWEST, GoRelease.OLDEST).map(go -> Arguments.of(go, backend)))
                .toList();
    }

    /** Right, or not stored yet: Go makes room for a value first. */
    private static boolean isPossible(JsonNode entry) {
        return entry.get(0).asInt() >= 0
                && List.of(0, 3 * entry.get(0).asInt() + 1)
                        .contains(entry.get(1).asInt());
    }

    @ParameterizedTest
    @MethodSource("writtenCases")
    void whatAnotherGoroutineWritesToMeanwhileIsShownRightOrNotAtAll(GoRelease go, String backend) {
        List<JsonNode> maps = new CommandTraceRun("^main\\.look$", 4096, 1, directory.resolve("trace"))
                .trace(go.build(directory, "mapwriter"), List.of(), backend).stream()
                        .filter(event -> event.path("event").asText().equals("call"))
                        .map(call -> call.get("arguments").get(0).get("value"))
                        .toList();
        assertThat(maps).hasSize(1500);
        List<JsonNode> read = maps.stream().filter(map -> map.has("entries")).toList();
        assertThat(read).as("those with entries").isNotEmpty().allSatisfy(map -> {
            assertThat(map.get("entries")).hasSize(map.get("length").asInt()).allMatch(MapsIT::isPossible);
            assertThat(map.get("entries")).extracting(entry -> entry.get(0)).doesNotHaveDuplicates();
        });
    }

    private static CorpusProgram build(Case wanted) {
        try {
            String source = Files.readString(CorpusProgram.GO_SOURCES.resolve("maps/main.go"));
            assertThat(source).containsOnlyOnce("maxBytes          = 4096");
            Path directory = CorpusProgram.writeSource(
                    "maps-" + wanted.maxBytes, source.replace("= 4096", "= " + wanted.maxBytes));
            return CorpusProgram.build(directory, wanted.go, wanted.optimised);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyEntryIsShownOnce(Case wanted) throws Exception {
        CorpusProgram program = build(wanted);
        Path truth = directory.resolve("truth");
        List<JsonNode> events = new CommandTraceRun(FUNCTIONS, wanted.maxBytes, 2, directory.resolve("trace"))
                .trace(program.path(), List.of(truth.toString()), wanted.backend);
        List<TruthCall> calls = TruthCall.read(truth);
        assertThat(calls).hasSizeGreaterThan(300);
        TraceComparator.Result result =
                TraceComparator.compare(calls, events, new UnreadableList(List.of()), wanted.backend, program.build());
        assertThat(result.differences())
                .as("%s: %s", wanted, result.describe(20))
                .isEmpty();
        assertThat(events.stream()
                        .filter(event ->
                                event.path("function").asText().equals("main.numbers") && event.has("arguments"))
                        .map(event -> event.get("arguments").get(0).get("value"))
                        .filter(map -> map.path("length").asInt() == 10_000))
                .as("the large map, cut")
                .singleElement()
                .satisfies(map ->
                        assertThat(map.get("entries")).hasSize(Math.max(1, wanted.maxBytes / (2 * Long.BYTES))));
    }
}
