package dev.tracetoll.tracing.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.stress.TestProgram;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.tracing.ring.Draining;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** However large the ring buffer is and whenever it is drained: each event is seen or counted as lost, by compiled programs and the interpreter. */
@BesideOthers
@NeedsEbpf
class DrainingIT {

    private static final int THREADS = 3;
    private static final int CALLS = 4_000;
    private static final int SMALLEST = 4 << 10;
    private static final int LARGE = 8 << 20;

    @TempDir
    private Path directory;

    static Stream<Arguments> drainings() {
        List<Draining> all = List.of(
                Draining.everyRecords(1),
                Draining.everyRecords(7),
                Draining.atBytes(1_000),
                Draining.timed().every(Duration.ofMillis(3)),
                Draining.adaptive().every(Duration.ofMillis(2)));
        return all.stream()
                .flatMap(draining -> Stream.<UnaryOperator<EbpfOptions>>of(options -> options, EbpfOptions::interpreted)
                        .map(how -> Arguments.of(draining, how.apply(EbpfOptions.best()))));
    }

    @ParameterizedTest
    @MethodSource("drainings")
    void eachEventIsSeenOrCountedAsLost(Draining draining, EbpfOptions options) {
        TestProgram program = TestProgram.build(TestProgram.Go.NEWEST, "threads", directory);
        EbpfOptions drained = options.draining(draining);

        TestProgram.Run small = trace(program, drained.ringBytes(SMALLEST));
        assertThat(small.counts().calls() + small.counts().lostCalls()).isEqualTo(THREADS * CALLS);
        assertThat(small.counts().returnsSeen() + small.counts().lostReturns()).isEqualTo(THREADS * CALLS);

        TestProgram.Run large = trace(program, drained.ringBytes(LARGE));
        assertThat(large.counts().lost()).as("lost: %s", large.counts()).isZero();
        assertThat(large.counts().calls()).isEqualTo(THREADS * CALLS);
        assertThat(large.counts().returnsSeen()).isEqualTo(THREADS * CALLS);
    }

    private TestProgram.Run trace(TestProgram program, EbpfOptions options) {
        TestProgram.Run run = program.trace(
                new EbpfTracer(options),
                program.plan(true, 64, 0, "main.seen"),
                event -> {},
                directory.resolve("output"),
                Map.of(),
                "-threads",
                "" + THREADS,
                "-calls",
                "" + CALLS);
        assertThat(run.exit()).isEqualTo("exited with code 0");
        return run;
    }
}
