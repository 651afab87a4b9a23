package dev.tracetoll.problem;

import org.jspecify.annotations.Nullable;

/** Something that should have worked did not: a target died, a system call failed, counts do not add up; exit code 1. */
public final class OperationFailed extends Problem {

    /** The exit code of a failed run. */
    public static final int EXIT_CODE = 1;

    /** @param message one line: what, where, why, what to do */
    public OperationFailed(String message) {
        this(message, null);
    }

    /**
     * @param message one line: what, where, why, what to do
     * @param cause what was caught, or null
     */
    public OperationFailed(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public int exitCode() {
        return EXIT_CODE;
    }
}
