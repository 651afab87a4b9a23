package dev.tracetoll.experiment.tune;

import dev.tracetoll.text.Screen;
import dev.tracetoll.text.TerminalTable;
import java.util.ArrayList;
import java.util.List;

/** A tuning on a terminal. */
public final class TuningScreen {

    private final Screen screen;

    /** @param screen where it is shown */
    public TuningScreen(Screen screen) {
        this.screen = screen;
    }

    /** The text, with a line end behind each line. */
    public String render(Tuning tuning) {
        TuningWords words = new TuningWords(tuning);
        List<String> lines = new ArrayList<>();
        lines.add(screen.style().bold(words.title()));
        lines.addAll(screen.wrapped(words.method(), ""));
        lines.add("");
        lines.addAll(new TerminalTable<>(TuningColumns.policies(tuning), screen).lines());
        lines.add("");
        lines.addAll(screen.wrapped(words.advice(), ""));
        lines.addAll(words.options());
        tuning.advice().filter(advice -> !advice.risks().isEmpty()).ifPresent(advice -> {
            lines.add("");
            lines.addAll(new TerminalTable<>(TuningColumns.risks(advice.risks()), screen).lines());
        });
        words.verification().ifPresent(table -> {
            lines.add("");
            lines.addAll(new TerminalTable<>(table, screen).lines());
        });
        if (!tuning.wakeups().isEmpty()) {
            lines.add("");
            lines.addAll(new TerminalTable<>(WakeupColumns.table(tuning.wakeups()), screen).lines());
        }
        if (!words.tools().isEmpty()) {
            lines.add("");
            words.tools().forEach(line -> lines.addAll(screen.wrapped(line.tool() + ": " + line.setting(), "  ")));
        }
        return screen.text(lines);
    }
}
