package dev.tracetoll.export;

import dev.tracetoll.compare.ArmFigures;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Run;
import dev.tracetoll.text.Csv;
import dev.tracetoll.text.Lines;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Runs of one environment as a table for Apache Otava, formerly Hunter: a line for each run, a column for each figure; and the configuration that names those
 * columns. Otava takes no table with gaps, so that a figure that a run lacks is left out of all.
 *
 * @see <a href="https://github.com/apache/otava/blob/master/docs/CSV.md">Importing results from CSV</a>
 */
final class OtavaExport {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final String FILE = "otava.csv";

    private OtavaExport() {}

    static Export of(List<Run> runs) {
        Run.requireOneEnvironment(runs, "name those of one");
        List<Run> sorted =
                runs.stream().sorted(Comparator.comparing(Run::started)).toList();
        List<String> leftOut = new ArrayList<>();
        List<Map<String, String>> rows = new ArrayList<>();
        for (Run run : sorted) {
            Costs costs = Costs.of(run);
            leftOut.addAll(costs.leftOut());
            rows.add(figures(run, costs.arms()));
        }
        Set<String> all = new LinkedHashSet<>();
        rows.forEach(row -> all.addAll(row.keySet()));
        List<String> columns = all.stream()
                .filter(column -> rows.stream().allMatch(row -> row.containsKey(column)))
                .toList();
        all.stream()
                .filter(column -> !columns.contains(column))
                .forEach(column -> leftOut.add("left out of all runs: " + column + ", which not all of them have"));
        if (columns.isEmpty()) {
            throw new BadInput(
                    "The runs have no traced arm in common that lost nothing; name runs that measured the same techniques, target and number of calls");
        }
        return new Export(FILE, csv(sorted, rows, columns), Map.of("otava.yaml", configuration(columns)), leftOut);
    }

    private static Map<String, String> figures(Run run, List<Arm> arms) {
        Map<String, String> figures = new LinkedHashMap<>();
        for (Arm arm : arms) {
            String name = ArmName.joined(arm, ".");
            ArmFigures.of(run, arm).ifPresent(of -> {
                figures.put(
                        name + ".overhead_ns", Csv.number(of.overheadPerCallNs().median()));
                figures.put(name + ".ratio", Csv.number(of.ratio().median()));
                of.floors().ifPresent(floors -> figures.put(name + ".floors", Csv.number(floors.median())));
            });
        }
        return figures;
    }

    private static String csv(List<Run> runs, List<Map<String, String>> rows, List<String> columns) {
        List<List<String>> table = new ArrayList<>();
        List<String> header = new ArrayList<>(List.of("time", "commit"));
        header.addAll(columns);
        table.add(header);
        for (int i = 0; i < runs.size(); i++) {
            Map<String, String> row = rows.get(i);
            List<String> line = new ArrayList<>(List.of(
                    TIME.format(runs.get(i).started()),
                    ArmName.word(runs.get(i).tracetoll().commit())));
            columns.forEach(column -> line.add(row.getOrDefault(column, "")));
            table.add(line);
        }
        return Csv.of(table);
    }

    private static String configuration(List<String> columns) {
        List<String> lines = new ArrayList<>(List.of(
                "tests:",
                "  tracetoll:",
                "    type: csv",
                "    file: " + FILE,
                "    time_column: time",
                "    attributes: [commit]",
                "    csv_options:",
                "      delimiter: ','",
                "      quote_char: '\"'",
                "    metrics:"));
        for (String column : columns) {
            lines.add("      " + column + ":");
            lines.add("        column: " + column);
            lines.add("        direction: -1");
        }
        return Lines.joined(lines);
    }
}
