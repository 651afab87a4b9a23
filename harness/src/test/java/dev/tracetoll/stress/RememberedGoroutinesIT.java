package dev.tracetoll.stress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.testing.OneAtATime;
import dev.tracetoll.tracing.NamedValue;
import dev.tracetoll.tracing.TraceEvent;
import dev.tracetoll.tracing.Value;
import dev.tracetoll.tracing.ebpf.EbpfOptions;
import dev.tracetoll.tracing.ebpf.EbpfTracer;
import dev.tracetoll.tracing.plan.TracePlan;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A goroutine that is remembered from call to call is the right one, and where its stack is too, whatever has become of it meanwhile. */
@OneAtATime
@NeedsEbpf
class RememberedGoroutinesIT {

    private static final int RING_BYTES = 64 << 20;

    @TempDir
    private Path directory;

    /** Few goroutines that call much, so that remembering them is worth it, and many that call little, so that it is given up. */
    @ParameterizedTest
    @CsvSource({
        "NEWEST, true, 40, 20, 100",
        "NEWEST, false, 40, 20, 100",
        "OLDEST, true, 40, 20, 100",
        "OLDEST, false, 40, 20, 100",
        "NEWEST, false, 400, 20, 1",
        "OLDEST, true, 400, 20, 1"
    })
    void everyCallIsOfTheGoroutineThatMakesIt(
            TestProgram.Go go, boolean returns, int waves, int goroutines, int calls) {
        check(go, returns, 5, 1, "-waves", "" + waves, "-goroutines", "" + goroutines, "-calls", "" + calls);
    }

    /** At the address of the goroutine that makes the last calls there can be one of another number then. */
    @ParameterizedTest
    @CsvSource({"NEWEST, false", "OLDEST, true"})
    void whatWasKnownBeforeAProgramWasExecutedAnewIsForgotten(TestProgram.Go go, boolean returns) {
        check(go, returns, 1, 2, "-waves", "3", "-goroutines", "1", "-calls", "50", "-again");
    }

    private void check(TestProgram.Go go, boolean returns, int deepest, int runs, String... more) {
        String[] arguments = Stream.concat(Stream.of("-depth", "" + deepest), Stream.of(more))
                .toArray(String[]::new);
        TestProgram program = TestProgram.build(go, "recycled", directory);
        TracePlan plan = program.plan(returns, 64, 0, "main.seen");
        assertThat(plan.request().runtime().changes())
                .as("probes that tell when goroutines change")
                .isPresent();
        AtomicLong calls = new AtomicLong();
        Map<String, Integer> wrong = new TreeMap<>();
        TestProgram.Run run = program.trace(
                new EbpfTracer(EbpfOptions.best().ringBytes(RING_BYTES)),
                plan,
                event -> {
                    if (event instanceof TraceEvent.Call call) {
                        calls.incrementAndGet();
                        long goroutine = number(call.arguments().get(0));
                        long depth = number(call.arguments().get(1));
                        String text = new String(
                                ((Value.Text) call.arguments().get(2).value()).bytes(), StandardCharsets.UTF_8);
                        if (goroutine != call.goroutine()) {
                            wrong.merge("goroutine", 1, Integer::sum);
                        }
                        if (call.depth() != deepest - depth) {
                            wrong.merge("depth", 1, Integer::sum);
                        }
                        if (!"abcde"
                                .substring(0, deepest)
                                .substring((int) (deepest - depth))
                                .equals(text)) {
                            wrong.merge("text " + text, 1, Integer::sum);
                        }
                    } else if (event instanceof TraceEvent.NoReturn) {
                        wrong.merge("no return", 1, Integer::sum);
                    }
                },
                directory.resolve("output"),
                Map.of(),
                arguments);

        long expected = run.output()
                .lines()
                .mapToLong(line -> Long.parseLong(line.split(" ")[0]))
                .sum();
        assertThat(run.exit()).isEqualTo("exited with code 0");
        assertThat(run.output().lines()).as("executions that told their calls").hasSize(runs);
        assertThat(run.counts().lost()).as("lost: %s", run.counts()).isZero();
        assertThat(wrong).as("wrong in %d calls", calls.get()).isEmpty();
        assertThat(calls).hasValue(expected);
    }

    private static long number(NamedValue value) {
        return ((Value.Signed) value.value()).value();
    }
}
