package dev.tracetoll.report;

import dev.tracetoll.results.Run;
import dev.tracetoll.text.Cell;
import dev.tracetoll.text.Column;
import dev.tracetoll.text.Screen;
import dev.tracetoll.text.Table;
import dev.tracetoll.text.TerminalTable;
import java.util.List;
import java.util.Map;

/** The baselines of all environments on a terminal. */
public final class BaselineScreen {

    private final Screen screen;

    /** @param screen where they are shown */
    public BaselineScreen(Screen screen) {
        this.screen = screen;
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
        Table<Map.Entry<String, Run>> table = Table.whole(
                List.copyOf(baselines.entrySet()),
                List.of(
                        Column.name("fingerprint", entry -> Cell.of(entry.getKey())),
                        Column.text(
                                "measured",
                                entry -> Cell.of(entry.getValue().started().toString())),
                        Column.text(
                                "commit",
                                entry -> Cell.of(entry.getValue().tracetoll().commit())),
                        Column.text(
                                "environment",
                                entry -> Cell.of(
                                        EnvironmentLine.of(entry.getValue().environment())))));
        return screen.text(new TerminalTable<>(table, screen).lines());
    }
}
