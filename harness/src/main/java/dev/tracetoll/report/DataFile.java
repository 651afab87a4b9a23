package dev.tracetoll.report;

import dev.tracetoll.environment.Environment;
import dev.tracetoll.text.Csv;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Every figure of a report as {@link Csv}, a header line first; exact, as they are calculated. */
final class DataFile {

    private static final List<String> HEADER = List.of(
            "results",
            "environment",
            "experiment",
            "target",
            "arguments",
            "function",
            "calls",
            "placement",
            "arm",
            "quantity",
            "unit",
            "median",
            "low",
            "high");

    private DataFile() {}

    static String of(Contents contents) {
        // What is in a section may stand in the table below it, too.
        Map<Environment, String> fingerprints = new HashMap<>();
        Set<List<String>> lines = new LinkedHashSet<>(List.of(HEADER));
        for (Chapter chapter : contents.whole()) {
            chapter.exhibit()
                    .data()
                    .forEach(datum -> lines.add(line(chapter, fingerprint(chapter, fingerprints), datum)));
            contents.across(chapter).stream()
                    .flatMap(across -> across.data().stream())
                    .forEach(entry -> lines.add(
                            line(entry.getKey(), fingerprint(entry.getKey(), fingerprints), entry.getValue())));
        }
        return Csv.of(lines.stream()
                .map(line -> line.stream().map(DataFile::text).toList())
                .toList());
    }

    /** A digest takes longer than all else in a line. */
    private static String fingerprint(Chapter chapter, Map<Environment, String> known) {
        return known.computeIfAbsent(chapter.provenance().environment(), Environment::fingerprint);
    }

    private static List<String> line(Chapter chapter, String fingerprint, Datum datum) {
        return List.of(
                chapter.name(),
                fingerprint,
                chapter.section(),
                datum.workload().target(),
                String.join(" ", datum.workload().arguments()),
                datum.workload().function(),
                Integer.toString(datum.workload().calls()),
                datum.workload().placement().inWords(),
                datum.arm(),
                datum.quantity().word(),
                datum.quantity().unit(),
                Double.toString(datum.value().median()),
                Double.toString(datum.value().low()),
                Double.toString(datum.value().high()));
    }

    /** What a spreadsheet would take for a formula is taken for text. */
    private static String text(String field) {
        return field.matches("[=+@\\t\\r].*") || field.matches("-(?![0-9I.]).*") ? "'" + field : field;
    }
}
