package dev.tracetoll.tracing.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.stress.TestProgram;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.testing.OneAtATime;
import dev.tracetoll.tracing.EventSink;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.TracedProcess;
import dev.tracetoll.tracing.Tracer;
import dev.tracetoll.tracing.plan.TracePlan;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The probes on the runtime see goroutines change. That a stack was moved unseen would hardly ever be noticed: it lies elsewhere then. */
@OneAtATime
@NeedsEbpf
class GoroutineChangesIT {

    private static final int GOROUTINES = 200;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource
    void movedStacksAndEndedGoroutinesAreSeen(TestProgram.Go go) {
        TestProgram program = TestProgram.build(go, "recycled", directory);
        Watch watch = new Watch();
        TestProgram.Run run = program.trace(
                watch,
                program.plan(false, 64, 0, "main.seen"),
                event -> {},
                directory.resolve("output"),
                Map.of(),
                "-waves",
                "1",
                "-goroutines",
                "" + GOROUTINES,
                "-calls",
                "1",
                "-depth",
                "3");
        assertThat(run.exit()).isEqualTo("exited with code 0");
        // The runtime has some goroutines of its own, but not as many as these.
        assertThat(watch.changes)
                .as("ends of %d goroutines, and at least as many moves of their stacks", GOROUTINES)
                .isGreaterThanOrEqualTo(2 * GOROUTINES);
        assertThat(watch.planted).as("what was known before the program began").isZero();
    }

    /** Attaches the probes, and plants what no goroutine is. */
    private static final class Watch implements Tracer {
        private static final long NO_RUNTIME_G = 1;
        private static final int PLACE = 4_000 << Contract.GOROUTINE_LOG2_BYTES;

        private long changes;
        private long planted;

        @Override
        public Technique technique() {
            return Technique.EBPF;
        }

        @Override
        public long ringBytes() {
            return 0;
        }

        @Override
        public TraceSession attach(TracePlan plan, TracedProcess process, EventSink sink) {
            Probes probes = new Probes(new ProbedPlan(plan), process, EbpfOptions.best());
            ByteBuffer goroutines;
            try {
                goroutines = probes.object()
                        .mapped("goroutines", 1 << Contract.GOROUTINES_LOG2 + Contract.GOROUTINE_LOG2_BYTES, true);
                goroutines.putLong(PLACE + Contract.GOROUTINE_G, NO_RUNTIME_G);
                goroutines.putLong(PLACE + Contract.GOROUTINE_GOROUTINE, 1);
                probes.attach();
            } catch (RuntimeException | Error e) {
                probes.close();
                throw e;
            }
            return new TraceSession() {
                @Override
                public TraceCounts counts() {
                    return new TraceCounts(0, 0, 0, 0, 0);
                }

                @Override
                public void settle() {}

                @Override
                public void close() {
                    planted = goroutines.getLong(PLACE + Contract.GOROUTINE_GOROUTINE);
                    changes = probes.counters().getLong(Contract.COUNTERS_CHANGES);
                    probes.close();
                }
            };
        }
    }
}
