package dev.tracetoll.cli;

import dev.tracetoll.linux.file.Terminal;
import dev.tracetoll.text.Screen;
import dev.tracetoll.text.TerminalStyle;
import java.util.OptionalInt;

/** How to print for whoever reads standard output. */
final class StandardOutput {

    private static final int COLUMNS = 120;
    private static final int COLUMNS_OF_HELP = 80;
    /** What picocli's layout needs. */
    private static final int LEAST_COLUMNS_OF_HELP = 55;

    private StandardOutput() {}

    /** As wide as {@code COLUMNS} says, or the terminal does, or as reads well where there is none. */
    static Screen screen() {
        return new Screen(TerminalStyle.of(Terminal.is(Terminal.STDOUT), System.getenv()), told().orElse(COLUMNS));
    }

    /** Width of a line of help, which reads badly where it is long. */
    static int columnsOfHelp() {
        return Math.max(LEAST_COLUMNS_OF_HELP, Math.min(COLUMNS_OF_HELP, told().orElse(COLUMNS_OF_HELP)));
    }

    private static OptionalInt told() {
        String columns = System.getenv("COLUMNS");
        return columns != null && columns.matches("\\d{2,4}")
                ? OptionalInt.of(Integer.parseInt(columns))
                : Terminal.columns(Terminal.STDOUT);
    }
}
