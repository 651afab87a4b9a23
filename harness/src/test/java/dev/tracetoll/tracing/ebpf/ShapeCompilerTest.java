package dev.tracetoll.tracing.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.golang.GoType;
import dev.tracetoll.golang.MadeTypes;
import dev.tracetoll.golang.ProbeSite;
import dev.tracetoll.golang.ProgramTypes;
import dev.tracetoll.golang.RuntimeLayout;
import dev.tracetoll.golang.SiteKind;
import dev.tracetoll.golang.StackCheck;
import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.golang.Variable;
import dev.tracetoll.linux.bpf.BpfMachine;
import dev.tracetoll.linux.bpf.Uprobes;
import dev.tracetoll.tracing.plan.SiteClass;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.plan.TraceRequest;
import dev.tracetoll.tracing.record.CompactRecord;
import dev.tracetoll.tracing.record.Memory;
import dev.tracetoll.tracing.record.Plans;
import dev.tracetoll.tracing.record.RandomShapes;
import dev.tracetoll.tracing.record.RecordFormat;
import dev.tracetoll.tracing.record.RecordWriter;
import dev.tracetoll.tracing.record.Shape;
import dev.tracetoll.tracing.ring.Draining;
import dev.tracetoll.tracing.ring.RecordRing;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The programs that are compiled, run on a machine that plays the kernel; that the real one takes them is the matter of the tests that trace. */
class ShapeCompilerTest {

    private static final Map<String, Integer> MAPS =
            Map.of("ring", 3, "counters", 4, "goroutines", 5, "interpreter", 6, "bell", 7, "currents", 8, "hits", 9);
    private static final int RING_BYTES = 1 << 14;
    private static final int MAX_BYTES = 64;
    /** Arguments of a call. */
    private static final int VALUES = 3;

    private static final int THREAD = 4711;
    private static final int CAST = 1234;
    /** Of a task, where its number is. */
    private static final int PID_OFFSET = 96;

    private static final long TASK = 0x6000_0000L;
    private static final long GOROUTINE = 17;
    private static final long STACK_LOW = 0x7fff_0000_0000L;
    private static final long STACK_HIGH = STACK_LOW + 0x8000;
    private static final long STACK_POINTER = STACK_LOW + 0x4000;
    private static final int KTIME_GET_NS = 5;
    private static final int GET_CURRENT_PID_TGID = 14;
    private static final int PROBE_READ_USER = 112;
    private static final int PROBE_READ_USER_STR = 114;

    // struct pt_regs, as arch/x86/include/asm/ptrace.h has it.
    private static final int REGISTERS_BYTES = 168;
    private static final int[] INTEGERS = {80, 40, 88, 112, 104, 72, 64, 56, 48};
    private static final int R14 = 8;
    private static final int RIP = 128;
    private static final int EFLAGS = 144;
    private static final int RSP = 152;

    /** Where programs find everything, and what they leave. */
    private static final class Kernel {

        final Memory memory = new Memory();
        final BpfMachine machine = new BpfMachine(memory::read);
        final ByteBuffer ring = machine.map(MAPS.get("ring"), RecordRing.elementBytes(RING_BYTES));
        final ByteBuffer counters = machine.map(MAPS.get("counters"), Contract.COUNTERS_BYTES);
        final ByteBuffer goroutines =
                machine.map(MAPS.get("goroutines"), 1 << Contract.GOROUTINES_LOG2 + Contract.GOROUTINE_LOG2_BYTES);
        final ByteBuffer hits = machine.map(MAPS.get("hits"), 16 * Long.BYTES);
        final RecordRing reader = new RecordRing(ring, RING_BYTES);
        final ByteBuffer context = Memory.buffer(REGISTERS_BYTES);
        final byte[] garbage = new byte[64];
        long g;

        Kernel(RuntimeLayout runtime) {
            machine.map(MAPS.get("currents"), Contract.CURRENTS_BYTES).putLong(Contract.CURRENTS_AT + Long.BYTES, TASK);
            machine.at(TASK, 256).putLong(0, TASK).putInt(PID_OFFSET, THREAD);
            machine.castFunction = CAST;
            machine.program(MAPS.get("interpreter"));
            machine.cpu = 1;
            machine.pidAndThread = 4000L << 32 | THREAD;
            machine.timeNs = 5_000_000_000L;
            reader.open();
            runs(runtime, GOROUTINE);
            context.putLong(RSP, STACK_POINTER);
        }

        /** Has a goroutine that runs on the stack. */
        void runs(RuntimeLayout runtime, long goroutine) {
            ByteBuffer made = Memory.buffer(256)
                    .putLong(runtime.goidOffset(), goroutine)
                    .putLong(runtime.stackHiOffset() - Long.BYTES, STACK_LOW)
                    .putLong(runtime.stackHiOffset(), STACK_HIGH);
            g = memory.place(made);
            context.putLong(R14, g);
        }

        long run(byte[] program) {
            for (int i = 0; i < INTEGERS.length; i++) {
                context.putLong(INTEGERS[i], memory.integers[i]);
            }
            return machine.run(program, context, garbage);
        }

        /** The records that there are. */
        List<ByteBuffer> records() {
            List<ByteBuffer> records = new ArrayList<>();
            reader.drain((data, at, length) -> {
                ByteBuffer record = Memory.buffer(length + Long.BYTES);
                record.put(0, data, at, length);
                records.add(record);
            });
            return records;
        }
    }

    private static EbpfOptions options() {
        return new EbpfOptions(
                RING_BYTES, Uprobes.Mode.MULTI, Collect.EVENTS, true, true, Draining.adaptive(), false, 0);
    }

    private static TracePlan plan(RuntimeLayout runtime) {
        return new TracePlan(
                new TraceRequest(Path.of("program"), List.of(), runtime, ProgramTypes.none(), true, 64, 1),
                instruction -> SiteClass.EMULATED);
    }

    private static byte[] compile(Shape shape, EbpfOptions options, boolean remembers) {
        return new ShapeCompiler(MAPS::get, plan(Plans.RUNTIME), options, remembers, Optional.empty())
                .compile(shape, new ShapeCompiler.Identity.Only(2), VALUES);
    }

    private static Shape shape(GoType... types) {
        TracePlan plan = Plans.of(MadeTypes.arguments(List.of(types)), ProgramTypes.none(), MAX_BYTES, 1);
        return Shape.of(plan.sites().get(0), plan).orElseThrow();
    }

    private final Kernel kernel = new Kernel(Plans.RUNTIME);

    /** Whatever the arguments are, and however the program is made: it leaves what Java's writer writes. */
    @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
    void theRecordIsThatOfJavasWriter(
            @ForAll long seed,
            @ForAll @IntRange(max = 150) int maxBytes,
            @ForAll boolean remembers,
            @ForAll boolean readsTasks,
            @ForAll boolean guarded,
            @ForAll @IntRange(max = 2) int identity) {
        Random random = new Random(seed);
        RuntimeLayout runtime = random.nextBoolean()
                ? Plans.RUNTIME
                // So short that texts are not read by way of the program's stack.
                : new RuntimeLayout(
                        random.nextInt(5) * 8 + 16,
                        8,
                        OptionalInt.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        Kernel kernel = new Kernel(runtime);
        int frameBytes = 8 * random.nextInt(4);
        kernel.memory.stackArguments = STACK_POINTER + frameBytes + Long.BYTES;
        RandomShapes shapes = new RandomShapes(random, kernel.memory, maxBytes);
        List<GoType> types = shapes.types();
        List<Variable> arguments = MadeTypes.arguments(types);
        TracePlan plan =
                Plans.of(Plans.function(arguments, Plans.entry(frameBytes), false), ProgramTypes.none(), maxBytes, 1);
        SitePlan site = plan.sites().get(0);
        Shape shape = Shape.of(site, plan).orElseThrow();
        EbpfOptions options = options().delayedBy(random.nextInt(3));
        kernel.counters.putLong(Contract.COUNTERS_REMEMBERING, random.nextInt(2));
        kernel.context.putLong(RIP, Plans.ENTRY);
        kernel.machine.cookie = 9;
        byte[] program = new ShapeCompiler(
                        MAPS::get,
                        guarded ? plan(runtime).forGuard() : plan(runtime),
                        switch (random.nextInt(3)) {
                            case 0 -> options;
                            case 1 -> options.withWakeups();
                            default -> options.withValueRecords();
                        },
                        remembers,
                        readsTasks
                                ? Optional.of(new CurrentTasks(MAPS.get("currents"), CAST, PID_OFFSET))
                                : Optional.empty())
                .compile(
                        shape,
                        identity == 0
                                ? new ShapeCompiler.Identity.Only(2)
                                : identity == 1
                                        ? new ShapeCompiler.Identity.Address()
                                        : new ShapeCompiler.Identity.Cookie(),
                        VALUES);
        CompactRecord compact =
                new CompactRecord(ByteBuffer.allocate(CompactRecord.wholeBytes(shape)), 2, site, shape, 1);
        RecordWriter writer = new RecordWriter(plan);
        for (int hit = 0; hit < 4; hit++) {
            shapes.pass(arguments, types);
            random.nextBytes(kernel.garbage);
            kernel.machine.timeNs++;
            assertThat(kernel.run(program)).isZero();

            assertThat(kernel.machine.tailCalled()).isFalse();
            assertThat(kernel.hits.getLong((identity == 0 ? 2 : 9) * Long.BYTES))
                    .isEqualTo(guarded ? hit + 1 : 0);
            List<ByteBuffer> records = kernel.records();
            assertThat(records).hasSize(1);
            ByteBuffer record = records.get(0);
            assertThat(record.getInt(CompactRecord.SITE))
                    .isEqualTo(identity == 0 ? 2 : identity == 1 ? (int) Plans.ENTRY : 9);
            assertThat(record.getInt(CompactRecord.THREAD) & (CompactRecord.COMPACT | CompactRecord.BY_ADDRESS))
                    .isEqualTo(CompactRecord.COMPACT | (identity == 1 ? CompactRecord.BY_ADDRESS : 0));
            ByteBuffer whole = writer.capture(site, kernel.memory, 0);
            whole.putInt(RecordFormat.SITE, 2)
                    .putInt(RecordFormat.THREAD, THREAD)
                    .putLong(RecordFormat.TIMESTAMP_NS, kernel.machine.timeNs)
                    .putLong(RecordFormat.GOROUTINE, GOROUTINE)
                    .putLong(RecordFormat.FRAME, STACK_HIGH - kernel.memory.stackArguments);
            assertThat(RandomShapes.say(compact.expand(record, 0), site)).isEqualTo(RandomShapes.say(whole, site));
        }
    }

    private void assertLeavesNothing(byte[] program) {
        long before = kernel.reader.producerPosition();
        kernel.run(program);
        assertThat(kernel.reader.producerPosition()).isEqualTo(before);
    }

    private void assertInterpreted(byte[] program) {
        assertLeavesNothing(program);
        assertThat(kernel.machine.tailCalled()).isTrue();
        assertThat(kernel.counters.getLong(Contract.COUNTERS_LOST_CALLS)).isZero();
    }

    @Test
    void noHitCountsWhileTheRingIsShut() {
        kernel.reader.shut();
        assertLeavesNothing(compile(shape(), options(), false));
        assertThat(kernel.machine.tailCalled()).isFalse();
        assertThat(kernel.machine.helpersCalled()).isEmpty();
    }

    @Test
    void whatRunsNoGoroutineIsInterpreted() {
        byte[] program = compile(shape(), options(), true);
        kernel.context.putLong(R14, kernel.memory.hole());
        assertInterpreted(program);
        kernel.runs(Plans.RUNTIME, 0);
        assertInterpreted(program);
    }

    @Test
    void whatRunsOnAnotherStackThanItsGoroutinesIsInterpreted() {
        byte[] program = compile(shape(), options(), false);
        for (long outside : new long[] {STACK_LOW - 8, STACK_HIGH, STACK_HIGH - 7}) {
            kernel.context.putLong(RSP, outside);
            assertInterpreted(program);
        }
        for (long within : new long[] {STACK_LOW, STACK_HIGH - 8}) {
            kernel.context.putLong(RSP, within);
            kernel.run(program);
            assertThat(kernel.records().get(0).getLong(CompactRecord.FRAME)).isEqualTo(STACK_HIGH - within - 8);
        }
    }

    @Test
    void aCallThatIsAboutToGrowItsStackIsInterpretedAndSoIsOneThatMayHave() {
        ProbeSite check = new ProbeSite(
                SiteKind.ENTRY,
                Plans.entry(0).instruction(),
                Plans.ENTRY,
                0,
                Optional.of(new StackCheck(0x41, Plans.ENTRY)));
        TracePlan plan = Plans.of(Plans.function(List.of(), check, false), ProgramTypes.none(), MAX_BYTES, 1);
        Shape shape = Shape.of(plan.sites().get(0), plan).orElseThrow();
        for (Collect collect : new Collect[] {Collect.EVENTS, Collect.READINGS}) {
            byte[] program = compile(shape, options().collect(collect), false);
            for (long flags : new long[] {0x01, 0x40, 0x246}) {
                kernel.context.putLong(EFLAGS, flags);
                assertInterpreted(program);
            }
            kernel.context.putLong(EFLAGS, 0x202);
            kernel.counters.putLong(Contract.COUNTERS_GROWING_NOW, 1);
            assertInterpreted(program);
            kernel.counters.putLong(Contract.COUNTERS_GROWING_NOW, 0);
            kernel.run(program);
            assertThat(kernel.machine.tailCalled()).isFalse();
        }
        assertThat(kernel.records()).hasSize(1);
    }

    @Test
    void whatThereIsNoRoomForIsLost() {
        byte[] program = compile(shape(), options(), false);
        int bytes = CompactRecord.HEAD_BYTES + RecordRing.LENGTH_BYTES;
        for (int i = 0; i < RING_BYTES / bytes; i++) {
            kernel.run(program);
        }
        assertThat(kernel.counters.getLong(Contract.COUNTERS_LOST_CALLS)).isZero();
        kernel.run(program);
        kernel.run(program);

        assertThat(kernel.counters.getLong(Contract.COUNTERS_LOST_CALLS)).isEqualTo(2);
        assertThat(kernel.counters.getLong(Contract.COUNTERS_LOST_RETURNS)).isZero();
        assertThat(kernel.records()).hasSize(RING_BYTES / bytes);
        kernel.run(program);
        assertThat(kernel.records()).as("once there is room again").hasSize(1);
    }

    @Test
    void howMuchWasLostIsCounted() {
        byte[] program = compile(shape(), options(), false);
        kernel.ring.putLong(RecordRing.PRODUCED, RING_BYTES);
        kernel.run(program);
        kernel.run(program);

        assertThat(kernel.counters.getLong(Contract.COUNTERS_LOST_BYTES))
                .isEqualTo(2L * (CompactRecord.HEAD_BYTES + RecordRing.LENGTH_BYTES));
    }

    @Test
    void everyFewRecordsRingTheBell() {
        byte[] program = compile(shape(), options().draining(Draining.everyRecords(3)), false);
        List<Integer> rung = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            kernel.run(program);
            rung.add(kernel.machine.outputs().size());
        }

        assertThat(rung).containsExactly(1, 1, 1, 2, 2, 2, 3, 3, 3, 4);
        assertThat(kernel.records()).hasSize(10);
    }

    /** Also where the ring begins anew between what is unread and the record. */
    @Test
    void theRecordThatMakesTheUnreadBytesEnoughRingsTheBell() {
        int bytes = CompactRecord.HEAD_BYTES + RecordRing.LENGTH_BYTES;
        byte[] program = compile(shape(), options().draining(Draining.atBytes(3 * bytes)), false);
        for (int turn = 0; turn < RING_BYTES / bytes; turn++) {
            List<Integer> rung = new ArrayList<>();
            int before = kernel.machine.outputs().size();
            for (int i = 0; i < 5; i++) {
                kernel.run(program);
                rung.add(kernel.machine.outputs().size() - before);
            }
            assertThat(rung).as("turn %d", turn).containsExactly(0, 0, 1, 1, 1);
            assertThat(kernel.records()).hasSize(5);
        }
    }

    @Test
    void aReturnThatIsLostIsALostReturn() {
        TracedFunction function = Plans.function(List.of(), Plans.entry(0), false);
        TracePlan plan = Plans.of(
                new TracedFunction(
                        function.name(),
                        List.of(),
                        List.of(),
                        function.entry(),
                        List.of(new ProbeSite(
                                SiteKind.RETURN, function.entry().instruction(), Plans.ENTRY, 0, Optional.empty())),
                        false,
                        function.signature(),
                        false,
                        false),
                ProgramTypes.none(),
                MAX_BYTES,
                1);
        byte[] program = compile(Shape.of(plan.sites().get(1), plan).orElseThrow(), options(), false);
        kernel.ring.putLong(RecordRing.PRODUCED, RING_BYTES);
        kernel.run(program);

        assertThat(kernel.counters.getLong(Contract.COUNTERS_LOST_RETURNS)).isEqualTo(1);
        assertThat(kernel.counters.getLong(Contract.COUNTERS_LOST_CALLS)).isZero();
    }

    @Test
    void aHitIsLostIfTheInterpreterItNeedsIsNotThere() {
        kernel.machine.noProgram(MAPS.get("interpreter"));
        kernel.context.putLong(R14, kernel.memory.hole());
        assertThat(kernel.run(compile(shape(), options(), false))).isZero();

        assertThat(kernel.counters.getLong(Contract.COUNTERS_LOST_CALLS)).isEqualTo(1);
    }

    /** Another producer takes room between what the program reads and its attempt to take the same. */
    private void contend(int times) {
        int[] left = {times};
        kernel.machine.beforeExchange(() -> {
            if (left[0]-- > 0) {
                long at = kernel.ring.getLong(RecordRing.PRODUCED);
                kernel.ring.putLong(RecordRing.PRODUCED, at + 16).putLong(RecordRing.HEAD_BYTES + (int) at, 8);
            }
        });
    }

    @Test
    void whoeverIsFasterHasItsRoom() {
        contend(3);
        kernel.run(compile(shape(), options(), false));

        assertThat(kernel.machine.tailCalled()).isFalse();
        List<ByteBuffer> records = kernel.records();
        assertThat(records).hasSize(4);
        assertThat(records.get(3).getLong(CompactRecord.GOROUTINE)).isEqualTo(GOROUTINE);
    }

    /** Between its two reads another producer's record comes and is consumed: more is consumed than it knows to be produced. */
    @Test
    void whoeverIsOvertakenLosesNothing() {
        int[] left = {1};
        kernel.machine.beforeLoad(MAPS.get("ring"), RecordRing.CONSUMED, () -> {
            if (left[0]-- > 0) {
                kernel.ring.putLong(RecordRing.PRODUCED, 48).putLong(RecordRing.CONSUMED, 48);
            }
        });
        kernel.run(compile(shape(), options(), false));

        assertThat(left[0]).as("reads after it was overtaken").isNegative();
        assertThat(kernel.counters.getLong(Contract.COUNTERS_LOST_CALLS)).isZero();
        assertThat(kernel.records()).hasSize(1);
    }

    @Test
    void whereOthersAreFasterAgainAndAgainTheInterpreterTries() {
        contend(4);
        kernel.run(compile(shape(), options(), false));

        assertThat(kernel.machine.tailCalled()).isTrue();
        assertThat(kernel.reader.producerPosition()).isEqualTo(4 * 16);
    }

    @Test
    void recordsGoOnBehindTheEndOfTheRing() {
        byte[] program = compile(shape(new GoType.Text("string")), options(), false);
        for (int i = 0; i < 600; i++) {
            byte[] text = new byte[i % 60 + 1];
            Arrays.fill(text, (byte) i);
            kernel.memory.integers[0] = kernel.memory.place(ByteBuffer.wrap(text));
            kernel.memory.integers[1] = text.length;
            kernel.run(program);
            List<ByteBuffer> records = kernel.records();
            assertThat(records).hasSize(1);
            byte[] read = new byte[text.length];
            records.get(0).get(CompactRecord.HEAD_BYTES + 16, read);
            assertThat(read).isEqualTo(text);
        }
        assertThat(kernel.reader.producerPosition()).isGreaterThan(2 * RING_BYTES);
    }

    private long readsOf(int helper) {
        return kernel.machine.helpersCalled().stream()
                .filter(each -> each == helper)
                .count();
    }

    @Test
    void aGoroutineIsReadOnceWhileItMayBeRemembered() {
        byte[] program = compile(shape(), options(), true);
        kernel.counters.putLong(Contract.COUNTERS_REMEMBERING, 1);
        for (int hit = 0; hit < 3; hit++) {
            kernel.run(program);
            assertThat(readsOf(PROBE_READ_USER)).isEqualTo(hit == 0 ? 1 : 0);
        }
        assertThat(kernel.records())
                .extracting(record -> record.getLong(CompactRecord.GOROUTINE))
                .containsExactly(GOROUTINE, GOROUTINE, GOROUTINE);
        // It runs on another stack now, so what is remembered is not what is.
        kernel.context.putLong(RSP, STACK_HIGH);
        assertInterpreted(program);

        kernel.context.putLong(RSP, STACK_POINTER);
        kernel.counters.putLong(Contract.COUNTERS_REMEMBERING, 0);
        kernel.run(program);
        assertThat(readsOf(PROBE_READ_USER)).isEqualTo(1);
    }

    @Test
    void aGoroutineWhosePlaceHasNoNumberIsReadAndHasOneThen() {
        kernel.counters.putLong(Contract.COUNTERS_REMEMBERING, 1);
        int place = place(kernel.g);
        kernel.goroutines.putLong(place + Contract.GOROUTINE_G, kernel.g);
        kernel.run(compile(shape(), options(), true));

        assertThat(readsOf(PROBE_READ_USER)).isEqualTo(1);
        assertThat(kernel.goroutines.getLong(place + Contract.GOROUTINE_GOROUTINE))
                .isEqualTo(GOROUTINE);
        assertThat(kernel.goroutines.getLong(place + Contract.GOROUTINE_LOW)).isEqualTo(STACK_LOW);
        assertThat(kernel.goroutines.getLong(place + Contract.GOROUTINE_HIGH)).isEqualTo(STACK_HIGH);
    }

    /** Where a goroutine is remembered; see struct tt_goroutine of {@code bpf/tracetoll.h}. */
    private static int place(long g) {
        return (int) (g * Contract.GOROUTINE_HASH >>> 64 - Contract.GOROUTINES_LOG2) << Contract.GOROUTINE_LOG2_BYTES;
    }

    @Test
    void whereAnotherGoroutineIsRememberedNoneElseIs() {
        byte[] program = compile(shape(), options(), true);
        kernel.counters.putLong(Contract.COUNTERS_REMEMBERING, 1);
        kernel.run(program);
        long first = kernel.g;
        do {
            kernel.runs(Plans.RUNTIME, GOROUTINE + 1);
        } while (place(kernel.g) != place(first));
        for (int hit = 0; hit < 2; hit++) {
            kernel.run(program);
            assertThat(readsOf(PROBE_READ_USER)).isEqualTo(1);
        }
        kernel.context.putLong(R14, first);
        kernel.run(program);
        assertThat(readsOf(PROBE_READ_USER)).isZero();

        assertThat(kernel.records())
                .extracting(record -> record.getLong(CompactRecord.GOROUTINE))
                .containsExactly(GOROUTINE, GOROUTINE + 1, GOROUTINE + 1, GOROUTINE);
    }

    @Test
    void aStringIsReadAsOneOfCsFirst() {
        byte[] program = compile(shape(new GoType.Text("string")), options(), false);
        // Of a string without a zero byte, and memory behind it, one read is all.
        kernel.memory.integers[0] =
                kernel.memory.place(ByteBuffer.wrap("hello, world".getBytes(StandardCharsets.US_ASCII)));
        kernel.memory.integers[1] = 5;
        kernel.run(program);
        assertThat(readsOf(PROBE_READ_USER_STR)).isEqualTo(1);
        assertThat(readsOf(PROBE_READ_USER)).as("the goroutine").isEqualTo(1);
        // Nothing can be read behind it.
        kernel.memory.integers[1] = 12;
        kernel.run(program);
        assertThat(readsOf(PROBE_READ_USER)).isEqualTo(2);
        // None.
        kernel.memory.integers[1] = 0;
        kernel.run(program);
        assertThat(readsOf(PROBE_READ_USER_STR)).isZero();

        assertThat(kernel.records())
                .extracting(ByteBuffer::capacity)
                .containsExactly(
                        Long.BYTES + CompactRecord.HEAD_BYTES + 16 + 8,
                        Long.BYTES + CompactRecord.HEAD_BYTES + 16 + 16,
                        Long.BYTES + CompactRecord.HEAD_BYTES + 16);
    }

    @Test
    void eachRecordRingsTheBellIfThatIsWanted() {
        kernel.run(compile(shape(), options(), false));
        assertThat(kernel.machine.outputs()).isEmpty();
        kernel.run(compile(shape(), options().withWakeups(), false));

        assertThat(kernel.machine.outputs()).hasSize(1);
        assertThat(kernel.machine.outputs().get(0).map()).isEqualTo(MAPS.get("bell"));
        assertThat(kernel.machine.outputs().get(0).flags()).isEqualTo(Contract.RB_FORCE_WAKEUP);
    }

    @Test
    void eachValueIsARecordOfItsOwnIfThatIsWanted() {
        kernel.run(compile(shape(), options().withValueRecords(), false));

        assertThat(kernel.machine.outputs()).hasSize(VALUES + 1);
        assertThat(kernel.machine.outputs()).allSatisfy(output -> {
            assertThat(output.map()).isEqualTo(MAPS.get("bell"));
            assertThat(output.flags()).isEqualTo(Contract.RB_FORCE_WAKEUP);
        });
    }

    @Test
    void aHitIsLostIfThereIsNoRoomForOneOfItsValues() {
        kernel.machine.mostOutputs = VALUES + 1 + VALUES - 1;
        byte[] program = compile(shape(), options().withValueRecords(), false);
        kernel.run(program);
        kernel.run(program);

        assertThat(kernel.records()).hasSize(1);
        assertThat(kernel.counters.getLong(Contract.COUNTERS_LOST_CALLS)).isEqualTo(1);
        assertThat(kernel.counters.getLong(Contract.COUNTERS_LOST_BYTES)).isEqualTo(Contract.VALUE_BYTES + Long.BYTES);
    }

    @Test
    void readingsAreThrownAway() {
        kernel.memory.integers[0] = kernel.memory.hole();
        kernel.memory.integers[1] = 5;
        assertThat(kernel.run(
                        compile(shape(new GoType.Text("string")), options().collect(Collect.READINGS), false)))
                .isZero();

        assertThat(kernel.machine.helpersCalled())
                .containsExactly(
                        (long) PROBE_READ_USER,
                        (long) KTIME_GET_NS,
                        (long) PROBE_READ_USER_STR,
                        (long) PROBE_READ_USER,
                        (long) GET_CURRENT_PID_TGID);
        assertThat(kernel.reader.producerPosition()).isZero();
    }

    @Test
    void readingsOfWhatRunsNoGoroutineAreTheInterpretersIfItIsThere() {
        byte[] program = compile(shape(), options().collect(Collect.READINGS), false);
        kernel.context.putLong(R14, kernel.memory.hole());
        assertInterpreted(program);
        kernel.machine.noProgram(MAPS.get("interpreter"));
        assertThat(kernel.run(program)).isZero();
        assertThat(kernel.machine.tailCalled()).isFalse();
    }

    @Test
    void theThreadIsAskedForWhereItCannotBeRead() {
        byte[] program = new ShapeCompiler(
                        MAPS::get,
                        plan(Plans.RUNTIME),
                        options(),
                        false,
                        Optional.of(new CurrentTasks(MAPS.get("currents"), CAST, PID_OFFSET)))
                .compile(shape(), new ShapeCompiler.Identity.Only(2), VALUES);
        kernel.run(program);
        assertThat(readsOf(GET_CURRENT_PID_TGID)).isZero();
        // One that was offline when the tasks were looked for, and one of too many.
        for (int cpu : new int[] {2, 1 << Contract.CPUS_LOG2}) {
            kernel.machine.cpu = cpu;
            kernel.run(program);
            assertThat(readsOf(GET_CURRENT_PID_TGID)).isEqualTo(1);
        }
        assertThat(kernel.records())
                .extracting(record -> record.getInt(CompactRecord.THREAD))
                .containsOnly(THREAD | CompactRecord.COMPACT);
    }
}
