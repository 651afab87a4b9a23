package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.golang.Location;
import dev.tracetoll.golang.RuntimeLayout;
import dev.tracetoll.linux.BpfCode;
import dev.tracetoll.linux.BpfCode.Condition;
import dev.tracetoll.linux.BpfCode.Helper;
import dev.tracetoll.linux.BpfCode.Operation;
import dev.tracetoll.linux.BpfCode.Register;
import dev.tracetoll.linux.BpfCode.Size;
import dev.tracetoll.linux.BpfObject;
import dev.tracetoll.tracing.RecordFormat;
import dev.tracetoll.tracing.SitePlan;
import java.util.List;

/**
 * Compiles a shape to the BPF program that captures it: the same record as {@code on_site} of {@code tracetoll.bpf.c} writes, straight into
 * the ring buffer, without interpreting anything. Whatever is out of the ordinary (a stack that grows, a thread that runs no goroutine) it
 * leaves to {@code on_site} by a tail call, before it has done anything.
 */
final class ShapeCompiler {

    /** RAX, RBX, RCX, RDI, RSI, R8 to R11 in {@code struct pt_regs}, by the index of Go's integer argument registers. */
    private static final int[] INTEGER_ARGUMENTS = {80, 40, 88, 112, 104, 72, 64, 56, 48};
    private static final int R14 = 8;
    private static final int RIP = 128;
    private static final int EFLAGS = 144;
    private static final int RSP = 152;

    private static final Register CONTEXT = Register.R6;
    private static final Register RECORD = Register.R7;
    /** Bytes of each text to capture. */
    private static final Register[] TEXT_BYTES = {Register.R8, Register.R9};

    // The program's stack.
    private static final int FRAME = -8;
    private static final int GOROUTINE = -16;
    private static final int TIMESTAMP_NS = -24;
    private static final int END = -32;
    private static final int[] COUNT = {-40, -48};
    private static final int STACK_END = -48;

    /** A text gets the smallest of these rooms that it fits into, or as much as is captured at most. */
    private static final int[] ROOMS = {16, 64, 256};

    private static final int FIRST_BLOCK = RecordFormat.HEADER_BYTES;
    private static final int IMAGE = FIRST_BLOCK + RecordFormat.BLOCK_HEADER_BYTES;

    private final BpfObject object;
    private final RuntimeLayout runtime;
    private final int depth;
    private final boolean wakeups;

    /**
     * @param object whose maps the programs use; loaded
     * @param depth how many pointers are followed
     * @param wakeups whether each record wakes the consumer
     */
    ShapeCompiler(BpfObject object, RuntimeLayout runtime, int depth, boolean wakeups) {
        this.object = object;
        this.runtime = runtime;
        this.depth = depth;
        this.wakeups = wakeups;
    }

    /** The program; the high half of its cookie is the type of the first block. */
    byte[] compile(Shape shape) {
        BpfCode code = new BpfCode();
        code.move(CONTEXT, Register.R1);
        leaveGrowing(code, shape);
        readGoroutine(code, shape.frameBytes());
        code.call(Helper.KTIME_GET_NS);
        code.store(Size.DOUBLE, Register.R10, TIMESTAMP_NS, Register.R0);
        for (int i = 0; i < shape.texts().size(); i++) {
            measure(code, shape.texts().get(i), i);
        }
        reserve(code, shape);
        writeHeader(code, shape);
        writeVariables(code, shape);
        for (int i = 0; i < shape.texts().size(); i++) {
            writeText(code, shape.texts().get(i), i);
        }
        code.load(Size.DOUBLE, Register.R1, Register.R10, END);
        code.store(Size.WORD, RECORD, RecordFormat.LENGTH, Register.R1);
        code.move(Register.R1, RECORD);
        code.move(Register.R2, wakeups ? Contract.RB_FORCE_WAKEUP : Contract.RB_NO_WAKEUP);
        code.call(Helper.RINGBUF_SUBMIT);
        code.move(Register.R0, 0);
        code.exit();

        code.label("interpret");
        code.move(Register.R1, CONTEXT);
        code.loadMap(Register.R2, object.mapFd("interpreter"));
        code.move(Register.R3, 0);
        code.call(Helper.TAIL_CALL);
        // Reached if the interpreter is not there, which would be lost hits.
        code.label("lost");
        code.loadMapValue(Register.R1, object.mapFd("counters"), 0);
        code.move(Register.R2, 1);
        code.atomicAdd(Register.R1, shape.isReturn() ? Contract.COUNTERS_LOST_RETURNS : Contract.COUNTERS_LOST_CALLS, Register.R2);
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
        code.loadMapValue(Register.R1, object.mapFd("counters"), Contract.COUNTERS_GROWING_NOW);
        code.load(Size.DOUBLE, Register.R1, Register.R1, 0);
        code.jump(Condition.NOT_EQUAL, Register.R1, 0, "interpret");
    }

    /** One copy of what is wanted of runtime.g: its head with the stack's bounds, up to the id. */
    private void readGoroutine(BpfCode code, int frameBytes) {
        int low = runtime.stackHiOffset() - Long.BYTES;
        int from = Math.min(low, runtime.goidOffset());
        int bytes = Math.max(runtime.stackHiOffset(), runtime.goidOffset()) + Long.BYTES - from;
        int g = STACK_END - (bytes + Long.BYTES - 1 & -Long.BYTES);
        code.move(Register.R1, Register.R10);
        code.alu(Operation.ADD, Register.R1, g);
        code.move(Register.R2, bytes);
        code.load(Size.DOUBLE, Register.R3, CONTEXT, R14);
        code.alu(Operation.ADD, Register.R3, from);
        code.call(Helper.PROBE_READ_USER);
        code.jump(Condition.NOT_EQUAL, Register.R0, 0, "interpret");
        code.load(Size.DOUBLE, Register.R1, CONTEXT, RSP);
        code.load(Size.DOUBLE, Register.R2, Register.R10, g + low - from);
        code.jump(Condition.LESS, Register.R1, Register.R2, "interpret");
        code.load(Size.DOUBLE, Register.R2, Register.R10, g + runtime.stackHiOffset() - from);
        code.alu(Operation.ADD, Register.R1, frameBytes + Long.BYTES);
        code.jump(Condition.GREATER, Register.R1, Register.R2, "interpret");
        code.alu(Operation.SUBTRACT, Register.R2, Register.R1);
        code.store(Size.DOUBLE, Register.R10, FRAME, Register.R2);
        code.load(Size.DOUBLE, Register.R1, Register.R10, g + runtime.goidOffset() - from);
        code.jump(Condition.EQUAL, Register.R1, 0, "interpret");
        code.store(Size.DOUBLE, Register.R10, GOROUTINE, Register.R1);
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
        code.store(Size.DOUBLE, Register.R10, COUNT[i], bytes);
        if (text.elementBytes() > 1) {
            code.alu(Operation.MULTIPLY, bytes, text.elementBytes());
        }
    }

    /**
     * The kernel wants a size that is known when the program is loaded, so there is one for each combination of rooms. The verifier follows
     * each on its own, and knows on each how long the texts can be.
     */
    private void reserve(BpfCode code, Shape shape) {
        reserve(code, shape, 0, IMAGE + shape.bytes(), "");
        code.label("reserve");
        code.loadMap(Register.R1, object.mapFd("events"));
        code.move(Register.R3, 0);
        code.call(Helper.RINGBUF_RESERVE);
        code.jump(Condition.EQUAL, Register.R0, 0, "lost");
        code.move(RECORD, Register.R0);
    }

    private void reserve(BpfCode code, Shape shape, int text, int bytes, String path) {
        if (text == shape.texts().size()) {
            code.move(Register.R2, bytes);
            code.jump("reserve");
            return;
        }
        int most = shape.texts().get(text).mostBytes();
        // The verifier does not see that rounding up to 8 adds nothing to what is a multiple of 8: it wants room behind all but the last.
        int header = RecordFormat.BLOCK_HEADER_BYTES + (text + 1 < shape.texts().size() ? Long.BYTES : 0);
        for (int room : ROOMS) {
            if (room < most) {
                String larger = "room" + path + "." + room;
                code.jump(Condition.GREATER, TEXT_BYTES[text], room, larger);
                reserve(code, shape, text + 1, bytes + header + room, path + "." + room);
                code.label(larger);
            }
        }
        reserve(code, shape, text + 1, bytes + header + (most + Long.BYTES - 1 & -Long.BYTES), path + ".most");
    }

    private void writeHeader(BpfCode code, Shape shape) {
        code.move(Register.R1, CONTEXT);
        code.call(Helper.GET_ATTACH_COOKIE);
        code.store(Size.WORD, RECORD, RecordFormat.SITE, Register.R0);
        code.alu(Operation.SHIFT_RIGHT, Register.R0, Integer.SIZE);
        code.store(Size.WORD, RECORD, FIRST_BLOCK + RecordFormat.BLOCK_TYPE, Register.R0);
        code.call(Helper.GET_CURRENT_PID_TGID);
        code.store(Size.WORD, RECORD, RecordFormat.THREAD, Register.R0);
        copy(code, Register.R10, TIMESTAMP_NS, RecordFormat.TIMESTAMP_NS);
        copy(code, Register.R10, GOROUTINE, RecordFormat.GOROUTINE);
        copy(code, Register.R10, FRAME, RecordFormat.FRAME);
        copy(code, CONTEXT, RIP, RecordFormat.ADDRESS);
        code.store(Size.DOUBLE, RECORD, RecordFormat.UNREADABLE, 0);
        code.store(Size.WORD, RECORD, RecordFormat.FLAGS, 0);
        code.store(Size.WORD, RECORD, FIRST_BLOCK + RecordFormat.BLOCK_BYTES, shape.bytes());
        code.store(Size.WORD, RECORD, FIRST_BLOCK + RecordFormat.BLOCK_COUNT, 1);
        code.store(Size.WORD, RECORD, FIRST_BLOCK + RecordFormat.BLOCK_DEPTH, depth);
        code.store(Size.DOUBLE, RECORD, FIRST_BLOCK + RecordFormat.BLOCK_ADDRESS, 0);
        code.store(Size.DOUBLE, Register.R10, END, IMAGE + shape.bytes());
    }

    private static void copy(BpfCode code, Register base, int offset, int to) {
        code.load(Size.DOUBLE, Register.R1, base, offset);
        code.store(Size.DOUBLE, RECORD, to, Register.R1);
    }

    private static void writeVariables(BpfCode code, Shape shape) {
        List<SitePlan.Piece> pieces = shape.pieces();
        for (int i = 0; i < pieces.size(); i++) {
            int to = IMAGE + pieces.get(i).offset();
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
                code.load(Size.DOUBLE, Register.R2, RECORD, RecordFormat.UNREADABLE);
                code.alu(Operation.ADD, Register.R2, Register.R1);
                code.store(Size.DOUBLE, RECORD, RecordFormat.UNREADABLE, Register.R2);
                code.label("read" + i);
            }
        }
    }

    private void writeText(BpfCode code, Shape.Text text, int i) {
        Register bytes = TEXT_BYTES[i];
        code.jump(Condition.EQUAL, bytes, 0, "written" + i);
        block(code);
        code.store(Size.WORD, Register.R2, RecordFormat.BLOCK_TYPE, text.type());
        code.store(Size.WORD, Register.R2, RecordFormat.BLOCK_BYTES, bytes);
        code.load(Size.DOUBLE, Register.R1, Register.R10, COUNT[i]);
        code.store(Size.WORD, Register.R2, RecordFormat.BLOCK_COUNT, Register.R1);
        code.store(Size.WORD, Register.R2, RecordFormat.BLOCK_DEPTH, depth);
        code.store(Size.DOUBLE, Register.R2, RecordFormat.BLOCK_ADDRESS, 0);
        code.move(Register.R1, Register.R2);
        code.alu(Operation.ADD, Register.R1, RecordFormat.BLOCK_HEADER_BYTES);
        code.move(Register.R2, bytes);
        code.load(Size.DOUBLE, Register.R3, CONTEXT, INTEGER_ARGUMENTS[text.address()]);
        code.call(Helper.PROBE_READ_USER);
        code.jump(Condition.EQUAL, Register.R0, 0, "text" + i);
        block(code);
        code.store(Size.WORD, Register.R2, RecordFormat.BLOCK_BYTES, Register.R0);
        code.move(bytes, 0);
        code.label("text" + i);
        code.alu(Operation.ADD, bytes, RecordFormat.BLOCK_HEADER_BYTES + Long.BYTES - 1);
        code.alu(Operation.AND, bytes, -Long.BYTES);
        code.load(Size.DOUBLE, Register.R1, Register.R10, END);
        code.alu(Operation.ADD, Register.R1, bytes);
        code.store(Size.DOUBLE, Register.R10, END, Register.R1);
        code.label("written" + i);
    }

    /** R2 is where the next block goes. */
    private static void block(BpfCode code) {
        code.load(Size.DOUBLE, Register.R1, Register.R10, END);
        code.move(Register.R2, RECORD);
        code.alu(Operation.ADD, Register.R2, Register.R1);
    }
}
