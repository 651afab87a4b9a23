package dev.tracetoll.golang;

/**
 * Where a map keeps its entries: a header leads to groups of {@value #SLOTS} slots. All offsets and sizes are in bytes.
 *
 * @param entry a struct of two fields, the key and the value; either is a {@link GoType.Indirect} where the map has only its address
 */
public record MapLayout(Header header, Group group, TypeRef entry) {

    /** Slots of a group, in every version of Go. */
    public static final int SLOTS = 8;

    /** The largest key or value that is kept in a map itself. Source: {@code src/internal/abi/map.go}, {@code MapMaxKeyBytes}. */
    public static final int LARGEST_DIRECT = 128;

    /** What a map is a pointer to. */
    public sealed interface Header {

        /** Its size. */
        int bytes();

        /** Offset of the number of entries, a word. */
        int length();
    }

    /**
     * The header of a Swiss map, Go's maps since 1.24. A small one has one group and no directory. Source:
     * {@code src/internal/runtime/maps/map.go} and {@code table.go}.
     *
     * @param directory offset of the address of the group or, if the directory has a length, of an array of pointers to tables
     * @param directoryLength offset of that length, a word
     * @param writing offset of the byte that is not 0 while the map is written to
     * @param tableGroups offset, in a table, of the address of its groups
     * @param tableMask offset, in a table, of their number less one, a word
     */
    public record Swiss(
            int bytes, int length, int directory, int directoryLength, int writing, int tableGroups, int tableMask)
            implements Header {}

    /**
     * The header of a map of buckets, Go's maps before. While it grows it has old buckets, too; their entries are marked as they are moved.
     * Source: {@code src/runtime/map.go}, {@code type hmap}.
     *
     * @param flags offset of the byte of flags
     * @param log2 offset of the byte that has the logarithm of the number of buckets
     * @param buckets offset of their address
     * @param oldBuckets offset of the address of the old ones; they are half as many, or as many if a flag says so
     */
    public record Buckets(int bytes, int length, int flags, int log2, int buckets, int oldBuckets) implements Header {}

    /**
     * A group of slots, or a bucket.
     *
     * @param controls offset of a byte for each slot, which says whether it is full
     * @param overflow offset of the address of a further bucket; {@link #NO_OVERFLOW} of a group, which has none
     */
    public record Group(int bytes, int controls, Slots keys, Slots values, int overflow) {

        public static final int NO_OVERFLOW = 0;
    }

    /**
     * The keys, or the values, of a group.
     *
     * @param offset of the first
     * @param stride from one to the next
     */
    public record Slots(int offset, int stride) {}
}
