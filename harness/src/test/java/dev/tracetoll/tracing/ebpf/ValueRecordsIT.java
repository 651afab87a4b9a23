package dev.tracetoll.tracing.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.stress.TestProgram;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.tracing.EventSink;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.TracedProcess;
import dev.tracetoll.tracing.Tracer;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.record.EventAssembler;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each argument and each result as a record of its own: none is missing, and none is taken for an event. */
@BesideOthers
@NeedsEbpf
class ValueRecordsIT {

    private static final int THREADS = 2;
    private static final int CALLS = 3_000;

    @TempDir
    private Path directory;

    static Stream<EbpfOptions> options() {
        EbpfOptions options = EbpfOptions.best().withValueRecords();
        return Stream.of(options, options.interpreted());
    }

    /** Makes sessions that can be asked when they are over. */
    private static final class Kept implements Tracer {
        final List<EbpfSession> sessions = new ArrayList<>();
        private final EbpfOptions options;

        Kept(EbpfOptions options) {
            this.options = options;
        }

        @Override
        public Technique technique() {
            return Technique.EBPF;
        }

        @Override
        public TraceSession attach(TracePlan plan, TracedProcess process, EventSink sink) {
            EbpfSession session =
                    new EbpfSession(new ProbedPlan(plan), process, new EventAssembler(plan, sink), options);
            sessions.add(session);
            return session;
        }
    }

    @ParameterizedTest
    @MethodSource("options")
    void eachArgumentAndResultIsOne(EbpfOptions options) {
        TestProgram program = TestProgram.build(TestProgram.Go.NEWEST, "threads", directory);
        Kept tracer = new Kept(options);
        TestProgram.Run run = program.trace(
                tracer,
                program.plan(true, 64, 0, "main.seen"),
                event -> {},
                directory.resolve("output"),
                Map.of(),
                "-threads",
                "" + THREADS,
                "-calls",
                "" + CALLS);

        assertThat(run.exit()).isEqualTo("exited with code 0");
        assertThat(run.counts().lost()).isZero();
        assertThat(run.counts().calls()).isEqualTo(THREADS * CALLS);
        assertThat(run.counts().returnsSeen()).isEqualTo(THREADS * CALLS);
        assertThat(tracer.sessions)
                .singleElement()
                .extracting(EbpfSession::values)
                .as("one argument and one result a call")
                .isEqualTo(2L * THREADS * CALLS);
    }
}
