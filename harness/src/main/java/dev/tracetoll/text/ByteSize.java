package dev.tracetoll.text;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes of buffers, as people write them: whole numbers of bytes, KiB, MiB or GiB. */
public final class ByteSize {

    private static final Pattern SIZE = Pattern.compile("(\\d{1,12}) ?([kmg]?)(?:i?b)?", Pattern.CASE_INSENSITIVE);
    private static final String UNITS = "kmg";
    private static final int STEP = 10;

    private ByteSize() {}

    /** In the largest unit of which it is a whole number: {@code 64 KiB}. */
    public static String inWords(long bytes) {
        int unit = unit(bytes);
        return (bytes >> unit * STEP) + (unit == 0 ? " bytes" : " " + "KMG".charAt(unit - 1) + "iB");
    }

    /** The same as it is typed: {@code 64k}. */
    public static String typed(long bytes) {
        int unit = unit(bytes);
        return (bytes >> unit * STEP) + (unit == 0 ? "" : UNITS.substring(unit - 1, unit));
    }

    private static int unit(long bytes) {
        return bytes == 0 ? 0 : Math.min(UNITS.length(), Long.numberOfTrailingZeros(bytes) / STEP);
    }

    /** What somebody typed: {@code 65536}, {@code 64k}, {@code 64 KiB}; k, m and g are powers of 1024. Empty if it is no size. */
    public static OptionalLong parse(String text) {
        Matcher matcher = SIZE.matcher(text.strip());
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        String unit = matcher.group(2).toLowerCase(Locale.ROOT);
        int step = unit.isEmpty() ? 0 : UNITS.indexOf(unit) + 1;
        long count = Long.parseLong(matcher.group(1));
        long bytes = count << step * STEP;
        return bytes >> step * STEP == count ? OptionalLong.of(bytes) : OptionalLong.empty();
    }

    /** The smallest power of two that is no smaller than this, which is positive. */
    public static long nextPowerOfTwo(long bytes) {
        long highest = Long.highestOneBit(bytes);
        return highest == bytes ? bytes : highest << 1;
    }
}
