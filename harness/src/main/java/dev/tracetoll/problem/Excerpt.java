package dev.tracetoll.problem;

/** The beginning of a name that is quoted in a message: a file can have names of any length, and a message is one line. */
public final class Excerpt {

    private static final int MOST_CHARACTERS = 200;

    private Excerpt() {}

    /** The name, or what it begins with if it is longer than a line should be. */
    public static String of(String name) {
        return name.length() <= MOST_CHARACTERS ? name : name.substring(0, MOST_CHARACTERS) + "…";
    }
}
