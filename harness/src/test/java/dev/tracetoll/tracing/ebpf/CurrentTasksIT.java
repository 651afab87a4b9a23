package dev.tracetoll.tracing.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.linux.bpf.BpfImage;
import dev.tracetoll.linux.bpf.BpfObject;
import dev.tracetoll.linux.kernel.KernelVersion;
import dev.tracetoll.stress.TestProgram;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.testing.OneAtATime;
import dev.tracetoll.tracing.NamedValue;
import dev.tracetoll.tracing.TraceEvent;
import dev.tracetoll.tracing.Value;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The thread that a compiled program reads from the kernel's memory is the one that called. */
@OneAtATime
@NeedsEbpf
class CurrentTasksIT {

    private static final int THREADS = 5;
    private static final int CALLS = 20_000;
    private static final int RING_BYTES = 64 << 20;
    /** From here on a program may read memory of no type. */
    private static final KernelVersion READS_MEMORY = new KernelVersion(6, 17);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource
    void everyEventIsOfTheThreadThatCalls(TestProgram.Go go) {
        TestProgram program = TestProgram.build(go, "threads", directory);
        AtomicLong right = new AtomicLong();
        Set<String> wrong = ConcurrentHashMap.newKeySet();
        Set<Integer> threads = ConcurrentHashMap.newKeySet();
        TestProgram.Run run = program.trace(
                new EbpfTracer(EbpfOptions.best().ringBytes(RING_BYTES)),
                program.plan(true, 64, 0, "main.seen"),
                event -> {
                    if (event instanceof TraceEvent.Call call) {
                        check(number(call.arguments().get(0)), call.thread(), right, wrong);
                        threads.add(call.thread());
                    } else if (event instanceof TraceEvent.Return returned) {
                        check(number(returned.results().get(0)) - 1, returned.thread(), right, wrong);
                    }
                },
                directory.resolve("output"),
                Map.of(),
                "-threads",
                "" + THREADS,
                "-calls",
                "" + CALLS);

        assertThat(run.exit()).isEqualTo("exited with code 0");
        assertThat(run.counts().lost()).as("lost: %s", run.counts()).isZero();
        assertThat(wrong).isEmpty();
        assertThat(right).hasValue(2L * THREADS * CALLS);
        assertThat(threads).hasSize(THREADS);
    }

    private static void check(long truth, int thread, AtomicLong right, Set<String> wrong) {
        if (truth == thread) {
            right.incrementAndGet();
        } else {
            wrong.add(thread + " instead of " + truth);
        }
    }

    private static long number(NamedValue value) {
        return ((Value.Signed) value.value()).value();
    }

    @Test
    void theKernelNeedNotBeAskedWhereItCanBeRead() {
        try (BpfObject object = new BpfObject("tracetoll", BpfImage.TRACETOLL.content())) {
            // They are verified only with the settings of a plan.
            object.leaveOut(Collect.EVENTS.program());
            object.leaveOut("on_signal");
            object.leaveOut("on_exec");
            object.load();

            assertThat(CurrentTasks.of(object).isPresent())
                    .isEqualTo(KernelVersion.running().isAtLeast(READS_MEMORY));
        }
    }
}
