package dev.tracetoll.report;

import dev.tracetoll.text.Screen;
import dev.tracetoll.text.TerminalTable;
import java.util.ArrayList;
import java.util.List;

/** Two runs that were compared, on a terminal: a table for each workload, what is to be known of single arms, the verdict last. */
public final class ChangeScreen {

    private final Screen screen;

    /** @param screen where one table does not fit, its right part goes below */
    public ChangeScreen(Screen screen) {
        this.screen = screen;
    }

    /** The text, with a line end behind each line. */
    public String render(Changes changes) {
        List<String> lines = new ArrayList<>();
        lines.add(screen.style().bold(changes.title()));
        changes.runs().forEach(run -> lines.addAll(screen.wrapped(run, "     ")));
        changes.differences().ifPresent(words -> lines.addAll(wrapped(words)));
        lines.addAll(wrapped(changes.method()));
        changes.byWorkload().forEach((workload, rows) -> {
            lines.add("");
            screen.wrapped(WorkloadWords.of(workload), "  ")
                    .forEach(line -> lines.add(screen.style().bold(line)));
            lines.addAll(new TerminalTable<>(
                            ChangeColumns.table(rows, changes.change().across()), screen)
                    .lines());
        });
        lines.add("");
        changes.notes().forEach(note -> lines.addAll(wrapped(note)));
        screen.wrapped(changes.verdict(), "  ")
                .forEach(line -> lines.add(
                        switch (changes.change().verdict()) {
                            case DEARER -> screen.style().red(line);
                            case INCONCLUSIVE -> screen.style().yellow(line);
                            case FINE, CHEAPER -> screen.style().bold(line);
                        }));
        return screen.text(lines);
    }

    private List<String> wrapped(String text) {
        return screen.wrapped(text, "  ");
    }
}
