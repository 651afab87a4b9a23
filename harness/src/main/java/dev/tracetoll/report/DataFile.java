package dev.tracetoll.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Every figure of a report as comma-separated values (RFC 4180), a header line first; exact, as they are calculated. */
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
        List<List<String>> lines = new ArrayList<>(List.of(HEADER));
        for (Chapter chapter : contents.whole()) {
            chapter.exhibit().data().forEach(datum -> lines.add(line(chapter, datum)));
            contents.across(chapter).stream()
                    .flatMap(across -> across.data().stream())
                    .map(entry -> line(entry.getKey(), entry.getValue()))
                    .filter(line -> !lines.contains(line))
                    .forEach(lines::add);
        }
        return lines.stream()
                .map(line -> line.stream().map(DataFile::field).collect(Collectors.joining(",", "", "\n")))
                .collect(Collectors.joining());
    }

    private static List<String> line(Chapter chapter, Datum datum) {
        return List.of(
                chapter.name(),
                chapter.provenance().environment().fingerprint(),
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
    private static String field(String text) {
        String safe = text.matches("[=+@\\t\\r].*") || text.matches("-(?![0-9I.]).*") ? "'" + text : text;
        return safe.matches("(?s).*[\",\\r\\n].*") ? "\"" + safe.replace("\"", "\"\"") + "\"" : safe;
    }
}
