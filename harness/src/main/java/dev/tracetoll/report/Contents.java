package dev.tracetoll.report;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a report consists of. Of several results of one kind the newest has a section; the others are compared with it.
 *
 * @param all every result, under names that are all different
 * @param whole those with a section, in the order in which they were given
 */
record Contents(List<Chapter> all, List<Chapter> whole) {

    static Contents of(List<Chapter> chapters) {
        List<Chapter> all = new ArrayList<>();
        Map<String, Integer> names = new HashMap<>();
        Set<Map<String, ByteBuffer>> known = new HashSet<>();
        for (Chapter chapter : chapters) {
            // What was named twice is shown once.
            if (known.add(content(chapter))) {
                int clash = names.merge(chapter.name(), 1, Integer::sum);
                all.add(clash == 1 ? chapter : chapter.named(chapter.name() + "-" + clash));
            }
        }
        Map<String, Chapter> newest = new LinkedHashMap<>();
        Comparator<Chapter> byTime =
                Comparator.comparing(chapter -> chapter.provenance().started());
        all.forEach(chapter -> newest.merge(
                chapter.section(), chapter, (first, second) -> byTime.compare(first, second) < 0 ? second : first));
        return new Contents(List.copyOf(all), List.copyOf(newest.values()));
    }

    /** Its files, as what can be compared. */
    private static Map<String, ByteBuffer> content(Chapter chapter) {
        Map<String, ByteBuffer> content = new HashMap<>();
        chapter.files().forEach((name, bytes) -> content.put(name, ByteBuffer.wrap(bytes)));
        return content;
    }

    /** What there is to compare a result with that has a section. */
    Optional<Across> across(Chapter first) {
        return Across.of(likewise(first));
    }

    /** The results of the same kind as one that has a section, that one first, the others from the newest to the oldest. */
    private List<Chapter> likewise(Chapter first) {
        List<Chapter> others = new ArrayList<>(List.of(first));
        all.stream()
                .filter(chapter -> chapter.section().equals(first.section()) && !chapter.equals(first))
                .sorted(Comparator.comparing(
                                (Chapter chapter) -> chapter.provenance().started())
                        .reversed())
                .forEach(others::add);
        return others;
    }
}
