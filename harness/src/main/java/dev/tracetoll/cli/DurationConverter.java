package dev.tracetoll.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations as Go writes them: {@code 500ms}, {@code 10s}, {@code 1.5h}, {@code 1m30s}; up to ten years. */
final class DurationConverter implements ITypeConverter<Duration> {

    private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ns|us|µs|ms|s|m|h)");
    private static final Pattern WHOLE = Pattern.compile("(?:" + PART.pattern() + ")+");
    private static final Duration LONGEST = Duration.ofDays(3650);

    @Override
    public Duration convert(String text) {
        if (text.length() > 40 || !WHOLE.matcher(text).matches()) {
            throw new TypeConversionException("'" + text + "' is not a duration such as 500ms, 10s or 2m");
        }
        BigDecimal ns = BigDecimal.ZERO;
        Matcher part = PART.matcher(text);
        while (part.find()) {
            ns = ns.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(unitNs(part.group(2)))));
        }
        if (ns.signum() == 0 || ns.compareTo(BigDecimal.valueOf(LONGEST.toNanos())) > 0) {
            throw new TypeConversionException("'" + text + "' must be more than nothing and at most ten years");
        }
        return Duration.ofNanos(Math.max(1, ns.longValue()));
    }

    private static long unitNs(String unit) {
        return switch (unit) {
            case "ns" -> 1;
            case "ms" -> 1_000_000;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            default -> 1_000;
        };
    }
}
