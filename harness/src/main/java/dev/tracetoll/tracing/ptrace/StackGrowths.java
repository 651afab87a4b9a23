package dev.tracetoll.tracing.ptrace;

import dev.tracetoll.tracing.record.RecordFormat;
import java.util.HashMap;
import java.util.Map;

/** Which calls are growing their stacks, so that their records can be told from those of the same calls when they have come back. */
final class StackGrowths {

    private record Growing(int site, long frame) {}

    private final Map<Long, Growing> growing = new HashMap<>();

    /** The process has executed a program: nothing of before grows on. */
    void clear() {
        growing.clear();
    }

    /**
     * Flags of the record of a hit on the branch of a stack check.
     *
     * @param goroutine as in the record
     * @param frame as in the record
     * @param grows whether the branch will be taken
     */
    int flags(long goroutine, int site, long frame, boolean grows) {
        if (!grows && growing.isEmpty()) {
            return 0;
        }
        Growing growth = new Growing(site, frame);
        boolean again = grows ? growth.equals(growing.put(goroutine, growth)) : growing.remove(goroutine, growth);
        return (grows ? RecordFormat.FLAG_GROWING : 0) | (again ? RecordFormat.FLAG_GROWN : 0);
    }
}
