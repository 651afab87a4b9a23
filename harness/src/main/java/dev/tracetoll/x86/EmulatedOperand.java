package dev.tracetoll.x86;

import dev.tracetoll.linux.ptrace.Registers;

/** Where an emulated instruction takes a value from or puts it. */
interface EmulatedOperand {

    /** The value, zero-extended. */
    long read(StoppedThread thread);

    void write(StoppedThread thread, long value);

    /** A general register or the low part of one. */
    record General(int number, int size) implements EmulatedOperand {
        @Override
        public long read(StoppedThread thread) {
            return thread.registers.general(number) & mask(size);
        }

        @Override
        public void write(StoppedThread thread, long value) {
            Registers registers = thread.registers;
            // Writing 32 bits clears the upper half, writing fewer leaves the rest.
            registers.general(
                    number,
                    size >= Integer.BYTES
                            ? value & mask(size)
                            : registers.general(number) & ~mask(size) | value & mask(size));
        }
    }

    /** The second byte of RAX, RCX, RDX or RBX. */
    record HighByte(int number) implements EmulatedOperand {
        @Override
        public long read(StoppedThread thread) {
            return thread.registers.general(number) >>> Byte.SIZE & 0xff;
        }

        @Override
        public void write(StoppedThread thread, long value) {
            Registers registers = thread.registers;
            registers.general(number, registers.general(number) & ~0xff00L | (value & 0xff) << Byte.SIZE);
        }
    }

    /** Memory at a distance from the stack pointer. */
    record Stack(int displacement, int size) implements EmulatedOperand {
        @Override
        public long read(StoppedThread thread) {
            return thread.load(thread.registers.stackPointer() + displacement, size) & mask(size);
        }

        @Override
        public void write(StoppedThread thread, long value) {
            thread.store(thread.registers.stackPointer() + displacement, size, value);
        }
    }

    /** A number in the instruction itself. */
    record Immediate(long value) implements EmulatedOperand {
        @Override
        public long read(StoppedThread thread) {
            return value;
        }

        @Override
        public void write(StoppedThread thread, long written) {
            throw new IllegalStateException("an instruction cannot write to itself");
        }
    }

    /** The bits of a value of so many bytes. */
    static long mask(int size) {
        return size == Long.BYTES ? -1 : (1L << size * Byte.SIZE) - 1;
    }
}
