package dev.tracetoll.tracing.inline;

/**
 * What the code in the process and this process share: rings of records, one for each of the runtime's processors, of which one thread at a time
 * has one for itself; and a last one for threads that have none.
 *
 * @param address where the process has them
 * @param processors how many rings there are besides the last
 * @param bytes the size of each, a power of two
 * @param hitBytes how much room there is behind each for how often each site was hit: a word of each, by its number; 0 if that is not counted
 */
record RingLayout(long address, int processors, int bytes, int hitBytes) {

    // What is written in the process alone.
    /** How many bytes of records there were. A record is there before it is counted in. */
    static final int PRODUCED = 0;
    /** A byte that is not 0 while a record is written. Who finds it so, a signal's handler in the middle of a record, records nothing. */
    static final int BUSY = 8;

    static final int LOST_CALLS = 16;
    static final int LOST_RETURNS = 24;
    static final int LOST_BYTES = 32;
    /** Calls whose arguments before the growth of their stack found no room. */
    static final int LOST_GROWTHS = 40;
    /** Where registers are kept while others are in them: eight words. */
    static final int SAVED = 48;

    /** Panics and the like that found no room: no events, but they say why calls do not return. */
    static final int LOST_MARKS = 112;
    /**
     * How many bytes of records there were when the ring was found empty the last time: what followed begins at its beginning again, so that a
     * large ring takes no more of the caches than what waits in it. It changes at no other time.
     */
    static final int BEGUN = 120;

    // What is written here alone, two cache lines further on: neighbours are fetched together.
    /** How many bytes of records were read. */
    static final int CONSUMED = 128;

    // What is written in the process alone, where calls are sampled.
    /** Calls of goroutines that are not chosen. */
    static final int LEFT_OUT_CALLS = 256;
    /** Their returns. */
    static final int LEFT_OUT_RETURNS = 264;

    /** The records; each is behind its length, a word, and padded to 8 bytes. */
    static final int RECORDS = 384;
    /** Behind the ring, for the end of a record that begins near its end. */
    static final int SPARE_BYTES = 64 << 10;

    private static final int PAGE = 4096;

    /** Where in a ring it is counted how often each site was hit. */
    int hits() {
        return RECORDS + bytes + SPARE_BYTES;
    }

    /** The same at another address. */
    RingLayout at(long where) {
        return new RingLayout(where, processors, bytes, hitBytes);
    }

    /** The distance from one ring to the next. */
    int stride() {
        return hits() + hitBytes + PAGE - 1 & -PAGE;
    }

    /** Size of all rings. */
    long size() {
        return (long) stride() * (processors + 1);
    }

    /** Where the process has a ring. */
    long ring(int index) {
        return address + (long) stride() * index;
    }
}
