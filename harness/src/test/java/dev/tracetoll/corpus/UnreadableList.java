package dev.tracetoll.corpus;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a tracer may report as unreadable. Every entry must be needed, so that the list can only shrink.
 *
 * <p>Each line has five regular expressions that must match as a whole, separated by blanks: backend, build, function, location, and, up to
 * the end of the line, the reason given. Lines that start with {@code #} are comments.
 */
final class UnreadableList {

    /** The reason of a blank parameter that is not reported at all. */
    static final String ABSENT = "absent";

    private static final int COLUMNS = 5;

    private record Entry(String line, List<Pattern> columns) {
        boolean matches(String... texts) {
            for (int i = 0; i < COLUMNS; i++) {
                if (!columns.get(i).matcher(texts[i]).matches()) {
                    return false;
                }
            }
            return true;
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    private final Set<Entry> needed = new LinkedHashSet<>();

    /**
     * Reads a list.
     *
     * @throws IllegalArgumentException if a line does not have five columns
     */
    UnreadableList(List<String> lines) {
        for (String line : lines) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] columns = line.strip().split("\\s+", COLUMNS);
            if (columns.length != COLUMNS) {
                throw new IllegalArgumentException("not backend, build, function, location and reason: " + line);
            }
            entries.add(new Entry(
                    line, List.of(columns).stream().map(Pattern::compile).toList()));
        }
    }

    /**
     * Whether a value may be unreadable.
     *
     * @param build the program's build, for example {@code go1.26.8-optimised}
     * @param location the kinds from the variable down to the value, for example {@code argument/struct/slice}
     */
    boolean allows(String backend, String build, String function, String location, String why) {
        boolean allowed = false;
        for (Entry entry : entries) {
            if (entry.matches(backend, build, function, location, why)) {
                needed.add(entry);
                allowed = true;
            }
        }
        return allowed;
    }

    /** The lines that no value has needed so far. */
    List<String> notNeeded() {
        return entries.stream()
                .filter(entry -> !needed.contains(entry))
                .map(Entry::line)
                .toList();
    }
}
