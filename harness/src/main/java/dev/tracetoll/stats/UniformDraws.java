package dev.tracetoll.stats;

/**
 * Draws numbers below a bound: the very numbers that {@code Well19937c} of Apache Commons Math draws from the same seed, in less time, as a
 * bootstrap does little else. What is published was drawn by that.
 *
 * <p>Sources: Panneton, L'Ecuyer, Matsumoto, Improved Long-Period Generators Based on Linear Recurrences Modulo 2, ACM Transactions on
 * Mathematical Software 32, 2006; Lemire, Kaser, Kurz, Faster Remainder by Direct Computation, Software: Practice and Experience 49, 2019.
 */
final class UniformDraws {

    private static final int WORDS = 624;
    private static final int FIRST = 70;
    private static final int SECOND = 179;
    private static final int THIRD = 449;
    /** Made at a time. */
    private static final int STEPS = 4_096;
    /** A number has 31 bits. */
    private static final int BITS = 31;

    /** The state is the words from where it is on; each step moves it down by one, instead of around in a ring. */
    private final int[] state = new int[STEPS + WORDS];

    private final int[] numbers = new int[STEPS];
    private int next = STEPS;

    private int bound = 1;
    private boolean powerOfTwo = true;
    /** 2^64 divided by the bound, rounded up: a product with it has the remainder's share of the bound in its lower half. */
    private long inverse;
    /** Numbers above it would make small ones come more often. */
    private int largest;

    UniformDraws(long seed) {
        state[STEPS] = (int) (seed >>> Integer.SIZE);
        state[STEPS + 1] = (int) seed;
        for (int i = 2; i < WORDS; i++) {
            long before = state[STEPS + i - 2];
            state[STEPS + i] = (int) (1_812_433_253L * (before ^ (before >> 30)) + i);
        }
    }

    /**
     * Draws a number from 0 on.
     *
     * @param bound above it, positive
     */
    int below(int bound) {
        if (bound != this.bound) {
            prepare(bound);
        }
        if (powerOfTwo) {
            return (int) (bound * (long) number() >> BITS);
        }
        int number = number();
        while (number > largest) {
            number = number();
        }
        long share = inverse * number;
        // The share has no sign; what is its highest bit counts as that much less for multiplyHigh.
        return (int) (Math.multiplyHigh(share, bound) + (share >> (Long.SIZE - 1) & bound));
    }

    private void prepare(int bound) {
        this.bound = bound;
        powerOfTwo = Integer.bitCount(bound) == 1;
        inverse = Long.divideUnsigned(-1, bound) + 1;
        largest = (int) ((1L << BITS) / bound * bound - 1);
    }

    private int number() {
        if (next == STEPS) {
            makeNumbers();
            next = 0;
        }
        return numbers[next++];
    }

    private void makeNumbers() {
        int[] state = this.state;
        int[] numbers = this.numbers;
        int current = state[STEPS];
        int last = state[STEPS + WORDS - 1];
        for (int i = STEPS; i > 0; i--) {
            int beforeLast = state[i + WORDS - 2];
            int first = state[i + FIRST];
            int second = state[i + SECOND];
            int third = state[i + THIRD];
            int z0 = 0x80000000 & last ^ 0x7fffffff & beforeLast;
            int z1 = current ^ current << 25 ^ first ^ first >>> 27;
            int z2 = second >>> 9 ^ third ^ third >>> 1;
            int z3 = z1 ^ z2;
            int z4 = z0 ^ z1 ^ z1 << 9 ^ z2 ^ z2 << 21 ^ z3 ^ z3 >>> 21;
            state[i] = z3;
            state[i - 1] = z4;
            current = z4;
            last = beforeLast;
            int tempered = z4 ^ z4 << 7 & 0xe46e1700;
            tempered ^= tempered << 15 & 0x9b868000;
            numbers[STEPS - i] = tempered >>> 1;
        }
        System.arraycopy(state, 0, state, STEPS, WORDS);
    }
}
