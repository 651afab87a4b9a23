package dev.tracetoll.golang;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of Go, for example {@code go1.26.8}.
 *
 * @param text as the toolchain prints it
 */
public record GoVersion(String text, int major, int minor) {

    /** The oldest Go whose programs are traced: Debian 12's. */
    public static final GoVersion OLDEST = new GoVersion("go1.19", 1, 19);

    private static final Pattern PATTERN = Pattern.compile("(?:devel )?go(\\d{1,4})\\.(\\d{1,4})(?!\\d)[ -~]{0,200}");

    /** Parses what {@code runtime.Version()} says; empty if it is no version. */
    public static Optional<GoVersion> parse(String text) {
        Matcher matcher = PATTERN.matcher(text);
        return matcher.matches()
                ? Optional.of(
                        new GoVersion(text, Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }

    public boolean atLeast(GoVersion other) {
        return major > other.major || major == other.major && minor >= other.minor;
    }

    @Override
    public String toString() {
        return text;
    }
}
