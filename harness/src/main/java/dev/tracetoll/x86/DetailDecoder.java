package dev.tracetoll.x86;

import dev.tracetoll.linux.capstone.InstructionDetails;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the {@link Details} of instructions.
 *
 * <p>There is one for the whole process, never closed: instructions are asked for details when what decoded them may be gone.
 */
final class DetailDecoder {

    private static final int LOCK = 0xf0;
    /** What libcapstone calls the register with the flags. */
    private static final String FLAGS = "rflags";
    /** REX.W. */
    private static final int WIDE = 8;

    private static final class Shared {
        static final DetailDecoder DECODER = new DetailDecoder();
    }

    private final InstructionDetails decoded = new InstructionDetails();
    /** By libcapstone's numbers, made from its names as they come. */
    private NamedRegister[] registers = new NamedRegister[0];

    /** A register in all the forms in which it is handed out. */
    private record NamedRegister(
            Optional<Register> register, @Nullable Operand operand, long bit) {
        static final NamedRegister NONE = new NamedRegister(Optional.empty(), null, 0);
    }

    private DetailDecoder() {}

    static Details of(Instruction instruction) {
        synchronized (Shared.DECODER) {
            return Shared.DECODER.details(instruction);
        }
    }

    /** Its mnemonic and operands in Intel syntax. */
    static String textOf(Instruction instruction) {
        synchronized (Shared.DECODER) {
            Shared.DECODER.decode(instruction);
            return Shared.DECODER.decoded.text();
        }
    }

    private void decode(Instruction instruction) {
        if (!decoded.decode(instruction.bytes(), instruction.address())) {
            throw new IllegalStateException(
                    "what was an instruction at 0x" + Long.toHexString(instruction.address()) + " is none any more");
        }
    }

    private Details details(Instruction instruction) {
        decode(instruction);
        int count = decoded.operandCount();
        Operand[] operands = new Operand[count];
        long reads = 0;
        long writes = 0;
        for (int i = 0; i < count; i++) {
            int type = decoded.operandType(i);
            if (type == InstructionDetails.REGISTER) {
                NamedRegister register = register(decoded.operandRegister(i));
                int access = decoded.operandAccess(i);
                reads |= (access & InstructionDetails.READS) != 0 || readsAll(instruction) ? register.bit : 0;
                writes |= (access & InstructionDetails.WRITES) != 0 ? register.bit : 0;
                operands[i] = register.operand;
            } else if (type == InstructionDetails.MEMORY) {
                reads |= register(decoded.operandBase(i)).bit | register(decoded.operandIndex(i)).bit;
                operands[i] = memory(i);
            } else {
                operands[i] = new Operand.Immediate(decoded.operandImmediate(i), decoded.operandSize(i));
            }
        }
        for (int i = decoded.readCount() - 1; i >= 0; i--) {
            reads |= register(decoded.read(i)).bit;
        }
        for (int i = decoded.writtenCount() - 1; i >= 0 && instruction.operation() != Operation.VZEROUPPER; i--) {
            writes |= register(decoded.written(i)).bit;
        }
        if (instruction.operation() == Operation.TEST) {
            writes |= RegisterSet.bit(Register.named(FLAGS));
        }
        return new Details(List.of(operands), reads, writes, prefixes(instruction), decoded.displacementOffset());
    }

    /**
     * Whether all registers that are its operands are read, whatever libcapstone says: 5.0.7 leaves it out of {@code test} of a byte in memory,
     * as that it writes flags, and of what a move of 32 bits on a condition leaves as it was. 4.0.2 has both.
     */
    private static boolean readsAll(Instruction instruction) {
        return instruction.operation() == Operation.TEST || instruction.operation() == Operation.CMOV;
    }

    private Operand memory(int i) {
        Optional<Register> index = register(decoded.operandIndex(i)).register;
        // The pseudo-registers riz and eiz say that there is none.
        boolean indexed = index.isPresent() && index.get().family() != Register.Family.OTHER;
        return new Operand.Memory(
                decoded.operandSegment(i) != 0,
                register(decoded.operandBase(i)).register,
                indexed ? index : Optional.empty(),
                decoded.operandScale(i),
                decoded.operandDisplacement(i),
                decoded.operandSize(i));
    }

    private Details.Prefixes prefixes(Instruction instruction) {
        // Nothing repeats a return, which old compilers begin so for old processors; libcapstone 5 names the prefix all
        // the same.
        int first = instruction.operation() == Operation.RET ? 0 : decoded.prefix(InstructionDetails.REPEAT_PREFIX);
        int segment = decoded.prefix(InstructionDetails.SEGMENT_PREFIX);
        int size = decoded.prefix(InstructionDetails.SIZE_PREFIX);
        int address = decoded.prefix(InstructionDetails.ADDRESS_PREFIX);
        boolean wide = (decoded.rex() & WIDE) != 0;
        return (first | segment | size | address) == 0 && !wide
                ? Details.Prefixes.NONE
                : new Details.Prefixes(
                        first != 0 && first != LOCK, size != 0, first == LOCK || segment != 0 || address != 0, wide);
    }

    private NamedRegister register(int number) {
        if (number == 0) {
            return NamedRegister.NONE;
        }
        if (number >= registers.length) {
            registers = Arrays.copyOf(registers, Math.max(number + 1, 2 * registers.length));
        }
        if (registers[number] == null) {
            Register register = Register.named(decoded.registerName(number));
            registers[number] = new NamedRegister(
                    Optional.of(register), new Operand.InRegister(register), RegisterSet.bit(register));
        }
        return registers[number];
    }
}
