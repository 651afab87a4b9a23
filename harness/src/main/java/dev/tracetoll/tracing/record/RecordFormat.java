package dev.tracetoll.tracing.record;

import dev.tracetoll.tracing.plan.CaptureLimits;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.plan.TypeTable;

/**
 * The bytes of a captured hit, the same for every technique: a header, then blocks. The first block holds the variables of the site, laid
 * out as {@link SitePlan} says. Each block is read in order, element by element and {@linkplain TypeTable.Reference reference} by reference,
 * and what a reference leads to is appended as a block of its own. So a reader that walks in the same way knows without any pointer which
 * block belongs to which reference.
 *
 * <p>Little-endian; blocks are padded to 8 bytes. {@code bpf/tracetoll.h} has the same offsets, and a test compares them.
 */
public final class RecordFormat {

    public static final int HEADER_BYTES = 56;
    public static final int SITE = 0;
    public static final int THREAD = 4;
    public static final int TIMESTAMP_NS = 8;
    /** A goroutine's id, or {@link #NO_GOROUTINE} with something else. */
    public static final int GOROUTINE = 16;

    public static final int FRAME = 24;
    /** Bit i: part i of the site could not be read. */
    public static final int UNREADABLE = 32;
    /** Where the site is in the process. */
    public static final int ADDRESS = 40;

    public static final int FLAGS = 48;
    public static final int LENGTH = 52;

    /** Not a goroutine's stack; the other bits are the address of its top, or the thread where that is not known. */
    public static final long NO_GOROUTINE = 1L << 63;

    /** The record had no room for every block. */
    public static final int FLAG_FULL = 1;
    /** The stack check is about to grow the stack: the call comes back, and this record has its arguments as they were passed. */
    public static final int FLAG_GROWING = 2;
    /** The call has come back from growing its stack. With {@link #FLAG_GROWING}: to grow it once more. */
    public static final int FLAG_GROWN = 4;

    public static final int BLOCK_HEADER_BYTES = 24;
    public static final int BLOCK_TYPE = 0;
    /** Bytes behind the header; negative: the error that reading them gave. */
    public static final int BLOCK_BYTES = 4;

    /** In {@link #BLOCK_BYTES}: the technique does not follow this reference. No error of the kernel has this number. */
    public static final int NOT_FOLLOWED = -4096;

    public static final int BLOCK_COUNT = 8;
    /** How many pointers may still be followed from here. */
    public static final int BLOCK_DEPTH = 12;
    /** Of an interface's value: the address of its dynamic type's description; of a map's entries: how many the map has. */
    public static final int BLOCK_ADDRESS = 16;

    /** Type of a block whose dynamic type the file does not describe, or of a map whose entries could not be read. */
    public static final int UNKNOWN_TYPE = -1;

    /** No block starts behind this. */
    public static final int LAST_BLOCK_AT = 16 << 10;
    /** The most slots, groups of slots and tables of maps looked at for a record. */
    public static final int MAX_MAP_STEPS = 16 << 10;
    /** The longest record. */
    public static final int MAX_BYTES = LAST_BLOCK_AT + BLOCK_HEADER_BYTES + CaptureLimits.MAX_BLOCK_BYTES;
    /** The most references and blocks visited for a record. */
    public static final int MAX_STEPS = 4096;

    private RecordFormat() {}
}
