package dev.tracetoll.problem;

import org.jspecify.annotations.Nullable;

/**
 * A failure that one line explains to the user: what was tried, on what, what went wrong and what to do about it.
 *
 * <p>The command line prints {@link #getMessage()} and exits with {@link #exitCode()}.
 */
public abstract sealed class Problem extends RuntimeException
        permits BadInput, Inconclusive, MachineCannot, OperationFailed {

    /** No exception need have a message; each of these has. */
    private final String message;

    Problem(String message, @Nullable Throwable cause) {
        super(message, cause);
        this.message = message;
    }

    @Override
    public String getMessage() {
        return message;
    }

    /** The documented exit code of this kind of failure. */
    public abstract int exitCode();
}
