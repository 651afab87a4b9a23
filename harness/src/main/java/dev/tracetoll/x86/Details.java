package dev.tracetoll.x86;

import java.util.List;

/**
 * What is not asked of most instructions. See {@link Instruction} for what it means.
 *
 * @param reads the bits of a {@link RegisterSet}
 * @param writes the bits of a {@link RegisterSet}
 * @param displacementOffset where in the bytes the displacement of an operand in memory is; 0 if there is none
 */
record Details(List<Operand> operands, long reads, long writes, Prefixes prefixes, int displacementOffset) {

    /**
     * What the prefixes say besides the operands.
     *
     * @param repeat whether one repeats the instruction, or stands where such a prefix would
     * @param size whether one makes its operands those of 16 bits
     * @param other whether there is one that locks, or names a segment, or makes addresses those of 32 bits
     * @param wide whether one makes its operands those of 64 bits (REX.W)
     */
    record Prefixes(boolean repeat, boolean size, boolean other, boolean wide) {
        static final Prefixes NONE = new Prefixes(false, false, false, false);
    }
}
