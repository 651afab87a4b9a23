package dev.tracetoll.x86;

import dev.tracetoll.linux.ptrace.Registers;
import dev.tracetoll.x86.EmulatedInstruction.Effect;
import dev.tracetoll.x86.EmulatedInstruction.Reach;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Compiles the instructions that can be emulated: branches, nops, moves and simple arithmetic among registers, constants and the stack.
 *
 * <p>Other memory is left to the processor: from outside it cannot be read and written in one piece, as another thread may expect.
 *
 * <p>Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2.
 */
public final class Emulator {

    private final Instruction instruction;
    private final List<Operand> operands;
    /** How far from where it was decoded for it is. */
    private final long bias;

    private final long next;

    private Emulator(Instruction instruction, long address) {
        this.instruction = instruction;
        this.operands = instruction.operands();
        this.bias = address - instruction.address();
        this.next = address + instruction.length();
    }

    /**
     * Compiles an instruction.
     *
     * @param address where it is in the process, which need not be where it was decoded for
     * @return empty if it cannot be emulated
     */
    public static Optional<EmulatedInstruction> compile(Instruction instruction, long address) {
        return Optional.ofNullable(new Emulator(instruction, address).compile());
    }

    private @Nullable EmulatedInstruction compile() {
        Details.Prefixes prefixes = instruction.prefixes();
        // Pushes, branches and returns of 16 bits do not occur.
        if (prefixes.repeat() || prefixes.other() || prefixes.size() && instruction.flow() != Flow.NEXT) {
            return null;
        }
        return switch (instruction.operation()) {
            case NOP, ENDBR -> jump(next);
            case JMP, JCC -> branch(instruction.target());
            case CALL ->
                instruction.flow() == Flow.CALL ? call(instruction.target().getAsLong() + bias) : null;
            case RET -> ret(operands.isEmpty() ? 0 : (int) ((Operand.Immediate) operands.get(0)).value());
            case PUSH -> push(operands.get(0));
            case POP -> pop(operands.get(0));
            case MOV -> move(operand(0), operand(1));
            case MOVZX -> extend(operand(0), false);
            case MOVSX -> extend(operand(0), true);
            case MOVSXD -> extend(narrowed(operand(0)), true);
            case LEA -> lea((Operand.Memory) operands.get(1));
            case TEST -> test(operand(0), operand(1), operands.get(0).size());
            case ADD, OR, AND, SUB, XOR, CMP ->
                compute(
                        instruction.operation(),
                        operand(0),
                        operand(1),
                        operands.get(0).size());
            default -> null;
        };
    }

    // ---- what instructions do

    private static EmulatedInstruction jump(long target) {
        return new EmulatedInstruction(thread -> thread.registers.instructionPointer(target), Reach.POINTER);
    }

    private @Nullable EmulatedInstruction branch(OptionalLong to) {
        if (to.isEmpty()) {
            return null;
        }
        long target = to.getAsLong() + bias;
        return instruction
                .condition()
                .map(condition -> jumpIf(condition, target))
                .orElseGet(() -> jump(target));
    }

    private EmulatedInstruction jumpIf(Condition condition, long target) {
        long otherwise = next;
        return new EmulatedInstruction(
                thread -> thread.registers.instructionPointer(
                        condition.holds(thread.registers.flags()) ? target : otherwise),
                Reach.POINTER);
    }

    private @Nullable EmulatedInstruction push(Operand operand) {
        if (!isWhole(operand)) {
            return null;
        }
        int number = ((Operand.InRegister) operand).register().number();
        long goOnAt = next;
        return onStack(thread -> push(thread, thread.registers.general(number), goOnAt));
    }

    private EmulatedInstruction call(long target) {
        long returnTo = next;
        return onStack(thread -> push(thread, returnTo, target));
    }

    private static void push(StoppedThread thread, long value, long goOnAt) {
        Registers registers = thread.registers;
        long top = registers.stackPointer() - Long.BYTES;
        thread.store(top, Long.BYTES, value);
        if (!thread.failed()) {
            registers.general(Register.RSP, top);
            registers.instructionPointer(goOnAt);
        }
    }

    private @Nullable EmulatedInstruction pop(Operand operand) {
        if (!isWhole(operand)) {
            return null;
        }
        int number = ((Operand.InRegister) operand).register().number();
        long goOnAt = next;
        return onStack(thread -> {
            long top = thread.registers.stackPointer();
            long value = thread.load(top, Long.BYTES);
            if (!thread.failed()) {
                thread.registers.general(Register.RSP, top + Long.BYTES);
                thread.registers.general(number, value);
                thread.registers.instructionPointer(goOnAt);
            }
        });
    }

    private static EmulatedInstruction ret(int arguments) {
        return onStack(thread -> {
            long top = thread.registers.stackPointer();
            long target = thread.load(top, Long.BYTES);
            if (!thread.failed()) {
                thread.registers.general(Register.RSP, top + Long.BYTES + arguments);
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
        boolean stack =
                operands.stream().anyMatch(operand -> operand instanceof Operand.Memory memory && memory.isOnStack());
        return new EmulatedInstruction(
                thread -> {
                    effect.on(thread);
                    if (!thread.failed()) {
                        thread.registers.instructionPointer(goOnAt);
                    }
                },
                stack && instruction.operation() != Operation.LEA ? Reach.STACK : Reach.REGISTERS);
    }

    private @Nullable EmulatedInstruction move(@Nullable EmulatedOperand to, @Nullable EmulatedOperand from) {
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

    /** libcapstone 4.0.2 takes what {@code movsxd} writes for 64 bits, which it is only with REX.W; of 16 bits nobody makes it. */
    private @Nullable EmulatedOperand narrowed(@Nullable EmulatedOperand to) {
        return instruction.prefixes().wide()
                ? to
                : !instruction.prefixes().size() && to instanceof EmulatedOperand.General register
                        ? new EmulatedOperand.General(register.number(), Integer.BYTES)
                        : null;
    }

    private @Nullable EmulatedInstruction extend(@Nullable EmulatedOperand to, boolean sign) {
        EmulatedOperand from = operand(1);
        if (to == null || from == null) {
            return null;
        }
        int shift = Long.SIZE - operands.get(1).size() * Byte.SIZE;
        return simple(thread -> {
            long value = from.read(thread);
            if (!thread.failed()) {
                to.write(thread, sign ? value << shift >> shift : value);
            }
        });
    }

    private @Nullable EmulatedInstruction test(
            @Nullable EmulatedOperand left, @Nullable EmulatedOperand right, int size) {
        if (left == null || right == null) {
            return null;
        }
        return simple(thread -> {
            long result = left.read(thread) & right.read(thread);
            if (!thread.failed()) {
                Flags.ofLogic(thread.registers, result, size);
            }
        });
    }

    private @Nullable EmulatedInstruction compute(
            Operation operation, @Nullable EmulatedOperand to, @Nullable EmulatedOperand from, int size) {
        if (to == null || from == null) {
            return null;
        }
        long mask = EmulatedOperand.mask(size);
        return simple(thread -> {
            long a = to.read(thread);
            long b = from.read(thread);
            long result = mask
                    & switch (operation) {
                        case ADD -> a + b;
                        case OR -> a | b;
                        case AND -> a & b;
                        case XOR -> a ^ b;
                        default -> a - b;
                    };
            if (!thread.failed() && operation != Operation.CMP) {
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

    private @Nullable EmulatedInstruction lea(Operand.Memory from) {
        EmulatedOperand to = operand(0);
        if (to == null) {
            return null;
        }
        int base = from.isRelative() ? -1 : from.base().map(Register::number).orElse(-1);
        int index = from.index().map(Register::number).orElse(-1);
        int scale = from.scale();
        long constant = from.displacement() + (from.isRelative() ? next : 0);
        return simple(thread -> to.write(
                thread,
                constant
                        + (base < 0 ? 0 : thread.registers.general(base))
                        + (index < 0 ? 0 : thread.registers.general(index) * scale)));
    }

    // ---- operands

    private static boolean isWhole(Operand operand) {
        return operand instanceof Operand.InRegister in
                && in.register().isWhole(in.register().number());
    }

    /** A general register, a place on the stack, or a constant of the first operand's size; null for what is neither. */
    private @Nullable EmulatedOperand operand(int index) {
        Operand operand = operands.get(index);
        if (operand instanceof Operand.InRegister in && in.register().family() == Register.Family.GENERAL) {
            Register register = in.register();
            return register.second()
                    ? new EmulatedOperand.HighByte(register.number())
                    : new EmulatedOperand.General(register.number(), register.size());
        }
        if (operand instanceof Operand.Memory memory && memory.isOnStack()) {
            return new EmulatedOperand.Stack((int) memory.displacement(), memory.size());
        }
        return operand instanceof Operand.Immediate immediate
                ? new EmulatedOperand.Immediate(
                        immediate.value() & EmulatedOperand.mask(operands.get(0).size()))
                : null;
    }
}
