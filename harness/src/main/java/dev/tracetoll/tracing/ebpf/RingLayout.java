package dev.tracetoll.tracing.ebpf;

/**
 * How the room for records is divided into rings.
 *
 * @param rings how many, a power of two
 * @param bytes of each, a power of two and a multiple of the page
 */
record RingLayout(int rings, int bytes) {

    /** More would be slow to put in order; CPUs with the same low bits share one. */
    private static final int MOST_RINGS = 8;
    /** A smaller one would be full before anybody looks. */
    private static final int SMALLEST_RING_BYTES = 1 << 20;

    /**
     * Divides room among CPUs.
     *
     * @param bytes of all rings, a power of two and a multiple of the page
     * @param cpus how many may write at the same time
     */
    static RingLayout of(int bytes, int cpus) {
        int most = Math.max(1, Math.min(MOST_RINGS, bytes / SMALLEST_RING_BYTES));
        int rings = Integer.highestOneBit(Math.min(cpus, most));
        return new RingLayout(rings, bytes / rings);
    }

    /** From the beginning of a ring to that of the next. */
    int stride() {
        return RecordRing.elementBytes(bytes);
    }

    /** Size of the map's only element. */
    int elementBytes() {
        return rings * stride();
    }
}
