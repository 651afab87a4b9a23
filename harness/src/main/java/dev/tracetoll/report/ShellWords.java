package dev.tracetoll.report;

import java.util.List;
import java.util.stream.Collectors;

/** Command lines as a shell takes them. */
public final class ShellWords {

    private ShellWords() {}

    /** The words, quoted where they must be, with spaces between them. */
    public static String of(List<String> command) {
        return command.stream().map(ShellWords::word).collect(Collectors.joining(" "));
    }

    private static String word(String word) {
        return word.matches("[A-Za-z0-9_@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
