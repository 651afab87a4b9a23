package dev.tracetoll.burst;

/** How the messages about targets quote what they said. */
final class Quoting {

    private static final int MAX_QUOTED = 200;

    private Quoting() {}

    /** A line of a target for a message: in quotes, cut if long, nothing unprintable. */
    static String quote(String line) {
        String head = line.length() > MAX_QUOTED ? line.substring(0, MAX_QUOTED) + "…" : line;
        return '"' + head.replaceAll("\\p{Cntrl}", "?") + '"';
    }
}
