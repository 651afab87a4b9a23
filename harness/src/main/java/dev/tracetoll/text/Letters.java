package dev.tracetoll.text;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The characters that a terminal can show. */
public enum Letters {
    /** All of them. */
    UNICODE,
    /** Those of US-ASCII; others are shown in their place. */
    ASCII;

    private static final Map<Integer, String> IN_PLACE = Map.ofEntries(
            Map.entry((int) 'µ', "u"),
            Map.entry((int) '×', "x"),
            Map.entry((int) '−', "-"),
            Map.entry((int) '–', "-"),
            Map.entry((int) '·', "-"),
            Map.entry((int) '°', "*"),
            Map.entry((int) '…', "."),
            Map.entry((int) '→', "->"),
            Map.entry(0x202f, " "),
            Map.entry(0xa0, " "),
            Map.entry((int) '─', "-"),
            Map.entry((int) '├', "|"),
            Map.entry((int) '┤', "|"),
            Map.entry((int) '┴', "+"),
            Map.entry((int) '●', "*"),
            Map.entry((int) '█', "#"),
            Map.entry((int) '░', "."));

    /**
     * Those that a locale's charset has: what it names behind a full stop. One that names none, as {@code C}, is taken for ASCII. Where there is no
     * terminal, whoever reads is taken to read UTF-8, in every locale.
     *
     * @param terminal whether the output goes to a terminal
     * @param locale as {@code de_DE.UTF-8}
     */
    public static Letters of(boolean terminal, String locale) {
        boolean utf8 = locale.toLowerCase(Locale.ROOT).replace("-", "").matches(".*\\.utf8(@.*)?");
        return utf8 || !terminal ? UNICODE : ASCII;
    }

    /** A text as it is shown: what is not ASCII has something like it in its place, but for an arrow of the same width, or else question marks. */
    public String shown(String text) {
        return this == UNICODE
                ? text
                : text.codePoints()
                        .mapToObj(letter -> letter < 0x80
                                ? Character.toString(letter)
                                : IN_PLACE.getOrDefault(letter, "?".repeat(TextWidth.of(letter))))
                        .collect(Collectors.joining());
    }
}
