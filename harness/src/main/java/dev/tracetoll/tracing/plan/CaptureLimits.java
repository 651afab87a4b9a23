package dev.tracetoll.tracing.plan;

/** How much of a hit can be captured: what any technique can write, and any reader has room for. */
public final class CaptureLimits {

    /** The most bytes of a site's variables together, and of what a reference leads to; {@code TT_MAX_BLOCK_BYTES} of {@code bpf/tracetoll.h}. */
    public static final int MAX_BLOCK_BYTES = 4096;
    /** The most parts of a site's variables; {@code TT_MAX_PARTS} of {@code bpf/tracetoll.h}. */
    public static final int MAX_PARTS = 64;

    /** The largest header of a map that is read; {@code TT_MAX_MAP_HEADER_BYTES} of {@code bpf/tracetoll.h}. */
    public static final int MAX_MAP_HEADER_BYTES = 64;

    private CaptureLimits() {}

    /** A size with what fills it up to the next 8 bytes, as everything in a record is. */
    public static int padded(int bytes) {
        return bytes + Long.BYTES - 1 & -Long.BYTES;
    }
}
