package dev.tracetoll.linux.bpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Assembles a BPF program. Jumps go forwards to labels that are set later. Source of the encoding: {@code Documentation/bpf/standardization/
 * instruction-set.rst}; of the helpers' numbers: {@code enum bpf_func_id} in {@code <linux/bpf.h>}.
 */
public final class BpfCode {

    /** A register, R0 to R10. */
    public enum Register {
        R0,
        R1,
        R2,
        R3,
        R4,
        R5,
        R6,
        R7,
        R8,
        R9,
        R10
    }

    /** How many bytes a load or store moves. */
    public enum Size {
        BYTE(0x10),
        HALF(0x08),
        WORD(0x00),
        DOUBLE(0x18);

        private final int code;

        Size(int code) {
            this.code = code;
        }

        /** That of as many bytes: 1, 2, 4 or 8. */
        public static Size of(int bytes) {
            return switch (bytes) {
                case 1 -> BYTE;
                case 2 -> HALF;
                case 4 -> WORD;
                case 8 -> DOUBLE;
                default -> throw new IllegalArgumentException(bytes + " bytes");
            };
        }
    }

    /** When a jump is taken; comparisons are unsigned unless they say otherwise. */
    public enum Condition {
        ALWAYS(0x00),
        EQUAL(0x10),
        GREATER(0x20),
        GREATER_OR_EQUAL(0x30),
        NOT_EQUAL(0x50),
        LESS(0xa0),
        LESS_OR_EQUAL(0xb0),
        SIGNED_GREATER(0x60),
        SIGNED_LESS_OR_EQUAL(0xd0);

        private final int code;

        Condition(int code) {
            this.code = code;
        }
    }

    /** What is done to a register. */
    public enum Operation {
        ADD(0x00),
        SUBTRACT(0x10),
        MULTIPLY(0x20),
        OR(0x40),
        AND(0x50),
        SHIFT_LEFT(0x60),
        SHIFT_RIGHT(0x70),
        /** The remainder; unsigned. */
        MODULO(0x90),
        XOR(0xa0),
        MOVE(0xb0);

        private final int code;

        Operation(int code) {
            this.code = code;
        }
    }

    /** Functions of the kernel. */
    public enum Helper {
        MAP_LOOKUP_ELEM(1),
        MAP_UPDATE_ELEM(2),
        MAP_DELETE_ELEM(3),
        KTIME_GET_NS(5),
        GET_PRANDOM_U32(7),
        GET_SMP_PROCESSOR_ID(8),
        TAIL_CALL(12),
        GET_CURRENT_PID_TGID(14),
        PROBE_WRITE_USER(36),
        PROBE_READ_USER(112),
        PROBE_READ_USER_STR(114),
        RINGBUF_OUTPUT(130),
        GET_ATTACH_COOKIE(174);

        private final int number;

        Helper(int number) {
            this.number = number;
        }
    }

    private static final int ALU64 = 0x07;
    private static final int JUMP = 0x05;
    private static final int FROM_REGISTER = 0x08;
    private static final int LOAD = 0x61;
    private static final int STORE = 0x63;
    private static final int STORE_IMMEDIATE = 0x62;
    private static final int ATOMIC = 0xdb;
    private static final int COMPARE_AND_EXCHANGE = 0xf1;
    private static final int FETCH_AND_ADD = 0x01;
    private static final int LOAD_IMMEDIATE = 0x18;
    private static final int CALL = 0x85;
    private static final int EXIT = 0x95;
    /** What a {@link #LOAD_IMMEDIATE} has for a source: a map, or the content of one. */
    private static final int PSEUDO_MAP_FD = 1;

    private static final int PSEUDO_MAP_VALUE = 2;
    /** What a {@link #CALL} has for a source if the function is not a helper: the kernel knows it by its type. */
    private static final int PSEUDO_KFUNC_CALL = 2;

    private record Patch(int instruction, String label) {}

    private final List<Long> instructions = new ArrayList<>();
    private final Map<String, Integer> labels = new HashMap<>();
    private final List<Patch> patches = new ArrayList<>();

    private void emit(int opcode, Register to, int from, int offset, int immediate) {
        if (offset != (short) offset) {
            throw new IllegalArgumentException("no instruction has room for the offset " + offset);
        }
        instructions.add(opcode & 0xffL
                | (long) (to.ordinal() | from << 4) << 8
                | (offset & 0xffffL) << 16
                | (long) immediate << 32);
    }

    /** Sets a register. */
    public void move(Register to, int value) {
        alu(Operation.MOVE, to, value);
    }

    /** Copies a register. */
    public void move(Register to, Register from) {
        alu(Operation.MOVE, to, from);
    }

    /** Combines a register with a number. */
    public void alu(Operation operation, Register to, int value) {
        emit(operation.code | ALU64, to, 0, 0, value);
    }

    /** Combines two registers. */
    public void alu(Operation operation, Register to, Register from) {
        emit(operation.code | ALU64 | FROM_REGISTER, to, from.ordinal(), 0, 0);
    }

    /** Loads from memory, the upper bits cleared. */
    public void load(Size size, Register to, Register base, int offset) {
        emit(LOAD | size.code, to, base.ordinal(), offset, 0);
    }

    /** Stores a register. */
    public void store(Size size, Register base, int offset, Register from) {
        emit(STORE | size.code, base, from.ordinal(), offset, 0);
    }

    /** Stores a number, its sign extended. */
    public void store(Size size, Register base, int offset, int value) {
        emit(STORE_IMMEDIATE | size.code, base, 0, offset, value);
    }

    /** Adds a register to 8 bytes in memory, atomically. */
    public void atomicAdd(Register base, int offset, Register value) {
        emit(ATOMIC, base, value.ordinal(), offset, 0);
    }

    /** The same; the register becomes what was in memory before. */
    public void atomicFetchAdd(Register base, int offset, Register value) {
        emit(ATOMIC, base, value.ordinal(), offset, FETCH_AND_ADD);
    }

    /** If 8 bytes in memory are what R0 is, makes them a register's content; R0 is what they were. */
    public void compareAndExchange(Register base, int offset, Register value) {
        emit(ATOMIC, base, value.ordinal(), offset, COMPARE_AND_EXCHANGE);
    }

    /** Loads a 64-bit number. */
    public void load(Register to, long value) {
        wide(to, 0, (int) value, (int) (value >>> 32));
    }

    /** Loads a map, by its descriptor, for a helper. */
    public void loadMap(Register to, int map) {
        wide(to, PSEUDO_MAP_FD, map, 0);
    }

    /** Loads the address of the only element of an array map. */
    public void loadMapValue(Register to, int map, int offset) {
        wide(to, PSEUDO_MAP_VALUE, map, offset);
    }

    private void wide(Register to, int source, int low, int high) {
        emit(LOAD_IMMEDIATE, to, source, 0, low);
        emit(0, Register.R0, 0, 0, high);
    }

    /** Jumps to a label that is still to be set. */
    public void jump(String label) {
        patches.add(new Patch(instructions.size(), label));
        emit(Condition.ALWAYS.code | JUMP, Register.R0, 0, 0, 0);
    }

    /** Jumps if a register compares so with a number. */
    public void jump(Condition condition, Register left, int right, String label) {
        patches.add(new Patch(instructions.size(), label));
        emit(condition.code | JUMP, left, 0, 0, right);
    }

    /** Jumps if two registers compare so. */
    public void jump(Condition condition, Register left, Register right, String label) {
        patches.add(new Patch(instructions.size(), label));
        emit(condition.code | JUMP | FROM_REGISTER, left, right.ordinal(), 0, 0);
    }

    /** Says what jumps to a label lead to. */
    public void label(String label) {
        if (labels.put(label, instructions.size()) != null) {
            throw new IllegalStateException("label " + label + " is set twice");
        }
    }

    /** Calls a function of the kernel; its result is in R0, and R1 to R5 are gone. */
    public void call(Helper helper) {
        emit(CALL, Register.R0, 0, 0, helper.number);
    }

    /**
     * Calls a function that the kernel exports to BPF programs; registers as of {@link #call(Helper)}.
     *
     * @param function from {@link BpfObject#kernelFunction}
     */
    public void callKernel(int function) {
        emit(CALL, Register.R0, PSEUDO_KFUNC_CALL, 0, function);
    }

    /** Ends the program. */
    public void exit() {
        emit(EXIT, Register.R0, 0, 0, 0);
    }

    /** The program's bytes, in the order of this machine. */
    public byte[] assemble() {
        ByteBuffer bytes = ByteBuffer.allocate(instructions.size() * Long.BYTES).order(ByteOrder.nativeOrder());
        instructions.forEach(bytes::putLong);
        for (Patch patch : patches) {
            Integer target = labels.get(patch.label);
            if (target == null) {
                throw new IllegalStateException("label " + patch.label + " is never set");
            }
            int distance = target - patch.instruction - 1;
            if (distance != (short) distance) {
                throw new IllegalStateException("label " + patch.label + " is too far away, by " + distance);
            }
            bytes.putShort(patch.instruction * Long.BYTES + Short.BYTES, (short) distance);
        }
        return bytes.array();
    }
}
