package dev.tracetoll.stress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.linux.bpf.Uprobes;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.testing.NeedsPtrace;
import dev.tracetoll.testing.OneAtATime;
import dev.tracetoll.tracing.FunctionTotal;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.Tracer;
import dev.tracetoll.tracing.ebpf.Collect;
import dev.tracetoll.tracing.ebpf.EbpfOptions;
import dev.tracetoll.tracing.ebpf.EbpfTracer;
import dev.tracetoll.tracing.inline.InlineTracer;
import dev.tracetoll.tracing.plan.TracePlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is counted without events is exact, whatever the scheduler and the growing stacks do meanwhile. */
@OneAtATime
class TotalsIT {

    private static final int GOROUTINES = 200;
    private static final int CALLS = 100;
    private static final String[] FUNCTIONS = {"main.call", "main.outer", "main.inner", "main.deep", "main.main"};

    @TempDir
    private Path directory;

    static Stream<Arguments> builds() {
        return Stream.of(TestProgram.Go.values())
                .flatMap(go -> Stream.of(Uprobes.Mode.values())
                        .filter(mode -> mode == Uprobes.bestMode() || mode == Uprobes.Mode.ONE_BY_ONE)
                        .flatMap(mode -> Stream.of(Collect.COUNT, Collect.DURATIONS)
                                .map(collect -> Arguments.of(go, mode, collect))));
    }

    @NeedsEbpf
    @ParameterizedTest
    @MethodSource("builds")
    void eachCallIsCountedOnceInTheKernel(TestProgram.Go go, Uprobes.Mode mode, Collect collect) {
        EbpfOptions best = EbpfOptions.best().collect(collect);
        EbpfTracer tracer = new EbpfTracer(new EbpfOptions(
                best.ringBytes(),
                mode,
                collect,
                best.compiled(),
                best.remembers(),
                best.draining(),
                best.valueRecords(),
                best.delay()));
        check(tracer, go, program -> program.plan(64, 1, FUNCTIONS), collect == Collect.DURATIONS);
    }

    @NeedsPtrace
    @ParameterizedTest
    @EnumSource
    void eachCallIsCountedOnceInTheProgram(TestProgram.Go go) {
        check(InlineTracer.counting(notice -> {}), go, program -> program.plan(64, 1, FUNCTIONS), false);
    }

    @NeedsPtrace
    @ParameterizedTest
    @EnumSource
    void eachCallIsMeasuredOnceInTheProgram(TestProgram.Go go) {
        check(InlineTracer.timing(notice -> {}), go, program -> program.plan(64, 1, FUNCTIONS), true);
    }

    /** Among them are those that run in handlers of signals, where a thread has no processor of the runtime, and where a goroutine has no number. */
    @NeedsPtrace
    @ParameterizedTest
    @EnumSource
    void eachCallIsCountedOnceAmongThoseOfAllFunctions(TestProgram.Go go) {
        check(InlineTracer.counting(notice -> {}), go, program -> program.everything(refused -> {}), false);
    }

    /** So many functions share their totals. */
    @NeedsPtrace
    @ParameterizedTest
    @EnumSource
    void eachCallIsMeasuredOnceAmongThoseOfAllFunctions(TestProgram.Go go) {
        check(InlineTracer.timing(notice -> {}), go, program -> program.everything(refused -> {}), true);
    }

    /** What a function takes or returns, of which no signature may tell, is in registers that are needed for measuring. */
    @NeedsPtrace
    @ParameterizedTest
    @EnumSource
    void measuringInTheProgramLeavesEveryRegisterAsItWas(TestProgram.Go go) {
        TestProgram program = TestProgram.build(go, "registers", directory);
        List<String> notices = new ArrayList<>();
        TestProgram.Run run = program.trace(
                InlineTracer.timing(notices::add),
                program.everything(refused -> {}),
                event -> {},
                directory.resolve("output"),
                Map.of());
        assertThat(run.output())
                .isEqualTo(program.run(directory.resolve("untraced"), Map.of()).output());
        assertThat(notices)
                .as("what takes all registers, and nothing else of the program")
                .filteredOn(notice -> notice.startsWith("main."))
                .singleElement()
                .asString()
                .startsWith("main.all cannot be timed inline");
        assertThat(run.totals())
                .extracting(total -> total.function().name())
                .contains("main.floats", "main.integers", "main.closure.func1")
                .doesNotContain("main.all");
    }

    private void check(Tracer tracer, TestProgram.Go go, Function<TestProgram, TracePlan> plan, boolean durations) {
        TestProgram program = TestProgram.build(go, "stress", directory);
        String[] arguments = {"-goroutines", Integer.toString(GOROUTINES), "-calls", Integer.toString(CALLS)};
        TestProgram.Run run = program.trace(
                tracer, plan.apply(program), event -> {}, directory.resolve("output"), Map.of(), arguments);
        assertThat(run.output())
                .isEqualTo(program.run(directory.resolve("untraced"), Map.of(), arguments)
                        .output());
        Map<String, FunctionTotal> totals = run.totals().stream()
                .collect(Collectors.toMap(total -> total.function().name(), Function.identity()));
        long calls = (long) GOROUTINES * CALLS;
        for (String name : List.of("main.call", "main.outer", "main.inner")) {
            assertThat(totals.get(name).calls()).as(name).isEqualTo(calls);
        }
        assertThat(totals.get("main.main").calls()).isEqualTo(1);
        assertThat(run.counts())
                .extracting(TraceCounts::calls)
                .isEqualTo(
                        totals.values().stream().mapToLong(FunctionTotal::calls).sum());
        List<FunctionTotal> own = Stream.of(FUNCTIONS).map(totals::get).toList();
        if (durations) {
            assertThat(own).allSatisfy(total -> {
                assertThat(total.returns()).as(total.function().name()).isEqualTo(total.calls());
                assertThat(total.durations().orElseThrow().count()).isEqualTo(total.calls());
                assertThat(total.noReturns() + total.lost()).isZero();
            });
            assertThat(totals.values()).allSatisfy(total -> {
                assertThat(total.calls()).as(total.function().name()).isEqualTo(total.returns() + total.noReturns());
                assertThat(total.durations().orElseThrow().count()).isEqualTo(total.returns());
            });
            long whole = totals.get("main.main").durations().orElseThrow().sumNs();
            assertThat(own)
                    .allSatisfy(total ->
                            assertThat(total.durations().orElseThrow().maxNs()).isLessThanOrEqualTo(whole));
            assertThat(sum(totals.get("main.call"))).isGreaterThan(sum(totals.get("main.outer")));
            assertThat(sum(totals.get("main.outer"))).isGreaterThan(sum(totals.get("main.inner")));
        } else {
            assertThat(totals.values())
                    .allSatisfy(total -> assertThat(total.durations()).isEmpty());
        }
    }

    private static long sum(FunctionTotal total) {
        return total.durations().orElseThrow().sumNs();
    }
}
