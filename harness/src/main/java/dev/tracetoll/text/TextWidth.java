package dev.tracetoll.text;

/** How many columns of a terminal a text takes. */
public final class TextWidth {

    /** Blocks of wide characters: first and last code point each; Unicode's EastAsianWidth.txt, W and F, without gaps of a few characters. */
    private static final int[][] WIDE = {
        {0x1100, 0x115f},
        {0x2e80, 0x303e},
        {0x3041, 0xa4cf},
        {0xa960, 0xa97f},
        {0xac00, 0xd7a3},
        {0xf900, 0xfaff},
        {0xfe30, 0xfe6f},
        {0xff00, 0xff60},
        {0xffe0, 0xffe6},
        {0x1f300, 0x1f64f},
        {0x1f680, 0x1f6ff},
        {0x1f900, 0x1f9ff},
        {0x20000, 0x3fffd}
    };

    private TextWidth() {}

    /** Of a text without line ends and escape sequences. */
    public static int of(String text) {
        return text.codePoints().map(TextWidth::of).sum();
    }

    static int of(int letter) {
        return switch (Character.getType(letter)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> 0;
            default -> wide(letter) ? 2 : 1;
        };
    }

    private static boolean wide(int letter) {
        for (int[] block : WIDE) {
            if (block[0] <= letter && letter <= block[1]) {
                return true;
            }
        }
        return false;
    }

    /** As much of a text as so many columns hold, with an ellipsis if that is not all. */
    public static String cut(String text, int columns) {
        if (of(text) <= columns) {
            return text;
        }
        StringBuilder kept = new StringBuilder();
        int free = columns - 1;
        for (int letter : text.codePoints().toArray()) {
            free -= of(letter);
            if (free < 0) {
                break;
            }
            kept.appendCodePoint(letter);
        }
        return kept + "…";
    }
}
