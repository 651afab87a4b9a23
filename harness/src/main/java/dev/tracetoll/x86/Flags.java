package dev.tracetoll.x86;

import dev.tracetoll.linux.ptrace.Registers;

/**
 * The arithmetic flags, as the processor computes them.
 *
 * <p>Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 1, 3.4.3.1, and volume 2, the instructions' own pages. The
 * auxiliary carry of a logical operation is undefined there; processors clear it.
 */
final class Flags {

    static final int CARRY = 1;
    static final int PARITY = 1 << 2;
    static final int AUXILIARY = 1 << 4;
    static final int ZERO = 1 << 6;
    static final int SIGN = 1 << 7;
    static final int OVERFLOW = 1 << 11;

    private static final int ARITHMETIC = CARRY | PARITY | AUXILIARY | ZERO | SIGN | OVERFLOW;

    private Flags() {}

    /** After {@code a + b = sum}, all zero-extended from {@code size} bytes. */
    static void ofSum(Registers registers, long a, long b, long sum, int size) {
        set(
                registers,
                sum,
                size,
                Long.compareUnsigned(sum, a) < 0,
                ((a ^ sum) & (b ^ sum)) >>> sign(size),
                a ^ b ^ sum);
    }

    /** After {@code a - b = difference}. */
    static void ofDifference(Registers registers, long a, long b, long difference, int size) {
        set(
                registers,
                difference,
                size,
                Long.compareUnsigned(a, b) < 0,
                ((a ^ b) & (a ^ difference)) >>> sign(size),
                a ^ b ^ difference);
    }

    /** After a logical operation. */
    static void ofLogic(Registers registers, long result, int size) {
        set(registers, result, size, false, 0, 0);
    }

    private static void set(Registers registers, long result, int size, boolean carry, long overflow, long auxiliary) {
        long flags = registers.flags() & ~ARITHMETIC | auxiliary & AUXILIARY;
        if (carry) {
            flags |= CARRY;
        }
        if ((overflow & 1) != 0) {
            flags |= OVERFLOW;
        }
        if (result == 0) {
            flags |= ZERO;
        }
        if ((result >>> sign(size) & 1) != 0) {
            flags |= SIGN;
        }
        if ((Long.bitCount(result & 0xff) & 1) == 0) {
            flags |= PARITY;
        }
        registers.flags(flags);
    }

    private static int sign(int size) {
        return size * Byte.SIZE - 1;
    }
}
