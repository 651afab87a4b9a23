package dev.tracetoll.linux.kernel;

import dev.tracetoll.problem.OperationFailed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of Linux, as far as features go with it.
 *
 * @param major for example 6
 * @param minor for example 18
 */
public record KernelVersion(int major, int minor) implements Comparable<KernelVersion> {

    private static final Path RELEASE = Path.of("/proc/sys/kernel/osrelease");
    private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+).*", Pattern.DOTALL);

    /** The kernel that runs. */
    public static KernelVersion running() {
        try {
            return parse(Files.readString(RELEASE).strip());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + RELEASE, e);
        }
    }

    /**
     * The version that a release is of.
     *
     * @param release what {@code uname -r} prints, for example {@code 6.1.0-28-amd64}
     */
    public static KernelVersion parse(String release) {
        Matcher numbers = NUMBERS.matcher(release);
        if (!numbers.matches()) {
            throw new OperationFailed(
                    "cannot read the kernel's version '" + release + "': it does not start with two numbers");
        }
        return new KernelVersion(Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2)));
    }

    /** Whether this version has what {@code minimum} introduced. */
    public boolean isAtLeast(KernelVersion minimum) {
        return compareTo(minimum) >= 0;
    }

    @Override
    public int compareTo(KernelVersion other) {
        return major != other.major ? Integer.compare(major, other.major) : Integer.compare(minor, other.minor);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
