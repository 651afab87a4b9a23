package dev.tracetoll.stress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.testing.NeedsPtrace;
import dev.tracetoll.testing.OneAtATime;
import dev.tracetoll.tracing.NamedValue;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.TraceEvent;
import dev.tracetoll.tracing.Tracer;
import dev.tracetoll.tracing.Value;
import dev.tracetoll.tracing.ebpf.EbpfOptions;
import dev.tracetoll.tracing.ebpf.EbpfTracer;
import dev.tracetoll.tracing.ebpf.PatchedTracer;
import dev.tracetoll.tracing.inline.InlineTracer;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.ptrace.PtraceTracer;
import dev.tracetoll.tracing.ring.Draining;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nothing is wrong and nothing is missing without being counted while goroutines move, stacks grow and the collector never rests. */
@OneAtATime
class StressIT {

    private static final Map<String, String> COLLECT_ALL_THE_TIME = Map.of("GOGC", "1");
    /** Signals that could not show the floating-point registers in time; each value lost to one says so. */
    private static final double UNREADABLE_AT_MOST = 0.001;

    private static final String[] FUNCTIONS = {"main.outer", "main.inner"};
    private static final int SMALLEST_RING_BYTES = 4096;
    /** As {@code trace} has it: until the just-in-time compiler has compiled what reads it, that is slower than what fills it. */
    private static final int RING_BYTES = 64 << 20;

    /** Of all rings together, of which the program fills two. */
    private static final int INLINE_RING_BYTES = 256 << 20;

    private static final Map<Technique, Supplier<Tracer>> TRACERS = Map.of(
            Technique.EBPF, () -> new EbpfTracer(EbpfOptions.best().ringBytes(RING_BYTES)),
            Technique.EBPF_PATCHED, () -> new PatchedTracer(EbpfOptions.best().ringBytes(RING_BYTES), notice -> {}),
            Technique.INLINE, () -> new InlineTracer(INLINE_RING_BYTES, Draining.adaptive(), notice -> {}),
            Technique.PTRACE, PtraceTracer::new);

    @TempDir
    private Path directory;

    @NeedsEbpf
    @ParameterizedTest
    @EnumSource
    void everyCallIsSeenRightOrCountedAsLostUnderEbpf(TestProgram.Go go) {
        check(Technique.EBPF, go, 1_000, 100);
    }

    @NeedsPtrace
    @ParameterizedTest
    @EnumSource
    void everyCallIsSeenRightUnderPtrace(TestProgram.Go go) {
        check(Technique.PTRACE, go, 200, 5);
    }

    @NeedsPtrace
    @ParameterizedTest
    @EnumSource
    void everyCallIsSeenRightOrCountedAsLostInline(TestProgram.Go go) {
        check(Technique.INLINE, go, 1_000, 100);
    }

    @NeedsEbpf
    @NeedsPtrace
    @ParameterizedTest
    @EnumSource
    void everyCallIsSeenRightOrCountedAsLostUnderPatchedEbpf(TestProgram.Go go) {
        check(Technique.EBPF_PATCHED, go, 1_000, 100);
    }

    /** What eBPF sees of it: all of one function, or one end of the calls of both. */
    private enum ByEbpf {
        INNER(site -> site.name().equals("main.inner")),
        OUTER(site -> site.name().equals("main.outer")),
        RETURNS(SitePlan::isReturn),
        CALLS(site -> !site.isReturn() && !site.isMark());

        private final Predicate<SitePlan> which;

        ByEbpf(Predicate<SitePlan> which) {
            this.which = which;
        }
    }

    @NeedsEbpf
    @NeedsPtrace
    @ParameterizedTest
    @EnumSource
    void everyCallIsSeenRightWhereTwoSeeIt(ByEbpf byEbpf) {
        for (TestProgram.Go go : TestProgram.Go.values()) {
            TestProgram program = TestProgram.build(go, "stress", directory);
            check(
                    "inline and " + byEbpf + " by eBPF",
                    Divided.tracer(INLINE_RING_BYTES),
                    program,
                    Divided.plan(program.plan(64, 1, FUNCTIONS), byEbpf.which),
                    1_000,
                    100);
        }
    }

    /** Calls whose stacks grow are hit more than once, and whichever of those hits is lost, the call is counted once. */
    @NeedsEbpf
    @ParameterizedTest
    @EnumSource
    void whatFindsNoRoomIsCountedOnce(TestProgram.Go go) {
        TestProgram program = TestProgram.build(go, "stress", directory);
        Truth truth = new Truth(1_000, 20);
        TraceCounts counts = program.trace(
                        new EbpfTracer(EbpfOptions.best().ringBytes(SMALLEST_RING_BYTES)),
                        program.plan(64, 1, FUNCTIONS),
                        truth::checkSeen,
                        directory.resolve("traced"),
                        COLLECT_ALL_THE_TIME,
                        "-goroutines",
                        "1000",
                        "-calls",
                        "20")
                .counts();

        System.out.printf("%s with a small ring: %s%n", program, counts);
        assertThat(counts.lostCalls())
                .as("calls lost, or the test shows nothing: %s", counts)
                .isPositive();
        assertThat(counts.calls() + counts.lostCalls())
                .as("calls seen and lost: %s", counts)
                .isEqualTo(2 * 1_000 * 20);
        assertThat(counts.returnsSeen() + counts.lostReturns())
                .as("returns seen and lost: %s", counts)
                .isEqualTo(2 * 1_000 * 20);
        assertThat(counts.returns() + counts.noReturns())
                .as("calls seen: %s", counts)
                .isEqualTo(counts.calls());
    }

    private void check(Technique technique, TestProgram.Go go, int goroutines, int outerCalls) {
        TestProgram program = TestProgram.build(go, "stress", directory);
        check(
                technique.name(),
                TRACERS.get(technique).get(),
                program,
                program.plan(64, 1, FUNCTIONS),
                goroutines,
                outerCalls);
    }

    private void check(String how, Tracer tracer, TestProgram program, TracePlan plan, int goroutines, int outerCalls) {
        String[] arguments = {"-goroutines", Integer.toString(goroutines), "-calls", Integer.toString(outerCalls)};
        TestProgram.Run untraced = program.run(directory.resolve("untraced"), COLLECT_ALL_THE_TIME, arguments);
        Truth truth = new Truth(goroutines, outerCalls);

        TestProgram.Run traced =
                program.trace(tracer, plan, truth::check, directory.resolve("traced"), COLLECT_ALL_THE_TIME, arguments);

        TraceCounts counts = traced.counts();
        long calls = 2L * goroutines * outerCalls;
        System.out.printf(
                "%s, %s: %s, floating-point values unreadable: %d of %d %s%n",
                how,
                program,
                counts,
                truth.unreadable.values().stream().mapToInt(Integer::intValue).sum(),
                truth.floats,
                truth.unreadable);
        assertThat(traced.exit()).isEqualTo(untraced.exit()).isEqualTo("exited with code 0");
        assertThat(traced.output())
                .as("the program's own output")
                .isEqualTo(untraced.output())
                .contains(calls + " calls");
        assertThat(counts.calls() + counts.lostCalls())
                .as("calls seen and lost: %s", counts)
                .isEqualTo(calls);
        assertThat(counts.returns() + counts.lostReturns())
                .as("returns seen and lost: %s", counts)
                .isEqualTo(calls);
        assertThat(counts.lost()).as("lost: %s", counts).isZero();
        assertThat(counts.noReturns()).as("calls without return: %s", counts).isZero();
        assertThat(truth.open).as("calls that were not matched").isEmpty();
        assertThat(truth.seen).as("different calls of main.outer").hasSize((int) (calls / 2));
        assertThat(truth.unreadable.values().stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .as("floating-point values that could not be read: %s", truth.unreadable)
                .isLessThanOrEqualTo((int) (truth.floats * UNREADABLE_AT_MOST));
    }

    /** What the program's source says of its calls. */
    private static final class Truth {
        private final int outerCalls;
        private final Set<Long> seen = new HashSet<>();
        private final Map<Long, TraceEvent.Call> open = new HashMap<>();
        private final Map<Long, Long> outerOf = new HashMap<>();
        private final long[] goroutineOf;
        private final Map<String, Integer> unreadable = new HashMap<>();
        private int floats;

        private Truth(int goroutines, int outerCalls) {
            this.outerCalls = outerCalls;
            this.goroutineOf = new long[goroutines];
        }

        void check(TraceEvent event) {
            if (event instanceof TraceEvent.Call call) {
                assertThat(open.put(call.id(), call)).isNull();
                if (call.function().name().equals("main.outer")) {
                    outer(call);
                } else {
                    inner(call);
                }
            } else if (event instanceof TraceEvent.Return back) {
                TraceEvent.Call call = open.remove(back.id());
                assertThat(call).as("the call of %s", back).isNotNull();
                assertThat(back.function()).isEqualTo(call.function());
                assertThat(back.goroutine()).isEqualTo(call.goroutine());
                assertThat(back.depth()).isEqualTo(call.depth());
                assertThat(back.durationNs())
                        .isEqualTo(back.timestampNs() - call.timestampNs())
                        .isPositive();
                if (call.function().name().equals("main.outer")) {
                    outer(call, back);
                } else {
                    assertThat(number(back.results().get(0)))
                            .isEqualTo(innerResult(number(call.arguments().get(2))));
                }
            } else {
                assertThat(event).as("every call returns").isNull();
            }
        }

        /** Checks what was seen where not everything was. */
        void checkSeen(TraceEvent event) {
            if (event instanceof TraceEvent.Call call && call.function().name().equals("main.outer")) {
                arguments(call);
            }
        }

        private void outer(TraceEvent.Call call) {
            arguments(call);
            long index = number(call.arguments().get(0));
            int worker = (int) (index / outerCalls);
            if (goroutineOf[worker] == 0) {
                goroutineOf[worker] = call.goroutine();
            }
            assertThat(call.goroutine())
                    .as("goroutine of worker %d", worker)
                    .isPositive()
                    .isEqualTo(goroutineOf[worker]);
            assertThat(call.depth()).isZero();
            assertThat(outerOf.put(call.goroutine(), index))
                    .as("open call of the same worker")
                    .isNull();
        }

        private void arguments(TraceEvent.Call call) {
            List<NamedValue> arguments = call.arguments();
            long index = number(arguments.get(0));
            assertThat(seen.add(index)).as("call %d is seen once", index).isTrue();
            assertThat(text(arguments.get(1).value())).isEqualTo(Long.toString(index));
            Value.Pointer job = (Value.Pointer) arguments.get(2).value();
            List<Value.Field> fields = ((Value.Struct) job.value().orElseThrow()).fields();
            int worker = (int) (index / outerCalls);
            assertThat(fields.get(0).value()).isEqualTo(new Value.Signed(index));
            assertThat(fields.get(1).value()).isEqualTo(new Value.Signed(worker));
            assertThat(text(fields.get(2).value())).isEqualTo("job " + index);
            assertThat(fields.get(3).value()).isEqualTo(new Value.Float64(index / 4.0));
            floating(arguments.get(3), new Value.Float64(index / 4.0));
            assertThat(number(arguments.get(4))).as("checksum of %d", index).isEqualTo(hash(index));
        }

        private void inner(TraceEvent.Call call) {
            long index = number(call.arguments().get(2));
            assertThat(outerOf).containsEntry(call.goroutine(), index);
            assertThat(call.depth()).isOne();
            assertThat(number(call.arguments().get(0))).isEqualTo(hash(index));
            floating(call.arguments().get(1), new Value.Float32((float) (index / 4.0)));
        }

        private void outer(TraceEvent.Call call, TraceEvent.Return back) {
            long index = number(call.arguments().get(0));
            assertThat(outerOf.remove(call.goroutine())).isEqualTo(index);
            assertThat(number(back.results().get(0)))
                    .isEqualTo(hash(index) ^ index ^ innerResult(index) ^ index & 0xff);
            floating(back.results().get(1), new Value.Float64(index / 4.0 * 2));
        }

        private static long innerResult(long index) {
            return index + (long) (float) (index / 4.0);
        }

        private void floating(NamedValue value, Value expected) {
            floats++;
            if (value.value() instanceof Value.Unreadable reason) {
                unreadable.merge(reason.why(), 1, Integer::sum);
            } else {
                assertThat(value.value()).as(value.name()).isEqualTo(expected);
            }
        }

        private static long number(NamedValue value) {
            return value.value() instanceof Value.Unsigned unsigned
                    ? unsigned.value()
                    : ((Value.Signed) value.value()).value();
        }

        private static String text(Value value) {
            return new String(((Value.Text) value).bytes(), StandardCharsets.UTF_8);
        }

        /** FNV-1a of the index in decimal. */
        private static long hash(long index) {
            long hash = 0xcbf29ce484222325L;
            for (byte each : Long.toString(index).getBytes(StandardCharsets.US_ASCII)) {
                hash = (hash ^ each) * 0x100000001b3L;
            }
            return hash;
        }
    }
}
