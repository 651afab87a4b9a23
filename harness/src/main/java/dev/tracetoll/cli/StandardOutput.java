package dev.tracetoll.cli;

import dev.tracetoll.report.TerminalStyle;

/** How to print for whoever reads standard output. */
final class StandardOutput {

    private static final int COLUMNS = 120;

    private StandardOutput() {}

    static TerminalStyle style() {
        return TerminalStyle.of(System.console() != null, System.getenv());
    }

    /** Width of the terminal, as the shell tells it where it exports it. */
    static int columns() {
        String columns = System.getenv("COLUMNS");
        return columns != null && columns.matches("\\d{2,4}") ? Integer.parseInt(columns) : COLUMNS;
    }
}
