package dev.tracetoll.x86;

import java.util.Optional;

/** An operand as an instruction names it. */
public sealed interface Operand {

    /** How many bytes it has. */
    int size();

    /** A register or a part of one. */
    record InRegister(Register register) implements Operand {
        @Override
        public int size() {
            return register.size();
        }
    }

    /** A number that is part of the instruction; of a direct branch the address it leads to. */
    record Immediate(long value, int size) implements Operand {}

    /**
     * Memory at the sum of what there is of these.
     *
     * @param segment whether a segment register is named
     * @param base a register, which may be the instruction pointer: then it is that of the next instruction
     * @param index a register that is multiplied
     * @param scale by what
     * @param displacement a constant
     */
    record Memory(
            boolean segment, Optional<Register> base, Optional<Register> index, int scale, long displacement, int size)
            implements Operand {

        /** Whether the address depends on where the instruction is. */
        public boolean isRelative() {
            return base.isPresent() && base.get().family() == Register.Family.INSTRUCTION_POINTER;
        }

        /** Whether it is at a constant distance from the stack pointer. */
        public boolean isOnStack() {
            return !segment && index.isEmpty() && base.isPresent() && base.get().isWhole(Register.RSP);
        }
    }
}
