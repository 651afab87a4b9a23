package dev.tracetoll.stress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.faults.Promise;
import dev.tracetoll.golang.Candidate;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.testing.NeedsPtrace;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TraceEvent;
import dev.tracetoll.tracing.plan.TracePlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A program runs right with every one of its functions traced, the runtime's included. */
@BesideOthers
class EveryFunctionIT {

    /** Idle threads look for work, and the slower that is the longer they do. */
    private static final Map<String, String> QUIET = Map.of("GOMAXPROCS", "1");

    private static final int MANY = 1_000;

    @TempDir
    private Path directory;

    @NeedsEbpf
    @ParameterizedTest
    @EnumSource
    void everyFunctionCanBeTracedAtOnceByEbpf(TestProgram.Go go) {
        check(Technique.EBPF, go);
    }

    @NeedsPtrace
    @ParameterizedTest
    @EnumSource
    void everyFunctionCanBeTracedAtOnceByPtrace(TestProgram.Go go) {
        check(Technique.PTRACE, go);
    }

    @NeedsEbpf
    @NeedsPtrace
    @ParameterizedTest
    @EnumSource
    void everyFunctionCanBeTracedAtOnceByPatchedEbpf(TestProgram.Go go) {
        check(Technique.EBPF_PATCHED, go);
    }

    @Promise(
            chapter = Promise.Chapter.ENDS,
            fault = "Threads of C's call Go, and every function of the runtime is traced that gives them a goroutine",
            promise = "each return is that of its call, and no goroutine is made up")
    @NeedsEbpf
    @NeedsPtrace
    @ParameterizedTest
    @ValueSource(strings = {"ebpf", "ptrace", "ebpf-patched"})
    void threadsThatGetAGoroutineAndGiveItBackAreNotConfused(String technique) {
        TestProgram program = TestProgram.build(
                TestProgram.Go.NEWEST, Map.of("TRACETOLL_CGO", "1", "CC", "clang"), "callback", directory);
        List<Long> goroutines = new ArrayList<>();
        TestProgram.Run traced = program.trace(
                new Technique(technique),
                program.everything(refused -> {}),
                event -> goroutines.add(event.goroutine()),
                directory.resolve("traced"),
                QUIET);

        assertThat(traced.output())
                .isEqualTo(program.run(directory.resolve("untraced"), Map.of()).output());
        assertThat(goroutines).as("goroutines").allMatch(goroutine -> goroutine >= 0 && goroutine < MANY);
        assertThat(traced.counts().lost()).isZero();
        assertThat(traced.counts().unpairedReturns())
                .as("returns without a call")
                .isZero();
    }

    private void check(Technique technique, TestProgram.Go go) {
        TestProgram program = TestProgram.build(go, "ordinary", directory);
        TestProgram.Run untraced = program.run(directory.resolve("untraced"), Map.of());
        List<Candidate.Untraceable> refused = new ArrayList<>();
        Map<String, Integer> works = new HashMap<>();
        long start = System.nanoTime();
        TracePlan plan = program.everything(refused::add);
        long planned = System.nanoTime();

        TestProgram.Run traced = program.trace(
                technique,
                plan,
                event -> {
                    if (event.function().name().equals("main.work")) {
                        works.merge(event.getClass().getSimpleName(), 1, Integer::sum);
                    } else if (event instanceof TraceEvent.Call call) {
                        assertThat(call.depth()).isNotNegative();
                    }
                },
                directory.resolve("traced"),
                QUIET);

        System.out.printf(
                "%s, %s: %d functions at %d sites, %d refused; planned in %d ms, traced for %d ms: %s%n",
                technique,
                program,
                plan.request().functions().size(),
                plan.sites().size(),
                refused.size(),
                Duration.ofNanos(planned - start).toMillis(),
                Duration.ofNanos(System.nanoTime() - planned).toMillis(),
                traced.counts());
        assertThat(traced.output()).isEqualTo(untraced.output()).contains("after a panic");
        assertThat(traced.exit()).isEqualTo(untraced.exit()).isEqualTo("exited with code 3");
        assertThat(plan.request().functions()).hasSizeGreaterThan(MANY);
        assertThat(refused).allSatisfy(each -> assertThat(each.why()).isNotBlank());
        if (traced.counts().lost() == 0) {
            assertThat(traced.counts().unpairedReturns())
                    .as("returns without a call")
                    .isZero();
            assertThat(traced.counts().calls())
                    .as("each call has one end")
                    .isEqualTo(traced.counts().returns() + traced.counts().noReturns());
            assertThat(works).as("events of main.work").isEqualTo(Map.of("Call", 8, "Return", 8));
        }
    }
}
