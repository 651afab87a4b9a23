package dev.tracetoll.process;

/**
 * 8 aligned bytes of code with breakpoints in them: ptrace writes whole words, and an aligned one never reaches into a page that may not
 * be there.
 *
 * @param address where it is in the process, a multiple of 8
 * @param original the program's code
 * @param armed the same with every breakpoint in it
 */
public record CodeWord(long address, long original, long armed) {

    /** The address of the word that a byte belongs to. */
    public static long addressOf(long address) {
        return address & ~7L;
    }

    /** One byte of a word. */
    public static byte byteAt(long word, long address) {
        return (byte) (word >>> shift(address));
    }

    /** A word with one byte replaced. */
    public static long withByte(long word, long address, byte value) {
        return word & ~(0xffL << shift(address)) | (value & 0xffL) << shift(address);
    }

    /** The word with one breakpoint lifted and its neighbours in place. */
    public long lifted(long breakpoint) {
        return withByte(armed, breakpoint, byteAt(original, breakpoint));
    }

    private static int shift(long address) {
        return (int) (address & 7) * Byte.SIZE;
    }
}
