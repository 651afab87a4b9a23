package dev.tracetoll.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.testing.NeedsPtrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each backend reports exactly what generated programs say they passed and returned, whatever built them. */
@NeedsEbpf
@NeedsPtrace
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@BesideOthers
class CorpusIT {

    static final CorpusSpec ALL = new CorpusSpec(1, 340, 3, 0, CorpusSpec.Types.ALL, 64, 1);
    private static final CorpusSpec DEEP = new CorpusSpec(2, 102, 3, 0, CorpusSpec.Types.ALL, 100, 3);
    private static final CorpusSpec CONCURRENT = new CorpusSpec(6, 102, 3, 4, CorpusSpec.Types.ALL, 64, 1);
    private static final CorpusSpec SHALLOW = new CorpusSpec(5, 102, 2, 0, CorpusSpec.Types.ALL, 7, 0);

    /** A program and the backend to trace it with. */
    record Case(CorpusSpec spec, CorpusProgram.Go go, boolean optimised, String backend) {
        @Override
        public String toString() {
            return backend + " " + go + (optimised ? " optimised " : " plain ") + spec;
        }
    }

    @TempDir
    private static Path directory;

    private final Set<Case> done = new HashSet<>();
    private final UnreadableList unreadable;

    CorpusIT() throws IOException {
        unreadable = new UnreadableList(Files.readAllLines(Path.of(
                System.getProperty("tracetoll.home"),
                "harness/src/test/resources/dev/tracetoll/corpus/unreadable.txt")));
    }

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (String backend : List.of("ebpf", "ptrace", "inline", CommandTraceRun.INLINE_ALONE, "ebpf-patched")) {
            for (CorpusProgram.Go go : CorpusProgram.Go.values()) {
                cases.add(new Case(ALL, go, true, backend));
                cases.add(new Case(ALL, go, false, backend));
            }
            Stream.of(DEEP, SHALLOW, CONCURRENT)
                    .map(spec -> new Case(spec, CorpusProgram.Go.NEWEST, true, backend))
                    .forEach(cases::add);
        }
        return cases;
    }

    private TraceRun tracer(CorpusSpec spec) {
        return new CommandTraceRun(spec, directory.resolve("trace"));
    }

    private static CorpusProgram program(Case wanted) {
        return CorpusProgram.build(CorpusProgram.writeSource(wanted.spec), wanted.go, wanted.optimised);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatIsReportedIsWhatWasPassedAndReturned(Case wanted) {
        CorpusProgram program = program(wanted);
        Path truth = directory.resolve("truth");
        List<JsonNode> events = tracer(wanted.spec).trace(program.path(), List.of(truth.toString()), wanted.backend);
        TraceComparator.Result result =
                TraceComparator.compare(TruthCall.read(truth), events, unreadable, wanted.backend, program.build());
        done.add(wanted);
        assertThat(result.differences())
                .as("%s: %s", wanted, result.describe(20))
                .isEmpty();
    }

    /** A list that can only shrink. */
    @AfterAll
    void everyEntryOfTheListIsNeeded() {
        if (done.size() == cases().size()) {
            assertThat(unreadable.notNeeded())
                    .as("entries of unreadable.txt that can be taken out")
                    .isEmpty();
        }
    }
}
