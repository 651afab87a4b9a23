package dev.tracetoll.cli;

import dev.tracetoll.tracing.plan.Sampling;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 1/N}. */
final class SampleConverter implements ITypeConverter<SampleConverter.OneOf> {

    private static final Pattern ONE_OF = Pattern.compile("1/([1-9][0-9]{0,6})");

    /** How many there are to one that is chosen. */
    record OneOf(int number) {}

    @Override
    public OneOf convert(String text) {
        Matcher matcher = ONE_OF.matcher(text);
        if (!matcher.matches() || Integer.parseInt(matcher.group(1)) > Sampling.MOST) {
            throw new TypeConversionException(
                    "'" + text + "' is no sample; give one of so many, such as 1/10, up to 1/" + Sampling.MOST);
        }
        return new OneOf(Integer.parseInt(matcher.group(1)));
    }
}
