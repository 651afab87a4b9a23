package dev.tracetoll.tracing.inline;

import dev.tracetoll.tracing.DurationBuckets;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.totals.DurationTallies;
import dev.tracetoll.tracing.totals.HitTallies;
import dev.tracetoll.tracing.totals.TotalsFormat;

/**
 * What the code in the process and this process share where there are no records: notes of calls that have not returned, if durations are
 * measured; and copies of the totals, of which each of the runtime's processors has one, and all threads that have none the last.
 *
 * @param address where the process has them
 * @param notesBytes the size of all notes
 * @param processors how many copies there are besides the last
 * @param copyBytes the size of each
 */
record TotalsLayout(long address, int notesBytes, int processors, int copyBytes) {

    /** Notes are kept in buckets, of so many each: a cache line has a word of each. */
    static final int NOTES_OF_BUCKET = 8;

    // In a bucket, a word of each note: a line of them.
    /** Whose the note is, as {@link dev.tracetoll.tracing.record.RecordFormat#GOROUTINE}; 0 if it is nobody's. */
    static final int GOROUTINE = 0;
    /** As {@link dev.tracetoll.tracing.record.RecordFormat#FRAME}. */
    static final int FRAME = NOTES_OF_BUCKET * Long.BYTES;
    /** When the call began, by the processor's time stamp counter. */
    static final int SINCE = 2 * FRAME;
    /** The number of its function. */
    static final int FUNCTION = 3 * FRAME;

    static final int BUCKET_BYTES = 4 * FRAME;
    /** In place of a goroutine: the note is being written. No goroutine has this number, and no stack ends there. */
    static final long WRITING = -1;

    /**
     * How many buckets there are, a power of two. With half a million notes in all, one bucket in four thousand has no room for a call while 131 000
     * are open, and memory is only taken by those that are used.
     */
    static final int BUCKETS_LOG2 = 16;

    /** Those of a function take whole pairs of cache lines, so that no two processors write to the same ones. */
    static final TotalsFormat FORMAT = new TotalsFormat(
            0,
            8,
            16,
            24,
            32,
            40,
            48,
            TotalsFormat.NONE,
            TotalsFormat.NONE,
            TotalsFormat.NONE,
            TotalsFormat.NONE,
            56,
            aligned(56 + DurationBuckets.COUNT * Long.BYTES));

    private static int aligned(int bytes) {
        return bytes + 127 & -128;
    }

    /** @param processors how many there are to be without a need to share */
    static TotalsLayout of(TracePlan plan, Collect collect, int processors) {
        if (collect != Collect.DURATIONS) {
            return new TotalsLayout(0, 0, processors, HitTallies.sitesOfACopy(plan) * Long.BYTES);
        }
        int functions = plan.request().functions().size();
        int copies = DurationTallies.copies(FORMAT, functions, processors + 1);
        return new TotalsLayout(
                0,
                BUCKET_BYTES << BUCKETS_LOG2,
                // Where some would have to share, all do.
                copies > processors ? processors : 0,
                functions * FORMAT.bytes());
    }

    /** The same, mapped there. */
    TotalsLayout at(long where) {
        return new TotalsLayout(where, notesBytes, processors, copyBytes);
    }

    int copies() {
        return processors + 1;
    }

    long size() {
        return notesBytes + (long) copies() * copyBytes;
    }

    /** Where the process has the first copy. */
    long first() {
        return address + notesBytes;
    }

    /** Where it has that of threads without a processor. */
    long last() {
        return first() + (long) processors * copyBytes;
    }
}
