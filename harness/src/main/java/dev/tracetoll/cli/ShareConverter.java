package dev.tracetoll.cli;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a share as {@code 5%}: 0.05. */
final class ShareConverter implements ITypeConverter<ShareConverter.Share> {

    private static final Pattern PERCENT = Pattern.compile("([0-9]{1,6}(?:\\.[0-9]{1,6})?) ?%");
    private static final int TWO_DIGITS = 2;

    /** A share: 0.05 is one twentieth. */
    record Share(double of) {}

    @Override
    public Share convert(String text) {
        Matcher matcher = PERCENT.matcher(text);
        if (!matcher.matches() || new BigDecimal(matcher.group(1)).signum() == 0) {
            throw new TypeConversionException("'" + text + "' is no share; give one of more than nothing, such as 5%");
        }
        return new Share(
                new BigDecimal(matcher.group(1)).movePointLeft(TWO_DIGITS).doubleValue());
    }
}
