package dev.tracetoll.text;

import java.util.regex.Pattern;

/**
 * Characters that show nothing themselves but change how others are shown: controls, U+2028 and U+2029 that break lines, and those that
 * Unicode calls format characters, such as U+202E, which turns the rest of a line around, and U+200B, which has no width.
 */
public final class Invisible {

    private static final Pattern PATTERN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

    private Invisible() {}

    /** Whether a character is one of them. */
    public static boolean is(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    /** Text with a question mark in place of each of them. */
    public static String marked(String text) {
        return PATTERN.matcher(text).replaceAll("?");
    }
}
