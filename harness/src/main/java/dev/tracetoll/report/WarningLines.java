package dev.tracetoll.report;

import dev.tracetoll.results.Warning;
import dev.tracetoll.text.TerminalStyle;
import java.util.ArrayList;
import java.util.List;

/** Warnings and their remedies on a terminal. */
public final class WarningLines {

    private WarningLines() {}

    /** The lines, after an empty one; none without warnings. */
    public static List<String> of(List<Warning> warnings, TerminalStyle style, int columns) {
        List<String> lines = new ArrayList<>();
        if (!warnings.isEmpty()) {
            lines.add("");
        }
        for (Warning warning : warnings) {
            TextTable.wrapped("warning: " + warning.what(), "    ", columns).forEach(line -> lines.add(style.yellow(line)));
            lines.addAll(TextTable.wrapped("    " + warning.remedy(), "    ", columns));
        }
        return lines;
    }
}
