package dev.tracetoll.tracing.format;

/** UTF-8 as Go strings have it: usually valid, never certainly. Source: the Unicode Standard, table 3-7. */
final class Utf8 {

    /** The bytes at an index begin no character. */
    static final int INVALID = 0;
    /** The bytes at an index are the beginning of a character whose rest is missing. */
    static final int INCOMPLETE = -1;

    private Utf8() {}

    /** How many bytes the character at an index has: 1 to 4, {@link #INVALID} or {@link #INCOMPLETE}. */
    static int characterAt(byte[] bytes, int index) {
        int lead = bytes[index] & 0xff;
        if (lead < 0x80) {
            return 1;
        }
        int size = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
        if (size == 0) {
            return INVALID;
        }
        for (int i = 1; i < size; i++) {
            if (index + i == bytes.length) {
                return INCOMPLETE;
            }
            int next = bytes[index + i] & 0xff;
            // Narrower after some lead bytes: neither overlong forms, nor surrogates, nor what is beyond U+10FFFF.
            int low = i > 1 ? 0x80 : lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
            int high = i > 1 ? 0xbf : lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
            if (next < low || next > high) {
                return INVALID;
            }
        }
        return size;
    }

    /** The code point of the character of {@code size} bytes at an index. */
    static int codePointAt(byte[] bytes, int index, int size) {
        int lead = bytes[index] & 0xff;
        if (size == 1) {
            return lead;
        }
        int codePoint = lead & 0x7f >> size;
        for (int i = 1; i < size; i++) {
            codePoint = codePoint << 6 | bytes[index + i] & 0x3f;
        }
        return codePoint;
    }

    /**
     * How many of the bytes are whole characters, if there are only whole characters, or only whole characters and then the beginning of
     * one; -1 if anything is invalid.
     */
    static int wholeCharacters(byte[] bytes) {
        int index = 0;
        while (index < bytes.length) {
            int size = characterAt(bytes, index);
            if (size == INVALID) {
                return -1;
            }
            if (size == INCOMPLETE) {
                return index;
            }
            index += size;
        }
        return index;
    }
}
