package dev.tracetoll.report;

import dev.tracetoll.report.TextTable.Column;
import dev.tracetoll.results.Run;
import dev.tracetoll.text.TerminalStyle;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The baselines of all environments on a terminal. */
public final class BaselineTable {

    private final TerminalStyle style;

    /** @param style with or without colours */
    public BaselineTable(TerminalStyle style) {
        this.style = style;
    }

    /**
     * The text, with a line end behind each line.
     *
     * @param baselines by fingerprint
     */
    public String render(Map<String, Run> baselines) {
        if (baselines.isEmpty()) {
            return "no baselines; run ./tracetoll bench, then ./tracetoll baseline adopt RUN\n";
        }
        List<Column<Map.Entry<String, Run>>> columns = List.of(
                new Column<>("fingerprint", false, Map.Entry::getKey),
                new Column<>("measured", false, entry -> entry.getValue().started().toString()),
                new Column<>("commit", false, entry -> entry.getValue().tracetoll().commit()),
                new Column<>("environment", false, entry -> EnvironmentLine.of(entry.getValue().environment())));
        return new TextTable<>(columns, List.copyOf(baselines.entrySet())).lines(style, row -> false).stream()
                .map(line -> line + "\n").collect(Collectors.joining());
    }
}
