package dev.tracetoll.golang;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where calls of a function cannot be seen, because the compiler put its code in their place.
 *
 * @param function the inlined function
 * @param into how many times it was inlined into each function, by that function's name
 */
public record Inlining(String function, SortedMap<String, Integer> into) {

    private static final int NAMED = 3;

    public Inlining {
        into = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(into));
    }

    /** How many calls were replaced. */
    public int places() {
        return into.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** For people, for example "at 3 places (in main.main, main.run)". */
    public String where() {
        List<String> into = List.copyOf(this.into.keySet());
        return "at " + places() + (places() == 1 ? " place" : " places") + " (in "
                + String.join(", ", into.subList(0, Math.min(NAMED, into.size()))) + (into.size() > NAMED ? ", …" : "")
                + ")";
    }
}
