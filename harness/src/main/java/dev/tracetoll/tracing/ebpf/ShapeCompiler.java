package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.golang.Location;
import dev.tracetoll.golang.RuntimeLayout;
import dev.tracetoll.linux.bpf.BpfCode;
import dev.tracetoll.linux.bpf.BpfCode.Condition;
import dev.tracetoll.linux.bpf.BpfCode.Helper;
import dev.tracetoll.linux.bpf.BpfCode.Operation;
import dev.tracetoll.linux.bpf.BpfCode.Register;
import dev.tracetoll.linux.bpf.BpfCode.Size;
import dev.tracetoll.tracing.plan.Sampling;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.record.CompactRecord;
import dev.tracetoll.tracing.record.Shape;
import dev.tracetoll.tracing.ring.RecordRing;
import dev.tracetoll.tracing.totals.HitTallies;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * Compiles a shape to the BPF program that captures it: it writes a {@link CompactRecord} straight into the ring, without interpreting
 * anything. Whatever is out of the ordinary (a stack that grows, a thread that runs no goroutine) it leaves to {@code on_site} by a tail
 * call, before it has done anything.
 */
final class ShapeCompiler {

    /** RAX, RBX, RCX, RDI, RSI, R8 to R13 in {@code struct pt_regs}, by their index as a {@link Location.IntRegister}. */
    private static final int[] INTEGER_ARGUMENTS = {80, 40, 88, 112, 104, 72, 64, 56, 48, 24, 16};

    private static final int R14 = 8;
    private static final int RIP = 128;
    private static final int EFLAGS = 144;
    private static final int RSP = 152;

    private static final Register CONTEXT = Register.R6;
    private static final Register RECORD = Register.R7;
    /** Bytes of each text to capture. */
    private static final Register[] TEXT_BYTES = {Register.R8, Register.R9};
    /** The goroutine's place among those remembered; until there are texts. */
    private static final Register PLACE = Register.R8;

    // The program's stack.
    private static final int FRAME = -8;
    private static final int GOROUTINE = -16;
    private static final int TIMESTAMP_NS = -24;
    private static final int LENGTH = -32;
    /** Flags of the texts that could not be read. */
    private static final int UNREADABLE = -40;

    private static final int STACK_END = -40;
    /** A record of a value: as low as it can be, for what is below the copy of runtime.g. */
    private static final int VALUE = -512;

    /**
     * A text of no more bytes is read into the program's stack and moved to the ring word by word. Reading it into the ring costs more: the
     * copy is done by {@code rep movsb}, which waits for the cache line that it writes, while plain stores do not.
     */
    private static final int MOST_STAGED_BYTES = 64;
    /** With the zero byte that is put behind a string. */
    private static final int STAGE_BYTES = padded(MOST_STAGED_BYTES + 1);

    private static final int TRIES = 4;
    /** Where nobody else can go on. */
    private static final int TRIES_ALONE = 64;

    private final ToIntFunction<String> maps;
    private final RuntimeLayout runtime;
    private final boolean returns;
    private final Optional<Sampling> sampling;
    private final boolean guarded;
    private final int sites;
    private final EbpfOptions options;
    private final boolean remembers;
    private final Optional<CurrentTasks> tasks;

    /**
     * @param maps the descriptors of the maps that the programs use, by their names
     * @param plan what to trace
     * @param remembers whether goroutines may be remembered from hit to hit, as long as the counters say so
     * @param tasks where the thread can be read, if it need not be asked for
     */
    ShapeCompiler(
            ToIntFunction<String> maps,
            TracePlan plan,
            EbpfOptions options,
            boolean remembers,
            Optional<CurrentTasks> tasks) {
        this.maps = maps;
        this.runtime = plan.request().runtime();
        this.returns = plan.request().returns();
        this.sampling = plan.request().sampling();
        this.guarded = plan.request().guarded();
        this.sites = HitTallies.sitesOfACopy(plan);
        this.options = options;
        this.remembers = remembers;
        this.tasks = tasks;
    }

    /** How a program knows which of the sites of its shape was hit. */
    sealed interface Identity {

        /** There is one only. */
        record Only(int site) implements Identity {}

        /** The consumer knows it by the address, because the program is always loaded where its file says. Costs nothing at the probe. */
        record Address() implements Identity {}

        /** The cookie is the site. Asking for it is one more call of the kernel. */
        record Cookie() implements Identity {}
    }

    /**
     * The program.
     *
     * @param values how many arguments or results a hit has, for where they are records of their own
     */
    byte[] compile(Shape shape, Identity identity, int values) {
        return options.collect() == Collect.READINGS ? readings(shape) : recording(shape, identity, values);
    }

    /** All that the kernel is called for, and nothing else. */
    private byte[] readings(Shape shape) {
        BpfCode code = new BpfCode();
        code.move(CONTEXT, Register.R1);
        leaveGrowing(code, shape);
        findGoroutine(code, shape.frameBytes());
        code.call(Helper.KTIME_GET_NS);
        measure(code, shape);
        readThread(code);
        code.move(Register.R0, 0);
        code.exit();
        interpret(code);
        code.move(Register.R0, 0);
        code.exit();
        return code.assemble();
    }

    /**
     * Goes on with {@code on_site}, if it is there. That a program may do so also keeps its stack on the kernel's: since Linux 6.13 one that may not
     * has a stack of its own elsewhere, and the kernel's check of where it copies from user memory to (hardened usercopy) takes long there, 50 ns a
     * copy on an AMD EPYC (Zen 4) with Linux 6.18.
     */
    private void interpret(BpfCode code) {
        code.label("interpret");
        code.move(Register.R1, CONTEXT);
        code.loadMap(Register.R2, maps.applyAsInt("interpreter"));
        code.move(Register.R3, 0);
        code.call(Helper.TAIL_CALL);
    }

    private byte[] recording(Shape shape, Identity identity, int values) {
        BpfCode code = new BpfCode();
        code.move(CONTEXT, Register.R1);
        // Also while hits do not count: on_site has to know which calls began then.
        leaveGrowing(code, shape);
        code.loadMapValue(RECORD, maps.applyAsInt("ring"), 0);
        code.load(Size.DOUBLE, Register.R1, RECORD, RecordRing.OPEN);
        code.jump(Condition.EQUAL, Register.R1, 0, "closed");
        delay(code);
        findGoroutine(code, shape.frameBytes());
        if (guarded) {
            countHit(code, identity);
        }
        sampling.ifPresent(some -> choose(code, shape, some));
        code.call(Helper.KTIME_GET_NS);
        code.store(Size.DOUBLE, Register.R10, TIMESTAMP_NS, Register.R0);
        measure(code, shape);
        if (options.valueRecords()) {
            writeValues(code, values);
        }
        reserve(code);
        writeHead(code, shape, identity);
        writeVariables(code, shape);
        for (int i = 0; i < shape.texts().size(); i++) {
            writeText(code, shape, i);
        }
        // Whole now: the processor keeps the order of stores.
        code.load(Size.DOUBLE, Register.R1, Register.R10, LENGTH);
        code.store(Size.DOUBLE, RECORD, -RecordRing.LENGTH_BYTES, Register.R1);
        if (options.draining().rings()) {
            ring(code);
        }
        code.label("closed");
        code.move(Register.R0, 0);
        code.exit();

        sampling.ifPresent(some -> leaveOut(code, shape));
        interpret(code);
        // Reached if the interpreter is not there, which would be lost hits, of unknown size.
        code.move(Register.R3, 0);
        code.label("lost");
        code.loadMapValue(Register.R1, maps.applyAsInt("counters"), 0);
        code.move(Register.R2, 1);
        code.atomicAdd(
                Register.R1,
                shape.isReturn() ? Contract.COUNTERS_LOST_RETURNS : Contract.COUNTERS_LOST_CALLS,
                Register.R2);
        code.atomicAdd(Register.R1, Contract.COUNTERS_LOST_BYTES, Register.R3);
        code.move(Register.R0, 0);
        code.exit();
        return code.assemble();
    }

    /** A call that comes back, or may be one that has, is the interpreter's matter. */
    private void leaveGrowing(BpfCode code, Shape shape) {
        if (shape.checkFlags() == 0) {
            return;
        }
        code.load(Size.DOUBLE, Register.R1, CONTEXT, EFLAGS);
        code.alu(Operation.AND, Register.R1, shape.checkFlags());
        code.jump(Condition.NOT_EQUAL, Register.R1, 0, "interpret");
        code.loadMapValue(Register.R1, maps.applyAsInt("counters"), Contract.COUNTERS_GROWING_NOW);
        code.load(Size.DOUBLE, Register.R1, Register.R1, 0);
        code.jump(Condition.NOT_EQUAL, Register.R1, 0, "interpret");
    }

    /** As count_at does it, where nobody else has counted the hit. */
    private void countHit(BpfCode code, Identity identity) {
        if (identity instanceof Identity.Only only) {
            code.store(Size.WORD, Register.R10, UNREADABLE, only.site());
        } else {
            code.move(Register.R1, CONTEXT);
            code.call(Helper.GET_ATTACH_COOKIE);
            code.store(Size.WORD, Register.R10, UNREADABLE, Register.R0);
        }
        code.call(Helper.GET_SMP_PROCESSOR_ID);
        code.alu(Operation.MULTIPLY, Register.R0, sites);
        code.load(Size.WORD, Register.R1, Register.R10, UNREADABLE);
        code.alu(Operation.ADD, Register.R0, Register.R1);
        code.store(Size.WORD, Register.R10, UNREADABLE, Register.R0);
        code.loadMap(Register.R1, maps.applyAsInt("hits"));
        code.move(Register.R2, Register.R10);
        code.alu(Operation.ADD, Register.R2, UNREADABLE);
        code.call(Helper.MAP_LOOKUP_ELEM);
        code.jump(Condition.EQUAL, Register.R0, 0, "counted");
        code.move(Register.R1, 1);
        code.atomicAdd(Register.R0, 0, Register.R1);
        code.label("counted");
    }

    /** The context's address is made to depend on the product, so that the processor cannot go on before it knows it. */
    private void delay(BpfCode code) {
        if (options.delay() == 0) {
            return;
        }
        code.move(Register.R0, 1);
        for (int i = 0; i < options.delay(); i++) {
            code.alu(Operation.MULTIPLY, Register.R0, 3);
        }
        code.alu(Operation.AND, Register.R0, 0);
        code.alu(Operation.ADD, CONTEXT, Register.R0);
    }

    /** Goes on if the goroutine, or the call, is one of those that are traced. As on_site does it. */
    private void choose(BpfCode code, Shape shape, Sampling some) {
        if (some.by() == Sampling.By.GOROUTINE) {
            hash(code, some);
            code.load(Register.R1, some.limit());
            code.jump(Condition.GREATER_OR_EQUAL, Register.R0, Register.R1, "leftOut");
        } else if (shape.isReturn()) {
            callNotes(code, Helper.MAP_LOOKUP_ELEM);
            code.jump(Condition.EQUAL, Register.R0, 0, "leftOut");
            callNotes(code, Helper.MAP_DELETE_ELEM);
        } else {
            code.call(Helper.GET_PRANDOM_U32);
            code.load(Register.R1, some.limit());
            code.jump(Condition.LESS, Register.R0, Register.R1, "chosen");
            if (returns) {
                callNotes(code, Helper.MAP_LOOKUP_ELEM);
                code.jump(Condition.EQUAL, Register.R0, 0, "leftOut");
                callNotes(code, Helper.MAP_DELETE_ELEM);
            }
            code.jump("leftOut");
            code.label("chosen");
            if (returns) {
                code.store(Size.DOUBLE, Register.R10, UNREADABLE, 1);
                code.move(Register.R3, Register.R10);
                code.alu(Operation.ADD, Register.R3, UNREADABLE);
                code.move(Register.R4, 0);
                callNotes(code, Helper.MAP_UPDATE_ELEM);
                code.move(Register.R3, 0);
                code.jump(Condition.NOT_EQUAL, Register.R0, 0, "lost");
            }
        }
    }

    /** Asks for, or changes, the note of the call at this place; GOROUTINE and FRAME are a struct place. */
    private void callNotes(BpfCode code, Helper helper) {
        code.loadMap(Register.R1, maps.applyAsInt("chosen"));
        code.move(Register.R2, Register.R10);
        code.alu(Operation.ADD, Register.R2, GOROUTINE);
        code.call(helper);
    }

    /** TT_SAMPLE_HASH in R0. */
    private static void hash(BpfCode code, Sampling some) {
        code.load(Size.DOUBLE, Register.R0, Register.R10, GOROUTINE);
        code.load(Register.R1, some.seed());
        code.alu(Operation.XOR, Register.R0, Register.R1);
        code.load(Register.R1, Contract.GOROUTINE_HASH);
        code.alu(Operation.MULTIPLY, Register.R0, Register.R1);
        code.move(Register.R2, Register.R0);
        code.alu(Operation.SHIFT_RIGHT, Register.R2, Integer.SIZE);
        code.alu(Operation.XOR, Register.R0, Register.R2);
        code.alu(Operation.MULTIPLY, Register.R0, Register.R1);
        code.alu(Operation.SHIFT_RIGHT, Register.R0, Integer.SIZE);
    }

    private void leaveOut(BpfCode code, Shape shape) {
        code.label("leftOut");
        code.call(Helper.GET_SMP_PROCESSOR_ID);
        code.alu(Operation.AND, Register.R0, (1 << Contract.CPUS_LOG2) - 1);
        code.alu(Operation.MULTIPLY, Register.R0, Contract.LEFT_OUT_COUNTERS * Long.BYTES);
        code.loadMapValue(Register.R1, maps.applyAsInt("left_out"), 0);
        code.alu(Operation.ADD, Register.R1, Register.R0);
        code.move(Register.R2, 1);
        code.atomicAdd(
                Register.R1,
                (shape.isReturn() ? Contract.LEFT_OUT_RETURNS : Contract.LEFT_OUT_CALLS) * Long.BYTES,
                Register.R2);
        code.move(Register.R0, 0);
        code.exit();
    }

    /** The goroutine, and where the call is on its stack: remembered or read. */
    private void findGoroutine(BpfCode code, int frameBytes) {
        if (remembers) {
            recall(code, frameBytes);
            code.label("unknown");
        }
        int g = readGoroutine(code, frameBytes);
        if (remembers) {
            remember(code, g);
            code.label("known");
        }
    }

    /** Goes on at "known" with a goroutine that is remembered, else at "unknown". See struct tt_goroutine of {@code bpf/tracetoll.h}. */
    private void recall(BpfCode code, int frameBytes) {
        code.load(Size.DOUBLE, Register.R1, CONTEXT, R14);
        code.load(Register.R2, Contract.GOROUTINE_HASH);
        code.alu(Operation.MULTIPLY, Register.R2, Register.R1);
        code.alu(Operation.SHIFT_RIGHT, Register.R2, Long.SIZE - Contract.GOROUTINES_LOG2);
        code.alu(Operation.SHIFT_LEFT, Register.R2, Contract.GOROUTINE_LOG2_BYTES);
        code.loadMapValue(PLACE, maps.applyAsInt("goroutines"), 0);
        code.alu(Operation.ADD, PLACE, Register.R2);
        loadRemembering(code, Register.R2);
        code.jump(Condition.EQUAL, Register.R2, 0, "unknown");
        code.load(Size.DOUBLE, Register.R2, PLACE, Contract.GOROUTINE_G);
        code.jump(Condition.NOT_EQUAL, Register.R2, Register.R1, "unknown");
        code.load(Size.DOUBLE, Register.R3, PLACE, Contract.GOROUTINE_GOROUTINE);
        code.jump(Condition.EQUAL, Register.R3, 0, "unknown");
        locate(code, PLACE, Contract.GOROUTINE_LOW, Contract.GOROUTINE_HIGH, frameBytes, "unknown");
        code.store(Size.DOUBLE, Register.R10, GOROUTINE, Register.R3);
        code.jump("known");
    }

    /** Where the call is on the stack whose bounds are at {@code low} and {@code high}; goes on elsewhere if it is not on that stack. */
    private static void locate(BpfCode code, Register base, int low, int high, int frameBytes, String elsewhere) {
        code.load(Size.DOUBLE, Register.R1, CONTEXT, RSP);
        code.load(Size.DOUBLE, Register.R2, base, low);
        code.jump(Condition.LESS, Register.R1, Register.R2, elsewhere);
        code.load(Size.DOUBLE, Register.R2, base, high);
        code.alu(Operation.ADD, Register.R1, frameBytes + Long.BYTES);
        code.jump(Condition.GREATER, Register.R1, Register.R2, elsewhere);
        code.alu(Operation.SUBTRACT, Register.R2, Register.R1);
        code.store(Size.DOUBLE, Register.R10, FRAME, Register.R2);
    }

    private void loadRemembering(BpfCode code, Register to) {
        code.loadMapValue(to, maps.applyAsInt("counters"), Contract.COUNTERS_REMEMBERING);
        code.load(Size.DOUBLE, to, to, 0);
    }

    /**
     * Remembers the goroutine whose copy is at {@code g}, unless another has its place. It runs this very hit, so nobody changes it, nor what is
     * remembered of it, meanwhile.
     */
    private void remember(BpfCode code, int g) {
        int from = goroutineFrom();
        loadRemembering(code, Register.R1);
        code.jump(Condition.EQUAL, Register.R1, 0, "known");
        code.load(Size.DOUBLE, Register.R1, CONTEXT, R14);
        code.load(Size.DOUBLE, Register.R0, PLACE, Contract.GOROUTINE_G);
        code.jump(Condition.EQUAL, Register.R0, Register.R1, "own");
        code.jump(Condition.NOT_EQUAL, Register.R0, 0, "known");
        code.compareAndExchange(PLACE, Contract.GOROUTINE_G, Register.R1);
        code.jump(Condition.NOT_EQUAL, Register.R0, 0, "known");
        code.label("own");
        copy(code, g + runtime.stackHiOffset() - Long.BYTES - from, PLACE, Contract.GOROUTINE_LOW);
        copy(code, g + runtime.stackHiOffset() - from, PLACE, Contract.GOROUTINE_HIGH);
        copy(code, g + runtime.goidOffset() - from, PLACE, Contract.GOROUTINE_GOROUTINE);
    }

    /** Where what is wanted of runtime.g begins: with the stack's bounds, or with the goroutine's id. */
    private int goroutineFrom() {
        return Math.min(runtime.stackHiOffset() - Long.BYTES, runtime.goidOffset());
    }

    private int goroutineBytes() {
        return Math.max(runtime.stackHiOffset(), runtime.goidOffset()) + Long.BYTES - goroutineFrom();
    }

    /** One copy of what is wanted of runtime.g: its head with the stack's bounds, up to the id. Returns where on the stack it is. */
    private int readGoroutine(BpfCode code, int frameBytes) {
        int low = runtime.stackHiOffset() - Long.BYTES;
        int from = goroutineFrom();
        int bytes = goroutineBytes();
        int g = STACK_END - padded(bytes);
        code.move(Register.R1, Register.R10);
        code.alu(Operation.ADD, Register.R1, g);
        code.move(Register.R2, bytes);
        code.load(Size.DOUBLE, Register.R3, CONTEXT, R14);
        code.alu(Operation.ADD, Register.R3, from);
        code.call(Helper.PROBE_READ_USER);
        code.jump(Condition.NOT_EQUAL, Register.R0, 0, "interpret");
        locate(code, Register.R10, g + low - from, g + runtime.stackHiOffset() - from, frameBytes, "interpret");
        code.load(Size.DOUBLE, Register.R1, Register.R10, g + runtime.goidOffset() - from);
        code.jump(Condition.EQUAL, Register.R1, 0, "interpret");
        code.store(Size.DOUBLE, Register.R10, GOROUTINE, Register.R1);
        return g;
    }

    /** How much of a text is captured; 0 if there is none. */
    private static void measure(BpfCode code, Shape.Text text, int i) {
        Register bytes = TEXT_BYTES[i];
        code.load(Size.DOUBLE, bytes, CONTEXT, INTEGER_ARGUMENTS[text.length()]);
        code.jump(Condition.SIGNED_LESS_OR_EQUAL, bytes, 0, "none" + i);
        code.load(Size.DOUBLE, Register.R1, CONTEXT, INTEGER_ARGUMENTS[text.address()]);
        code.jump(Condition.EQUAL, Register.R1, 0, "none" + i);
        code.jump(Condition.LESS_OR_EQUAL, bytes, text.most(), "measured" + i);
        code.move(bytes, text.most());
        code.jump("measured" + i);
        code.label("none" + i);
        code.move(bytes, 0);
        code.label("measured" + i);
        if (text.elementBytes() > 1) {
            code.alu(Operation.MULTIPLY, bytes, text.elementBytes());
        }
    }

    /**
     * Texts are put where a copy of runtime.g has been, if one was made. If not, nothing has been written there, which the verifier allows since
     * Linux 6.3; compiled programs are attached from 6.10 on.
     */
    private boolean isStaged(Shape.Text text) {
        return text.most() * text.elementBytes() <= MOST_STAGED_BYTES
                && goroutineBytes() >= TEXT_BYTES.length * STAGE_BYTES;
    }

    private boolean isAnyStaged(Shape shape) {
        return shape.texts().stream().anyMatch(this::isStaged);
    }

    private static int stage(int i) {
        return STACK_END - (i + 1) * STAGE_BYTES;
    }

    /**
     * Reads a text into the stack; one that cannot be read is noted, and has no bytes.
     *
     * <p>A string is first read as C's strings are, one byte more than it has: the kernel does that word by word, which takes less time than
     * {@code rep movsb}, 75 ns instead of 92 for 16 bytes on an AMD EPYC (Zen 5) with Linux 6.18. It stops at a zero byte. So all is well if it
     * went on to the end; if not, the string has such a byte, or the byte behind it cannot be read, and it is read again as all else is.
     */
    private static void stage(BpfCode code, Shape.Text text, int i) {
        code.jump(Condition.EQUAL, TEXT_BYTES[i], 0, "staged" + i);
        if (text.string()) {
            code.move(Register.R1, Register.R10);
            code.alu(Operation.ADD, Register.R1, stage(i));
            code.move(Register.R2, TEXT_BYTES[i]);
            code.alu(Operation.ADD, Register.R2, 1);
            code.load(Size.DOUBLE, Register.R3, CONTEXT, INTEGER_ARGUMENTS[text.address()]);
            code.call(Helper.PROBE_READ_USER_STR);
            code.move(Register.R1, TEXT_BYTES[i]);
            code.alu(Operation.ADD, Register.R1, 1);
            code.jump(Condition.EQUAL, Register.R0, Register.R1, "staged" + i);
        }
        code.move(Register.R1, Register.R10);
        code.alu(Operation.ADD, Register.R1, stage(i));
        code.move(Register.R2, TEXT_BYTES[i]);
        code.load(Size.DOUBLE, Register.R3, CONTEXT, INTEGER_ARGUMENTS[text.address()]);
        code.call(Helper.PROBE_READ_USER);
        code.jump(Condition.EQUAL, Register.R0, 0, "staged" + i);
        code.load(Size.DOUBLE, Register.R1, Register.R10, UNREADABLE);
        code.alu(Operation.OR, Register.R1, CompactRecord.UNREADABLE_TEXT << i);
        code.store(Size.DOUBLE, Register.R10, UNREADABLE, Register.R1);
        code.move(TEXT_BYTES[i], 0);
        code.label("staged" + i);
    }

    /** How long the record is to be. */
    private void measure(BpfCode code, Shape shape) {
        if (isAnyStaged(shape)) {
            code.store(Size.DOUBLE, Register.R10, UNREADABLE, 0);
        }
        for (int i = 0; i < shape.texts().size(); i++) {
            measure(code, shape.texts().get(i), i);
            if (isStaged(shape.texts().get(i))) {
                stage(code, shape.texts().get(i), i);
            }
        }
        code.move(Register.R3, CompactRecord.image(shape) + shape.bytes());
        for (int i = 0; i < shape.texts().size(); i++) {
            code.move(Register.R1, TEXT_BYTES[i]);
            pad(code, Register.R1);
            code.alu(Operation.ADD, Register.R3, Register.R1);
        }
        code.store(Size.DOUBLE, Register.R10, LENGTH, Register.R3);
        code.alu(Operation.ADD, Register.R3, RecordRing.LENGTH_BYTES);
    }

    /** As the interpreter does it; R3 stays what it is. If there is no room, the hit is lost. */
    private void writeValues(BpfCode code, int values) {
        for (int at = 0; at < Contract.VALUE_BYTES; at += Long.BYTES) {
            code.store(Size.DOUBLE, Register.R10, VALUE + at, 0);
        }
        copy(code, GOROUTINE, Register.R10, VALUE);
        for (int i = 0; i < values; i++) {
            ring(code, VALUE, Contract.VALUE_BYTES);
            code.move(Register.R3, Contract.VALUE_BYTES + Long.BYTES);
            code.jump(Condition.NOT_EQUAL, Register.R0, 0, "lost");
        }
        code.load(Size.DOUBLE, Register.R3, Register.R10, LENGTH);
        code.alu(Operation.ADD, Register.R3, RecordRing.LENGTH_BYTES);
    }

    /** Wakes the consumer by a record of what is at {@code from} on the stack. */
    private void ring(BpfCode code, int from, int bytes) {
        code.loadMap(Register.R1, maps.applyAsInt("bell"));
        code.move(Register.R2, Register.R10);
        code.alu(Operation.ADD, Register.R2, from);
        code.move(Register.R3, bytes);
        code.move(Register.R4, Contract.RB_FORCE_WAKEUP);
        code.call(Helper.RINGBUF_OUTPUT);
    }

    /** Takes R3 bytes of the ring. Where another thread is faster several times in a row, the interpreter has more patience. */
    private void reserve(BpfCode code) {
        boolean decided = sampling.filter(some -> some.by() == Sampling.By.CALL).isPresent();
        for (int i = 0; i < (decided ? TRIES_ALONE : TRIES); i++) {
            code.load(Size.DOUBLE, Register.R0, RECORD, RecordRing.PRODUCED);
            code.move(Register.R2, Register.R0);
            code.alu(Operation.ADD, Register.R2, Register.R3);
            code.load(Size.DOUBLE, Register.R4, RECORD, RecordRing.CONSUMED);
            code.move(Register.R5, Register.R2);
            code.alu(Operation.SUBTRACT, Register.R5, Register.R4);
            // Signed, as in ring_reserve.
            code.jump(Condition.SIGNED_GREATER, Register.R5, options.ringBytes(), "lost");
            code.move(Register.R4, Register.R0);
            code.compareAndExchange(RECORD, RecordRing.PRODUCED, Register.R2);
            code.jump(Condition.EQUAL, Register.R0, Register.R4, "reserved");
        }
        // Whoever was chosen must not be asked about again.
        code.jump(decided ? "lost" : "interpret");
        code.label("reserved");
        code.alu(Operation.AND, Register.R4, options.ringBytes() - 1);
        code.alu(Operation.ADD, RECORD, Register.R4);
        code.alu(Operation.ADD, RECORD, RecordRing.HEAD_BYTES + RecordRing.LENGTH_BYTES);
    }

    /** Wakes the consumer, if it is time to; as the interpreter does. R1 is the record's length. */
    private void ring(BpfCode code) {
        if (options.draining().records() > 1) {
            code.loadMapValue(Register.R2, maps.applyAsInt("counters"), 0);
            code.move(Register.R3, 1);
            code.atomicFetchAdd(Register.R2, Contract.COUNTERS_RECORDS, Register.R3);
            code.alu(Operation.MODULO, Register.R3, options.draining().records());
            code.jump(Condition.NOT_EQUAL, Register.R3, 0, "closed");
        } else if (options.draining().bytes() > 0) {
            int before = RecordRing.HEAD_BYTES + RecordRing.LENGTH_BYTES;
            code.loadMapValue(Register.R2, maps.applyAsInt("ring"), 0);
            code.move(Register.R3, RECORD);
            code.alu(Operation.SUBTRACT, Register.R3, Register.R2);
            code.alu(Operation.SUBTRACT, Register.R3, before);
            code.load(Size.DOUBLE, Register.R2, Register.R2, RecordRing.CONSUMED);
            code.alu(Operation.SUBTRACT, Register.R3, Register.R2);
            code.alu(Operation.AND, Register.R3, options.ringBytes() - 1);
            code.jump(Condition.GREATER, Register.R3, options.draining().bytes() - 1, "closed");
            code.alu(Operation.ADD, Register.R3, Register.R1);
            code.alu(Operation.ADD, Register.R3, RecordRing.LENGTH_BYTES + Long.BYTES - 1);
            code.alu(Operation.AND, Register.R3, -Long.BYTES);
            code.jump(Condition.LESS, Register.R3, options.draining().bytes(), "closed");
        }
        ring(code, LENGTH, Long.BYTES);
    }

    private void writeHead(BpfCode code, Shape shape, Identity identity) {
        int flags = CompactRecord.COMPACT;
        if (identity instanceof Identity.Cookie) {
            code.move(Register.R1, CONTEXT);
            code.call(Helper.GET_ATTACH_COOKIE);
            code.store(Size.WORD, RECORD, CompactRecord.SITE, Register.R0);
        } else if (identity instanceof Identity.Only only) {
            code.store(Size.WORD, RECORD, CompactRecord.SITE, only.site());
        } else {
            flags |= CompactRecord.BY_ADDRESS;
            code.load(Size.DOUBLE, Register.R1, CONTEXT, RIP);
            code.store(Size.WORD, RECORD, CompactRecord.SITE, Register.R1);
        }
        readThread(code);
        code.alu(Operation.OR, Register.R0, flags);
        if (isAnyStaged(shape)) {
            code.load(Size.DOUBLE, Register.R1, Register.R10, UNREADABLE);
            code.alu(Operation.OR, Register.R0, Register.R1);
        }
        code.store(Size.WORD, RECORD, CompactRecord.THREAD, Register.R0);
        copy(code, TIMESTAMP_NS, RECORD, CompactRecord.TIMESTAMP_NS);
        copy(code, GOROUTINE, RECORD, CompactRecord.GOROUTINE);
        copy(code, FRAME, RECORD, CompactRecord.FRAME);
        if (shape.onStack()) {
            code.store(Size.DOUBLE, RECORD, CompactRecord.HEAD_BYTES, 0);
        }
    }

    private void readThread(BpfCode code) {
        tasks.ifPresentOrElse(known -> known.readThread(code), () -> code.call(Helper.GET_CURRENT_PID_TGID));
    }

    /** Copies 8 bytes of the stack. */
    private static void copy(BpfCode code, int from, Register base, int to) {
        code.load(Size.DOUBLE, Register.R1, Register.R10, from);
        code.store(Size.DOUBLE, base, to, Register.R1);
    }

    private static void writeVariables(BpfCode code, Shape shape) {
        List<SitePlan.Piece> pieces = shape.pieces();
        for (int i = 0; i < pieces.size(); i++) {
            int to = CompactRecord.image(shape) + pieces.get(i).offset();
            int size = pieces.get(i).part().size();
            if (pieces.get(i).part().location() instanceof Location.IntRegister register) {
                code.load(Size.DOUBLE, Register.R1, CONTEXT, INTEGER_ARGUMENTS[register.index()]);
                code.store(Size.of(size), RECORD, to, Register.R1);
            } else if (pieces.get(i).part().location() instanceof Location.StackSlot slot) {
                code.move(Register.R1, RECORD);
                code.alu(Operation.ADD, Register.R1, to);
                code.move(Register.R2, size);
                code.load(Size.DOUBLE, Register.R3, CONTEXT, RSP);
                code.alu(Operation.ADD, Register.R3, shape.frameBytes() + Long.BYTES + slot.offset());
                code.call(Helper.PROBE_READ_USER);
                code.jump(Condition.EQUAL, Register.R0, 0, "read" + i);
                code.load(Register.R1, 1L << i);
                code.load(Size.DOUBLE, Register.R2, RECORD, CompactRecord.HEAD_BYTES);
                code.alu(Operation.ADD, Register.R2, Register.R1);
                code.store(Size.DOUBLE, RECORD, CompactRecord.HEAD_BYTES, Register.R2);
                code.label("read" + i);
            }
        }
    }

    private void writeText(BpfCode code, Shape shape, int i) {
        Shape.Text text = shape.texts().get(i);
        Register bytes = TEXT_BYTES[i];
        code.jump(Condition.EQUAL, bytes, 0, "written" + i);
        code.move(Register.R1, RECORD);
        code.alu(Operation.ADD, Register.R1, CompactRecord.image(shape) + shape.bytes());
        for (int before = 0; before < i; before++) {
            code.alu(Operation.ADD, Register.R1, TEXT_BYTES[before]);
        }
        if (isStaged(text)) {
            for (int at = 0; at < text.most() * text.elementBytes(); at += Long.BYTES) {
                if (at > 0) {
                    code.jump(Condition.LESS_OR_EQUAL, bytes, at, "text" + i);
                }
                code.load(Size.DOUBLE, Register.R2, Register.R10, stage(i) + at);
                code.store(Size.DOUBLE, Register.R1, at, Register.R2);
            }
        } else {
            readText(code, text, i);
        }
        code.label("text" + i);
        if (i < shape.texts().size() - 1) {
            pad(code, bytes);
        }
        code.label("written" + i);
    }

    /** Reads a text to where R1 points to. */
    private static void readText(BpfCode code, Shape.Text text, int i) {
        Register bytes = TEXT_BYTES[i];
        code.move(Register.R2, bytes);
        code.load(Size.DOUBLE, Register.R3, CONTEXT, INTEGER_ARGUMENTS[text.address()]);
        code.call(Helper.PROBE_READ_USER);
        code.jump(Condition.EQUAL, Register.R0, 0, "text" + i);
        code.load(Size.WORD, Register.R1, RECORD, CompactRecord.THREAD);
        code.alu(Operation.OR, Register.R1, CompactRecord.UNREADABLE_TEXT << i);
        code.store(Size.WORD, RECORD, CompactRecord.THREAD, Register.R1);
        code.move(bytes, 0);
        code.jump("written" + i);
    }

    private static int padded(int bytes) {
        return bytes + Long.BYTES - 1 & -Long.BYTES;
    }

    private static void pad(BpfCode code, Register bytes) {
        code.alu(Operation.ADD, bytes, Long.BYTES - 1);
        code.alu(Operation.AND, bytes, -Long.BYTES);
    }
}
