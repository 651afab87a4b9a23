package dev.tracetoll.process;

/**
 * Executable memory of a process that nothing uses, or nothing any more.
 *
 * @param start its address, a multiple of 8
 * @param size in bytes
 */
public record SpareCode(long start, long size) {

    private static final long PAGE = 4096;

    public static final SpareCode NONE = new SpareCode(0, 0);

    /** What is left of a page behind the end of code. */
    static SpareCode behind(long end) {
        long start = (end + Long.BYTES - 1) & -Long.BYTES;
        return new SpareCode(start, ((end + PAGE - 1) & -PAGE) - start);
    }

    /** What there is of some code in whole words. */
    static SpareCode within(long start, long bytes) {
        long first = (start + Long.BYTES - 1) & -Long.BYTES;
        return new SpareCode(first, (start + bytes & -Long.BYTES) - first);
    }

    /** What is left of it behind its first bytes, which are a multiple of 8. */
    public SpareCode after(int bytes) {
        return new SpareCode(start + bytes, size - bytes);
    }

    public boolean contains(long address) {
        return Long.compareUnsigned(address - start, size) < 0;
    }
}
