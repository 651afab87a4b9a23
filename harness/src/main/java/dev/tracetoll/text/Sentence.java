package dev.tracetoll.text;

import java.util.List;
import java.util.Locale;

/** Words that stand in a line of their own on a terminal, as a sentence among others. */
public final class Sentence {

    private Sentence() {}

    /** With a capital letter at its beginning. */
    public static String capitalised(String words) {
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    /** With a capital letter at its beginning and a full stop at its end. */
    public static String of(String words) {
        return capitalised(words) + (words.endsWith(".") ? "" : ".");
    }

    /**
     * Words behind each other, as {@code a, b and c}.
     *
     * @param words at least one
     */
    public static String enumeration(List<String> words) {
        int last = words.size() - 1;
        return last == 0 ? words.get(0) : String.join(", ", words.subList(0, last)) + " and " + words.get(last);
    }
}
