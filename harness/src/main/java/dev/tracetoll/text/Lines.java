package dev.tracetoll.text;

import java.util.List;
import java.util.stream.Collectors;

/** Lines of a terminal or a document. */
public final class Lines {

    private Lines() {}

    /** A text of them, with a line end behind each. */
    public static String joined(List<String> lines) {
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }
}
