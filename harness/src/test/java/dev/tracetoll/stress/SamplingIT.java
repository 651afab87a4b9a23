package dev.tracetoll.stress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.linux.bpf.Uprobes;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.testing.OneAtATime;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.TraceEvent;
import dev.tracetoll.tracing.ebpf.Collect;
import dev.tracetoll.tracing.ebpf.EbpfOptions;
import dev.tracetoll.tracing.ebpf.EbpfTracer;
import dev.tracetoll.tracing.plan.Sampling;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is sampled in the kernel is accounted for, whatever the scheduler and the growing stacks do meanwhile, and whether or not there is room for
 * it: by the programs that are compiled, by the one that interprets, and by the one that adds up.
 */
@OneAtATime
@NeedsEbpf
class SamplingIT {

    private static final int GOROUTINES = 200;
    private static final int CALLS = 100;
    private static final int SMALL_RING_BYTES = 16 << 10;

    @TempDir
    private Path directory;

    static Stream<Arguments> ways() {
        EbpfOptions best = EbpfOptions.best();
        EbpfOptions oneByOne = new EbpfOptions(
                best.ringBytes(),
                Uprobes.Mode.ONE_BY_ONE,
                best.collect(),
                best.compiled(),
                best.remembers(),
                best.draining(),
                best.valueRecords(),
                best.delay());
        return Stream.of(Sampling.By.values())
                .flatMap(by -> Stream.of(
                        Arguments.of("compiled", by, best),
                        Arguments.of("compiled, goroutines read", by, best.forgetful()),
                        Arguments.of("interpreted", by, best.interpreted()),
                        Arguments.of("one by one", by, oneByOne),
                        Arguments.of("small ring", by, best.ringBytes(SMALL_RING_BYTES)),
                        Arguments.of(
                                "small ring, interpreted",
                                by,
                                best.ringBytes(SMALL_RING_BYTES).interpreted()),
                        Arguments.of("added up", by, best.collect(Collect.DURATIONS))));
    }

    @ParameterizedTest(name = "{0}, by {1}")
    @MethodSource("ways")
    void whatIsNotSeenIsLostOrLeftOut(String way, Sampling.By by, EbpfOptions options) {
        TestProgram program = TestProgram.build(TestProgram.Go.NEWEST, "stress", directory);
        String[] arguments = {"-goroutines", Integer.toString(GOROUTINES), "-calls", Integer.toString(CALLS)};
        Set<Long> calls = ConcurrentHashMap.newKeySet();
        Set<Long> goroutines = ConcurrentHashMap.newKeySet();
        TestProgram.Run run = program.trace(
                new EbpfTracer(options),
                program.plan(64, 1, "main.call", "main.outer", "main.inner").sampled(new Sampling(by, 4, 0x5eed)),
                event -> {
                    if (event instanceof TraceEvent.Call call) {
                        assertThat(calls.add(call.id())).isTrue();
                        goroutines.add(call.goroutine());
                    }
                },
                directory.resolve("output"),
                Map.of(),
                arguments);
        TraceCounts counts = run.counts();
        long made = 3L * GOROUTINES * CALLS;
        assertThat(counts.calls() + counts.lostCalls() + counts.leftOutCalls())
                .as("calls: %s", counts)
                .isEqualTo(made);
        assertThat(counts.returnsSeen() + counts.lostReturns() + counts.leftOutReturns())
                .as("returns: %s", counts)
                .isEqualTo(made);
        assertThat(counts.leftOutCalls()).isPositive();
        if (by == Sampling.By.CALL) {
            assertThat((double) counts.leftOutCalls() / made)
                    .as("three of four")
                    .isBetween(0.7, 0.8);
        } else if (options.collect() == Collect.EVENTS && counts.lost() == 0) {
            assertThat(counts.calls())
                    .as("all calls of each that was chosen")
                    .isEqualTo(3L * CALLS * goroutines.size());
        }
        if (counts.lost() == 0) {
            assertThat(counts.returns())
                    .as("what was chosen returns: %s", counts)
                    .isEqualTo(counts.calls());
            assertThat(counts.unpairedReturns()).isZero();
        }
    }
}
