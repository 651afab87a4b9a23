package dev.tracetoll.report;

import dev.tracetoll.results.Warning;
import dev.tracetoll.text.Screen;
import java.util.ArrayList;
import java.util.List;

/** Warnings and their remedies on a terminal. */
public final class WarningLines {

    private WarningLines() {}

    /** The lines, after an empty one; none without warnings. */
    public static List<String> of(List<Warning> warnings, Screen screen) {
        List<String> lines = new ArrayList<>();
        if (!warnings.isEmpty()) {
            lines.add("");
        }
        for (Warning warning : warnings) {
            screen.wrapped("warning: " + warning.what(), "    ")
                    .forEach(line -> lines.add(screen.style().yellow(line)));
            lines.addAll(screen.wrapped("    " + warning.remedy(), "    "));
        }
        return lines;
    }
}
