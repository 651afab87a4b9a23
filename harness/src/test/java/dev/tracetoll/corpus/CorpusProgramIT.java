package dev.tracetoll.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.linux.process.ChildProcess;
import dev.tracetoll.linux.process.ExitStatus;
import dev.tracetoll.linux.process.Launch;
import dev.tracetoll.linux.process.Redirect;
import dev.tracetoll.testing.BesideOthers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Generated programs are sound, and what they say of themselves can be relied on. */
@BesideOthers
class CorpusProgramIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path directory;

    private List<TruthCall> run(CorpusProgram program) {
        Path truth = directory.resolve("truth");
        Launch launch = new Launch(
                program.path(),
                List.of(truth.toString()),
                Map.of("PATH", "/usr/bin:/bin"),
                Redirect.NULL,
                Redirect.INHERIT,
                Redirect.INHERIT,
                false);
        try (ChildProcess child = ChildProcess.spawn(launch)) {
            assertThat(child.awaitExit(PATIENCE)).as("end of %s", program).contains(ExitStatus.ofWaitStatus(0));
        }
        return TruthCall.read(truth);
    }

    private static void addKinds(TruthCall.Kinds kinds, Set<String> all) {
        all.add(kinds.kind());
        kinds.of().forEach(each -> addKinds(each, all));
    }

    private static List<String> withoutAddresses(List<TruthCall> calls) {
        return calls.stream()
                .map(call -> call.toString().replaceAll("0x[0-9a-f]+", "0x"))
                .toList();
    }

    @Test
    void whatTheySayIsCompleteAndRepeatable() {
        CorpusSpec spec = CorpusIT.ALL;
        Path source = CorpusProgram.writeSource(spec);
        CorpusProgram.vet(source);
        CorpusProgram optimised = CorpusProgram.build(source, CorpusProgram.Go.NEWEST, true);
        List<TruthCall> calls = run(optimised);
        assertThat(calls).hasSize(spec.callsEach() * spec.functions());
        assertThat(new HashSet<>(calls.stream().map(TruthCall::function).toList()))
                .hasSize(spec.functions());
        assertThat(withoutAddresses(run(optimised))).isEqualTo(withoutAddresses(calls));
        assertThat(withoutAddresses(run(CorpusProgram.build(source, CorpusProgram.Go.NEWEST, false))))
                .isEqualTo(withoutAddresses(calls));
        Set<String> kinds = new HashSet<>();
        for (TruthCall call : calls) {
            for (List<TruthCall.Variable> variables : List.of(call.arguments(), call.results())) {
                variables.forEach(each -> ValueShapes.check(each.kinds(), each.value()));
                variables.forEach(each -> addKinds(each.kinds(), kinds));
            }
        }
        assertThat(kinds)
                .containsExactlyInAnyOrder(
                        "bool",
                        "int",
                        "int8",
                        "int16",
                        "int32",
                        "int64",
                        "uint",
                        "uint8",
                        "uint16",
                        "uint32",
                        "uint64",
                        "uintptr",
                        "float32",
                        "float64",
                        "complex64",
                        "complex128",
                        "string",
                        "bytes",
                        "slice",
                        "array",
                        "struct",
                        "pointer",
                        "map",
                        "chan",
                        "interface",
                        "func");
        assertThat(calls).anyMatch(call -> call.arguments().size() == 20);
        TraceComparator.Result result =
                TraceComparator.compare(calls, PerfectTrace.of(calls), new UnreadableList(List.of()), "none", "none");
        assertThat(result.differences()).isEmpty();
    }
}
