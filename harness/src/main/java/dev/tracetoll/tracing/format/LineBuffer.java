package dev.tracetoll.tracing.format;

import dev.tracetoll.text.Invisible;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Text in UTF-8 that is put together piece by piece; reused, so that a line costs no memory. */
final class LineBuffer {

    private static final int DIGITS_OF_A_LONG = 20;

    private final byte[] digits = new byte[DIGITS_OF_A_LONG];
    private byte[] bytes = new byte[1024];
    private int length;

    int length() {
        return length;
    }

    LineBuffer add(byte value) {
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * length);
        }
        bytes[length++] = value;
        return this;
    }

    /** Adds text; a control or an invisible character in it, which might do harm on a terminal, becomes a question mark. */
    LineBuffer add(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 0x7e) {
                return addEncoded(text.substring(i));
            }
            add((byte) (c < ' ' ? '?' : c));
        }
        return this;
    }

    private LineBuffer addEncoded(String text) {
        for (byte value : Invisible.marked(text).getBytes(StandardCharsets.UTF_8)) {
            add(value);
        }
        return this;
    }

    /** Adds a sequence that controls the terminal. */
    LineBuffer addControl(String sequence) {
        for (int i = 0; i < sequence.length(); i++) {
            add((byte) sequence.charAt(i));
        }
        return this;
    }

    LineBuffer add(byte[] source, int from, int count) {
        for (int i = from; i < from + count; i++) {
            add(source[i]);
        }
        return this;
    }

    LineBuffer spaces(int count) {
        for (int i = 0; i < count; i++) {
            add((byte) ' ');
        }
        return this;
    }

    /** Adds a number in decimal digits. */
    LineBuffer number(long number) {
        if (number == Long.MIN_VALUE) {
            return add(Long.toString(number));
        }
        return number < 0 ? add((byte) '-').number(-number, 1) : number(number, 1);
    }

    /** Adds a number that is not negative, with zeros before it until it has so many digits. */
    LineBuffer number(long number, int leastDigits) {
        int at = digits.length;
        long rest = number;
        do {
            digits[--at] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest != 0);
        for (int missing = leastDigits - (digits.length - at); missing > 0; missing--) {
            add((byte) '0');
        }
        return add(digits, at, digits.length - at);
    }

    /** Adds a duration, of three digits and a unit that fits. */
    LineBuffer duration(long ns) {
        if (ns < 1_000) {
            number(ns).add(" ns");
        } else if (ns < 999_500) {
            threeDigits(ns, 1_000, " µs");
        } else if (ns < 999_500_000) {
            threeDigits(ns, 1_000_000, " ms");
        } else {
            threeDigits(ns, 1_000_000_000, " s");
        }
        return this;
    }

    private void threeDigits(long ns, long unit, String name) {
        long thousandths = ns / (unit / 1_000);
        if (thousandths < 9_995) {
            long hundredths = (thousandths + 5) / 10;
            number(hundredths / 100).add(".").number(hundredths % 100, 2);
        } else if (thousandths < 99_950) {
            long tenths = (thousandths + 50) / 100;
            number(tenths / 10).add(".").number(tenths % 10);
        } else {
            number((thousandths + 500) / 1_000);
        }
        add(name);
    }

    /** Puts a plus before the number that begins at a position, unless it has a sign. */
    void signAt(int position) {
        if (bytes[position] != '-' && bytes[position] != '+') {
            add((byte) 0);
            System.arraycopy(bytes, position, bytes, position + 1, length - 1 - position);
            bytes[position] = '+';
        }
    }

    LineBuffer hex(int value, int digitCount) {
        for (int shift = 4 * (digitCount - 1); shift >= 0; shift -= 4) {
            add((byte) Character.forDigit(value >>> shift & 0xf, 16));
        }
        return this;
    }

    /** What was put together so far. */
    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    void writeTo(OutputStream out) throws IOException {
        int count = length;
        length = 0;
        out.write(bytes, 0, count);
    }
}
