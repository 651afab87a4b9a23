package dev.tracetoll.problem;

import org.jspecify.annotations.Nullable;

/** The user asked for something that does not exist or makes no sense; exit code 2. */
public final class BadInput extends Problem {

    /** The exit code of wrong usage and bad input. */
    public static final int EXIT_CODE = 2;

    /** @param message one line: what, where, why, what to do */
    public BadInput(String message) {
        this(message, null);
    }

    /**
     * @param message one line: what, where, why, what to do
     * @param cause what was caught, or null
     */
    public BadInput(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public int exitCode() {
        return EXIT_CODE;
    }
}
