package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tracetoll.golang.GoRelease;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.testing.NeedsPtrace;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Functions in assembly, which may have anything in the register that holds g elsewhere: each event is told of the right goroutine. */
@BesideOthers
@NeedsEbpf
@NeedsPtrace
class AssemblyIT {

    private static final int GOROUTINES = 40;
    private static final int ROUNDS = 10;
    /** Goroutine i passes numbers from i * OWN on. */
    private static final int OWN = 1000;

    private static final String PACKAGE = "tracetoll.dev/assembly/asm.";
    private static final Map<String, Integer> CALLS_A_ROUND =
            Map.of("Keeps", 1, "Clobbers", 3, "Points", 2, "Calls", 1, "Grows", 1);

    /** What has been built, for both backends. */
    private static final Map<String, Path> BUILT = new HashMap<>();

    @TempDir
    private static Path programs;

    @TempDir
    private Path directory;

    /** Ways to build in which g has different places among a thread's own variables. */
    private enum Build {
        STATIC,
        PIE("-buildmode=pie"),
        NO_SYMBOLS("-ldflags=-s -w"),
        CGO,
        CGO_PIE("-buildmode=pie");

        private final String[] flags;

        Build(String... flags) {
            this.flags = flags;
        }

        /** Without symbols nothing tells that a function takes its arguments on the stack, but the registers are shown; the result is in RAX. */
        private boolean named() {
            return this != NO_SYMBOLS;
        }

        private Path program(GoRelease go) {
            return BUILT.computeIfAbsent(go.name() + name(), any -> build(go, programs));
        }

        private Path build(GoRelease go, Path directory) {
            Map<String, String> environment = name().startsWith("CGO")
                    ? Map.of("CGO_ENABLED", "1", "CC", "clang", "CGO_CFLAGS", "-O1")
                    : Map.of("CGO_ENABLED", "0");
            return go.build(environment, directory, "assembly", flags);
        }
    }

    static Stream<Arguments> builds() {
        return GoRelease.tested()
                .flatMap(go -> Stream.of(Build.values())
                        .flatMap(build -> backends(build).map(backend -> Arguments.of(go, build, backend))));
    }

    /** Code is changed only in programs that say what their runtime keeps where; assembly has probes of its own there. */
    private static Stream<String> backends(Build build) {
        return build.named() ? Stream.of("ebpf", "ptrace", "ebpf-patched", "inline") : Stream.of("ebpf", "ptrace");
    }

    @ParameterizedTest
    @MethodSource("builds")
    void everyReturnIsMatchedOnTheRightGoroutine(GoRelease go, Build build, String backend) throws Exception {
        Path program = build.program(go);
        TracedRun.Runner runs = new TracedRun.Runner(directory, Path.of("/dev/null"));
        TracedRun alone = runs.alone(List.of(program.toString()));

        TracedRun traced = runs.traced(backend, "^main\\.work$|assembly/asm\\.", List.of(program.toString()));

        assertThat(traced.exitCode()).isZero();
        assertThat(new String(traced.out(), StandardCharsets.UTF_8))
                .isEqualTo(new String(alone.out(), StandardCharsets.UTF_8));
        Map<Long, Integer> workers = workers(traced.calls("main.work"));
        assertThat(workers).hasSize(GOROUTINES).doesNotContainKey(0L);
        assertThat(new HashSet<>(workers.values())).hasSize(GOROUTINES);
        CALLS_A_ROUND.forEach((name, callsARound) -> {
            String function = PACKAGE + name + (build.named() ? ".abi0" : "");
            List<JsonNode> calls = traced.calls(function);
            Map<Long, JsonNode> returns = new HashMap<>();
            traced.returns(function).forEach(each -> returns.put(each.get("id").asLong(), each));
            assertThat(calls).as("calls of %s", name).hasSize(GOROUTINES * ROUNDS * callsARound);
            assertThat(returns)
                    .as("returns of %s, by the calls they belong to", name)
                    .hasSameSizeAs(calls)
                    .doesNotContainKey(0L);
            List<String> wrong = new ArrayList<>();
            for (JsonNode call : calls) {
                JsonNode end = returns.get(call.get("id").asLong());
                long goroutine = call.get("goroutine").asLong();
                boolean right = end != null && end.get("goroutine").asLong() == goroutine;
                if (right) {
                    long result = TracedRun.value(end.get("results"), build.named() ? "stack+8" : "RAX")
                            .asLong();
                    right = workers.getOrDefault(goroutine, -1) == result / OWN
                            && (!build.named()
                                    || TracedRun.value(call.get("arguments"), "stack+0")
                                                    .asLong()
                                            == result - 1);
                }
                if (!right) {
                    wrong.add(call + " " + end);
                }
            }
            assertThat(wrong).as("calls of %s that are not told right", name).isEmpty();
        });
    }

    /** Which numbers each goroutine passes. */
    private static Map<Long, Integer> workers(List<JsonNode> calls) {
        Map<Long, Integer> workers = new HashMap<>();
        for (JsonNode call : calls) {
            workers.put(
                    call.get("goroutine").asLong(),
                    call.get("arguments").get(0).get("value").asInt());
        }
        return workers;
    }
}
