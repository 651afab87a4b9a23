package dev.tracetoll.stress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.faults.Promise;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.testing.NeedsPtrace;
import dev.tracetoll.testing.OneAtATime;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TraceEvent;
import dev.tracetoll.tracing.Value;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No program notices the signal by which floats are read under eBPF, whatever it does with it: where it would, floats are said to be unreadable. */
@OneAtATime
class UrgentIT {

    private static final int CALLS = 400;
    /** The scheduler sends none of its own. */
    private static final Map<String, String> QUIET = Map.of("GODEBUG", "asyncpreemptoff=1");

    /** What a program does with SIGURG, and why its floats cannot be read then under eBPF; empty if they can. */
    enum Deals {
        UNAWARE(""),
        LISTENS("the program listens for SIGURG, which shows floating-point registers"),
        LISTENS_TO_ALL("the program listens for SIGURG, which shows floating-point registers"),
        LISTENED(""),
        IGNORES("Go's runtime does not handle SIGURG, which shows floating-point registers"),
        BLOCKS("the thread blocks SIGURG, which shows floating-point registers");

        private final String why;

        Deals(String why) {
            this.why = why;
        }
    }

    @TempDir
    private Path directory;

    @Promise(
            chapter = Promise.Chapter.PROGRAM,
            fault = "The program listens for, ignores or blocks SIGURG, and floats are traced",
            promise = "it notices nothing: floats are read otherwise, or are said to be unreadable",
            backend = "ebpf")
    @NeedsEbpf
    @ParameterizedTest
    @EnumSource
    void noProgramNoticesTheSignalUnderEbpf(TestProgram.Go go) {
        checkAll(go, Technique.EBPF, deals -> deals.why);
    }

    @Promise(
            chapter = Promise.Chapter.PROGRAM,
            fault = "The program listens for, ignores or blocks SIGURG, and floats are traced",
            promise = "it notices nothing: floats are read otherwise, or are said to be unreadable",
            backend = "ptrace")
    @NeedsPtrace
    @ParameterizedTest
    @EnumSource
    void floatsAreAlwaysReadUnderPtrace(TestProgram.Go go) {
        checkAll(go, Technique.PTRACE, deals -> "");
    }

    @Promise(
            chapter = Promise.Chapter.PROGRAM,
            fault = "The program listens for, ignores or blocks SIGURG, and floats are traced",
            promise = "it notices nothing: floats are read otherwise, or are said to be unreadable",
            backend = "inline")
    @NeedsPtrace
    @ParameterizedTest
    @EnumSource
    void floatsAreAlwaysReadInline(TestProgram.Go go) {
        checkAll(go, Technique.INLINE, deals -> "");
    }

    @Promise(
            chapter = Promise.Chapter.PROGRAM,
            fault = "The program listens for, ignores or blocks SIGURG, and floats are traced",
            promise = "it notices nothing: floats are read otherwise, or are said to be unreadable",
            backend = "ebpf-patched")
    @NeedsEbpf
    @NeedsPtrace
    @ParameterizedTest
    @EnumSource
    void floatsAreAlwaysReadUnderPatchedEbpf(TestProgram.Go go) {
        checkAll(go, Technique.EBPF_PATCHED, deals -> "");
    }

    /** @param why why floats cannot be read of a program that deals so; empty if they can */
    private void checkAll(TestProgram.Go go, Technique technique, Function<Deals, String> why) {
        TestProgram program = TestProgram.build(go, "urgent", directory);
        for (Deals deals : Deals.values()) {
            check(program, technique, deals, why.apply(deals));
        }
    }

    private void check(TestProgram program, Technique technique, Deals deals, String why) {
        List<Value> values = new ArrayList<>();
        TestProgram.Run run = program.trace(
                technique,
                program.plan(64, 0, "main.half"),
                event -> {
                    if (event instanceof TraceEvent.Call call) {
                        values.add(call.arguments().get(0).value());
                    } else if (event instanceof TraceEvent.Return returned) {
                        values.add(returned.results().get(0).value());
                    }
                },
                directory.resolve("output"),
                QUIET,
                deals.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        assertThat(run.output().strip())
                .as("%s, %s, %s", technique, program, deals)
                .isEqualTo("seen 0 pending 0");
        assertThat(run.exit()).as("%s, %s, %s", technique, program, deals).isEqualTo("exited with code 0");
        assertThat(List.of(
                        run.counts().calls(),
                        run.counts().returns(),
                        run.counts().lost()))
                .as("%s, %s, %s", technique, program, deals)
                .isEqualTo(List.of((long) CALLS, (long) CALLS, 0L));
        if (why.isEmpty()) {
            List<Value> expected = new ArrayList<>();
            for (int i = 0; i < CALLS / 2; i++) {
                expected.addAll(List.of(
                        new Value.Float64(i),
                        new Value.Float64(i),
                        new Value.Float64(i / 2.0),
                        new Value.Float64(i / 2.0)));
            }
            assertThat(values).as("%s, %s, %s", technique, program, deals).isEqualTo(expected);
        } else {
            assertThat(values)
                    .as("%s, %s, %s", technique, program, deals)
                    .hasSize(2 * CALLS)
                    .containsOnly(new Value.Unreadable(why));
        }
    }
}
