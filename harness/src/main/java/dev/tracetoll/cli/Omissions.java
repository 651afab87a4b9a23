package dev.tracetoll.cli;

import java.util.Map;
import java.util.TreeMap;

/** Which calls were left out, by their ids. They are left out one after the other while nobody reads, so that ranges of ids are few. */
final class Omissions {

    /** The first and the last id of each range. */
    private final TreeMap<Long, Long> ranges = new TreeMap<>();

    /** Leaves out a call; ids ascend. */
    void add(long id) {
        Map.Entry<Long, Long> last = ranges.lastEntry();
        ranges.put(last != null && last.getValue() == id - 1 ? last.getKey() : id, id);
    }

    boolean contains(long id) {
        if (ranges.isEmpty()) {
            return false;
        }
        Map.Entry<Long, Long> range = ranges.floorEntry(id);
        return range != null && id <= range.getValue();
    }
}
