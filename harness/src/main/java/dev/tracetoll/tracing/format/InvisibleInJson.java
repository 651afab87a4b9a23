package dev.tracetoll.tracing.format;

import dev.tracetoll.text.Invisible;
import java.util.HexFormat;

/** How {@link Invisible} characters are found and escaped in JSON. */
final class InvisibleInJson {

    private static final int DELETE = 0x7f;
    private static final HexFormat UPPER_CASE = HexFormat.of().withUpperCase();

    private InvisibleInJson() {}

    /** Whether there is one among valid UTF-8, but for the controls of ASCII below U+007F, which every writer of JSON escapes. */
    static boolean isIn(byte[] utf8, int length) {
        for (int i = 0; i < length; ) {
            if (utf8[i] >= 0 && utf8[i] < DELETE) {
                i++;
                continue;
            }
            int size = Utf8.characterAt(utf8, i);
            if (Invisible.is(Utf8.codePointAt(utf8, i, size))) {
                return true;
            }
            i += size;
        }
        return false;
    }

    /** Text with each of them, but for the same controls, as JSON escapes it, and all else as it is. */
    static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(codePoint -> {
            if (codePoint < DELETE || !Invisible.is(codePoint)) {
                escaped.appendCodePoint(codePoint);
            } else {
                for (char unit : Character.toChars(codePoint)) {
                    escaped.append(escape(unit));
                }
            }
        });
        return escaped.toString();
    }

    /** As RFC 8259 has it, in section 7. */
    static String escape(char unit) {
        return "\\u" + UPPER_CASE.toHexDigits(unit);
    }
}
