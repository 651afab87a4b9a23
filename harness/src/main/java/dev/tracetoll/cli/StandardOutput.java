package dev.tracetoll.cli;

import dev.tracetoll.linux.file.Terminal;
import dev.tracetoll.text.Letters;
import dev.tracetoll.text.Screen;
import dev.tracetoll.text.TerminalStyle;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** How to print for whoever reads standard output. */
final class StandardOutput {

    /** The property by which the launcher tells the user's locale, for it starts the JVM in another one. */
    private static final String LOCALE = "tracetoll.locale";

    private static final int COLUMNS = 120;
    private static final int COLUMNS_OF_HELP = 80;
    /** What picocli's layout needs. */
    private static final int LEAST_COLUMNS_OF_HELP = 55;

    private StandardOutput() {}

    /** As wide as {@code COLUMNS} says, or the terminal does, or as reads well where there is none. */
    static Screen screen() {
        return new Screen(
                TerminalStyle.of(Terminal.is(Terminal.STDOUT), System.getenv()),
                letters(Terminal.STDOUT),
                told().orElse(COLUMNS));
    }

    /**
     * The characters that are shown on a file descriptor.
     *
     * @param descriptor 1 or 2
     */
    static Letters letters(int descriptor) {
        return Letters.of(
                Terminal.is(descriptor),
                Optional.ofNullable(System.getProperty(LOCALE)).orElseGet(StandardOutput::locale));
    }

    /** By the variable that counts; POSIX.1-2017, 8.2. */
    private static String locale() {
        return Stream.of("LC_ALL", "LC_CTYPE", "LANG")
                .map(name -> System.getenv().getOrDefault(name, ""))
                .filter(value -> !value.isEmpty())
                .findFirst()
                .orElse("C");
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
