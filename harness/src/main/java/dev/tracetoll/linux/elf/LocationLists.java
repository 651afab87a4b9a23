package dev.tracetoll.linux.elf;

/**
 * Looks over a list of locations before libdw reads it: libdw takes memory for each operation that an expression has, be there millions.
 *
 * <p>Format: the DWARF 5 standard, section 7.7.3, and the DWARF 4 standard, section 7.7.3.
 */
final class LocationLists {

    /** An expression of Go's or C's compilers has some dozens of bytes at most. */
    static final int LONGEST_EXPRESSION = 1 << 10;
    /** Ranges of code of one variable. */
    private static final int MOST_ENTRIES = 1 << 12;

    private static final long SELECTS_BASE = -1;

    private final byte[] bytes;
    private final boolean dwarf5;
    private int at;

    private LocationLists(byte[] bytes, boolean dwarf5) {
        this.bytes = bytes;
        this.dwarf5 = dwarf5;
    }

    /** Those of units of DWARF 5, or of those before. */
    static LocationLists of(ElfFile file, boolean dwarf5) {
        return new LocationLists(file.debugSection(dwarf5 ? "loclists" : "loc").orElse(new byte[0]), dwarf5);
    }

    /** Whether the list at an offset ends within the section, and has expressions of bearable lengths only. */
    boolean isBearable(long offset) {
        if (offset < 0 || offset >= bytes.length) {
            return false;
        }
        at = (int) offset;
        try {
            for (int i = 0; i < MOST_ENTRIES; i++) {
                long expression = dwarf5 ? entry() : pair();
                if (expression < 0) {
                    return true;
                }
                if (expression > LONGEST_EXPRESSION) {
                    return false;
                }
                at += (int) expression;
            }
            return false;
        } catch (IndexOutOfBoundsException e) {
            return false;
        }
    }

    /** Passes over what is before an entry's expression; returns the expression's length, 0 if there is none, or -1 at the end. */
    private long entry() {
        switch (bytes[at++]) {
            // DW_LLE_end_of_list, base_addressx, startx_endx, startx_length, offset_pair, default_location,
            // base_address, start_end, start_length
            case 0:
                return -1;
            case 1:
                unsigned();
                return 0;
            case 2, 3, 4:
                unsigned();
                unsigned();
                return unsigned();
            case 5:
                return unsigned();
            case 6:
                at += Long.BYTES;
                return 0;
            case 7:
                at += 2 * Long.BYTES;
                return unsigned();
            case 8:
                at += Long.BYTES;
                unsigned();
                return unsigned();
            default:
                return Long.MAX_VALUE;
        }
    }

    private long pair() {
        long begin = fixed(Long.BYTES);
        long end = fixed(Long.BYTES);
        return begin == 0 && end == 0 ? -1 : begin == SELECTS_BASE ? 0 : fixed(Short.BYTES);
    }

    private long fixed(int size) {
        long value = 0;
        for (int i = size - 1; i >= 0; i--) {
            value = value << Byte.SIZE | bytes[at + i] & 0xff;
        }
        at += size;
        return value;
    }

    /** What has more than nine bytes is larger than any length. */
    private long unsigned() {
        long value = 0;
        int shift = 0;
        byte next;
        do {
            next = bytes[at++];
            value |= shift < Long.SIZE - 1 ? (long) (next & 0x7f) << shift : 0;
            shift += 7;
        } while (next < 0);
        return value < 0 ? Long.MAX_VALUE : value;
    }
}
