package dev.tracetoll.tracing.ptrace;

import dev.tracetoll.linux.Registers;
import dev.tracetoll.tracing.ptrace.EmulatedInstruction.Effect;
import dev.tracetoll.tracing.ptrace.EmulatedInstruction.Reach;
import java.util.Optional;

/**
 * Decodes the instructions that can be emulated: branches, nops, moves and simple arithmetic among registers, constants and the stack.
 *
 * <p>Other memory is left to the processor: from outside it cannot be read and written in one piece, as another thread may expect.
 *
 * <p>Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, chapter 2 and appendix A.
 */
final class InstructionDecoder {

    private static final int WIDE = 8;
    private static final int MODRM_REGISTER_BIT = 4;
    private static final int INDEX_BIT = 2;
    private static final int BASE_BIT = 1;

    private static final int ADD = 0;
    private static final int OR = 1;
    private static final int AND = 4;
    private static final int SUB = 5;
    private static final int XOR = 6;
    private static final int CMP = 7;
    private static final int RSP = 4;
    private static final int RBP = 5;

    private final byte[] code;
    private final long next;
    private int at;
    private boolean anyRex;
    private int rex;
    private boolean halfWord;
    private boolean repeated;
    /** Whether an operand is on the stack. */
    private boolean stack;

    // What the ModRM byte and what follows it say.
    private int field;
    private boolean direct;
    private int base;
    private int index;
    private int scale;
    private long displacement;

    private InstructionDecoder(byte[] code, long address) {
        this.code = code;
        this.next = address + code.length;
    }

    /**
     * Compiles an instruction.
     *
     * @param code its bytes, all of them and no more
     * @param address where it is in the process
     * @return empty if it cannot be emulated
     */
    static Optional<EmulatedInstruction> compile(byte[] code, long address) {
        InstructionDecoder decoder = new InstructionDecoder(code, address);
        try {
            return Optional.ofNullable(decoder.decode()).filter(compiled -> decoder.at == code.length);
        } catch (ArrayIndexOutOfBoundsException cutShort) {
            return Optional.empty();
        }
    }

    private EmulatedInstruction decode() {
        while (true) {
            int b = code[at] & 0xff;
            if (b == 0x66) {
                halfWord = true;
            } else if (b == 0xf3) {
                repeated = true;
            } else {
                break;
            }
            at++;
        }
        if ((code[at] & 0xf0) == 0x40) {
            anyRex = true;
            rex = code[at++] & 0xf;
        }
        int opcode = unsigned();
        if (opcode == 0x0f) {
            return twoBytes(unsigned());
        }
        if (repeated) {
            // A repeated return is a return.
            return opcode == 0xc3 && !halfWord ? ret(0) : null;
        }
        // Pushes, branches and returns of 16 bits do not occur.
        boolean ofWords = opcode < 0x50 || opcode >= 0x80 && (opcode & 0xfe) != 0xc2 && (opcode & 0xfc) != 0xe8;
        return !halfWord || ofWords ? oneByte(opcode) : null;
    }

    private EmulatedInstruction oneByte(int opcode) {
        if (opcode < 0x40 && (opcode & 7) < 6) {
            return arithmetic(opcode >> 3, opcode & 7);
        }
        switch (opcode & 0xf8) {
            case 0x50 -> {
                return push(opcode & 7 | extended(BASE_BIT));
            }
            case 0x58 -> {
                return pop(opcode & 7 | extended(BASE_BIT));
            }
            case 0xb0 -> {
                return move(register(opcode & 7 | extended(BASE_BIT), 1), immediate(1, 1));
            }
            case 0xb8 -> {
                return move(register(opcode & 7 | extended(BASE_BIT), size()), immediate(size(), size()));
            }
            default -> {
                // Decoded below.
            }
        }
        if ((opcode & 0xf0) == 0x70) {
            return jumpIf(opcode & 0xf, next + signed(1));
        }
        int size = (opcode & 1) == 0 ? 1 : size();
        int immediate = Math.min(size, Integer.BYTES);
        return switch (opcode) {
            case 0x63 -> modrm().extend(Integer.BYTES, true);
            case 0x80, 0x81 -> modrm().compute(field, operand(size), immediate(size, immediate), size);
            case 0x83 -> modrm().compute(field, operand(size), immediate(size, 1), size);
            case 0x84, 0x85 -> modrm().test(operand(size), registerField(size), size);
            case 0x88, 0x89 -> modrm().move(operand(size), registerField(size));
            case 0x8a, 0x8b -> modrm().move(registerField(size), operand(size));
            case 0x8d -> modrm().lea();
            case 0x90 -> (rex & BASE_BIT) == 0 ? nothing() : null;
            case 0xa8, 0xa9 -> test(register(0, size), immediate(size, immediate), size);
            case 0xc2 -> ret(unsigned() | unsigned() << Byte.SIZE);
            case 0xc3 -> ret(0);
            case 0xc6, 0xc7 -> modrm().field != 0 ? null : move(operand(size), immediate(size, immediate));
            case 0xe8 -> call(next + signed(Integer.BYTES));
            case 0xe9 -> jump(next + signed(Integer.BYTES));
            case 0xeb -> jump(next + signed(1));
            case 0xf6, 0xf7 -> modrm().field != 0 ? null : test(operand(size), immediate(size, immediate), size);
            default -> null;
        };
    }

    private EmulatedInstruction twoBytes(int opcode) {
        if (repeated) {
            // endbr64
            return opcode == 0x1e && at + 1 == code.length && unsigned() == 0xfa ? nothing() : null;
        }
        if ((opcode & 0xf0) == 0x80 && !halfWord) {
            return jumpIf(opcode & 0xf, next + signed(Integer.BYTES));
        }
        return switch (opcode) {
            case 0x1f -> {
                // A nop has an operand that it does not touch.
                at = code.length;
                yield nothing();
            }
            case 0xb6 -> modrm().extend(1, false);
            case 0xb7 -> modrm().extend(Short.BYTES, false);
            case 0xbe -> modrm().extend(1, true);
            case 0xbf -> modrm().extend(Short.BYTES, true);
            default -> null;
        };
    }

    // ---- what instructions do

    private EmulatedInstruction nothing() {
        return jump(next);
    }

    private EmulatedInstruction jump(long target) {
        return new EmulatedInstruction(thread -> thread.registers.instructionPointer(target), Reach.POINTER);
    }

    private EmulatedInstruction jumpIf(int condition, long target) {
        long otherwise = next;
        return new EmulatedInstruction(thread -> thread.registers.instructionPointer(
                Flags.holds(condition, thread.registers.flags()) ? target : otherwise), Reach.POINTER);
    }

    private EmulatedInstruction push(int number) {
        return onStack(thread -> push(thread, thread.registers.general(number), next));
    }

    private EmulatedInstruction call(long target) {
        return onStack(thread -> push(thread, next, target));
    }

    private static void push(StoppedThread thread, long value, long goOnAt) {
        Registers registers = thread.registers;
        long top = registers.stackPointer() - Long.BYTES;
        thread.store(top, Long.BYTES, value);
        if (!thread.failed()) {
            registers.general(RSP, top);
            registers.instructionPointer(goOnAt);
        }
    }

    private EmulatedInstruction pop(int number) {
        return onStack(thread -> {
            long top = thread.registers.stackPointer();
            long value = thread.load(top, Long.BYTES);
            if (!thread.failed()) {
                thread.registers.general(RSP, top + Long.BYTES);
                thread.registers.general(number, value);
                thread.registers.instructionPointer(next);
            }
        });
    }

    private static EmulatedInstruction ret(int arguments) {
        return onStack(thread -> {
            long top = thread.registers.stackPointer();
            long target = thread.load(top, Long.BYTES);
            if (!thread.failed()) {
                thread.registers.general(RSP, top + Long.BYTES + arguments);
                thread.registers.instructionPointer(target);
            }
        });
    }

    private static EmulatedInstruction onStack(Effect effect) {
        return new EmulatedInstruction(effect, Reach.STACK);
    }

    /** What does something between its operands and goes on with the next instruction. */
    private EmulatedInstruction simple(Effect effect) {
        long goOnAt = next;
        return new EmulatedInstruction(thread -> {
            effect.on(thread);
            if (!thread.failed()) {
                thread.registers.instructionPointer(goOnAt);
            }
        }, stack ? Reach.STACK : Reach.REGISTERS);
    }

    private EmulatedInstruction move(Operand to, Operand from) {
        if (to == null || from == null) {
            return null;
        }
        return simple(thread -> {
            long value = from.read(thread);
            if (!thread.failed()) {
                to.write(thread, value);
            }
        });
    }

    private EmulatedInstruction extend(int size, boolean sign) {
        Operand from = operand(size);
        Operand to = registerField(size());
        if (from == null) {
            return null;
        }
        int shift = Long.SIZE - size * Byte.SIZE;
        return simple(thread -> {
            long value = from.read(thread);
            if (!thread.failed()) {
                to.write(thread, sign ? value << shift >> shift : value);
            }
        });
    }

    private EmulatedInstruction test(Operand left, Operand right, int size) {
        if (left == null) {
            return null;
        }
        return simple(thread -> {
            long result = left.read(thread) & right.read(thread);
            if (!thread.failed()) {
                Flags.ofLogic(thread.registers, result, size);
            }
        });
    }

    private EmulatedInstruction arithmetic(int operation, int form) {
        int size = (form & 1) == 0 ? 1 : size();
        if (form >= 4) {
            return compute(operation, register(0, size), immediate(size, Math.min(size, Integer.BYTES)), size);
        }
        modrm();
        return form < 2 ? compute(operation, operand(size), registerField(size), size)
                : compute(operation, registerField(size), operand(size), size);
    }

    private EmulatedInstruction compute(int operation, Operand to, Operand from, int size) {
        if (to == null || from == null || operation == 2 || operation == 3) {
            return null;
        }
        long mask = Operand.mask(size);
        return simple(thread -> {
            long a = to.read(thread);
            long b = from.read(thread);
            long result = mask & switch (operation) {
                case ADD -> a + b;
                case OR -> a | b;
                case AND -> a & b;
                case XOR -> a ^ b;
                default -> a - b;
            };
            if (!thread.failed() && operation != CMP) {
                to.write(thread, result);
            }
            if (thread.failed()) {
                return;
            }
            switch (operation) {
                case ADD -> Flags.ofSum(thread.registers, a, b, result, size);
                case SUB, CMP -> Flags.ofDifference(thread.registers, a, b, result, size);
                default -> Flags.ofLogic(thread.registers, result, size);
            }
        });
    }

    private EmulatedInstruction lea() {
        if (direct) {
            return null;
        }
        Operand to = registerField(size());
        int from = base;
        int scaled = index;
        int shift = scale;
        long constant = displacement;
        return simple(thread -> to.write(thread, constant + (from < 0 ? 0 : thread.registers.general(from))
                + (scaled < 0 ? 0 : thread.registers.general(scaled) << shift)));
    }

    // ---- operands

    private int size() {
        return (rex & WIDE) != 0 ? Long.BYTES : halfWord ? Short.BYTES : Integer.BYTES;
    }

    private int extended(int bit) {
        return (rex & bit) != 0 ? 8 : 0;
    }

    /** Decodes the ModRM byte, and the SIB byte and the displacement if there are any. */
    private InstructionDecoder modrm() {
        int modrm = unsigned();
        int mode = modrm >> 6;
        int number = modrm & 7;
        field = modrm >> 3 & 7;
        direct = mode == 3;
        base = number | extended(BASE_BIT);
        index = -1;
        if (direct) {
            return this;
        }
        boolean constant = mode == 0 && number == RBP;
        if (number == RSP) {
            int sib = unsigned();
            scale = sib >> 6;
            int scaled = sib >> 3 & 7 | extended(INDEX_BIT);
            index = scaled == RSP ? -1 : scaled;
            base = sib & 7 | extended(BASE_BIT);
            constant = mode == 0 && (sib & 7) == RBP;
        }
        displacement = mode == 1 ? signed(1) : mode == 2 || constant ? signed(Integer.BYTES) : 0;
        if (constant) {
            base = -1;
            displacement += number == RSP ? 0 : next;
        }
        return this;
    }

    private Operand registerField(int size) {
        return register(field | extended(MODRM_REGISTER_BIT), size);
    }

    /** Without REX, the bytes numbered 4 to 7 are the second ones of the first four registers. */
    private Operand register(int number, int size) {
        return size == 1 && !anyRex && number >= 4 ? new Operand.HighByte(number - 4) : new Operand.Register(number, size);
    }

    /** The register or the place on the stack that the ModRM byte means; null for other memory. */
    private Operand operand(int size) {
        if (direct) {
            return register(base, size);
        }
        stack = base == RSP && index < 0;
        return stack ? new Operand.Stack((int) displacement, size) : null;
    }

    private Operand immediate(int size, int bytes) {
        return new Operand.Immediate(signed(bytes) & Operand.mask(size));
    }

    private int unsigned() {
        return code[at++] & 0xff;
    }

    private long signed(int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (long) unsigned() << i * Byte.SIZE;
        }
        int shift = Long.SIZE - bytes * Byte.SIZE;
        return value << shift >> shift;
    }
}
