package dev.tracetoll.bench.program;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.results.Metric;
import java.util.List;

/**
 * A figure that somebody says how to find: {@code NAME=REGEX}, with {@code :lower} or {@code :higher} behind it for what is better.
 *
 * @param name what it is called
 * @param pattern found in the lines that have it; its first group, or all of it if it has none, is the number
 * @param higherIsBetter whether it is good if there is more of it
 */
public record NamedMetric(String name, Pattern pattern, boolean higherIsBetter) implements MetricSource {

    private static final String HIGHER = ":higher";
    private static final String LOWER = ":lower";

    /**
     * Reads what was typed.
     *
     * @throws BadInput if it names nothing, or its expression is wrong
     */
    public static NamedMetric parse(String typed) {
        int equals = typed.indexOf('=');
        if (equals < 1) {
            throw new BadInput(
                    "--metric " + typed + " has no name; use one such as --metric 'p99=p99: ([0-9.]+) ms:lower'");
        }
        boolean higher = typed.endsWith(HIGHER);
        int end = higher
                ? typed.length() - HIGHER.length()
                : typed.endsWith(LOWER) ? typed.length() - LOWER.length() : typed.length();
        if (end <= equals + 1) {
            throw new BadInput("--metric " + typed + " has no expression behind its name; use one such as --metric "
                    + "'p99=p99: ([0-9.]+) ms:lower'");
        }
        String expression = typed.substring(equals + 1, end);
        try {
            return new NamedMetric(typed.substring(0, equals), Pattern.compile(expression), higher);
        } catch (PatternSyntaxException e) {
            throw new BadInput(
                    "--metric '" + typed + "' has no regular expression: " + e.getDescription() + " in '"
                            + e.getPattern() + "'; see https://github.com/google/re2/wiki/Syntax",
                    e);
        }
    }

    /** @throws BadInput if what the expression finds is no number */
    @Override
    public List<Reading> read(String line) {
        Matcher matcher = pattern.matcher(line);
        if (!matcher.find()) {
            return List.of();
        }
        String found = matcher.groupCount() > 0 ? matcher.group(1) : matcher.group();
        double value = number(found);
        return List.of(new Reading(name, Metric.PLAIN, higherIsBetter, value));
    }

    private double number(String found) {
        try {
            double value = Double.parseDouble(found.replace(",", "").strip());
            if (Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException | NullPointerException e) {
            // Said below.
        }
        throw new BadInput("--metric " + name + " finds \"" + found
                + "\", which is no number; put the number alone between ( and ) in its expression");
    }
}
