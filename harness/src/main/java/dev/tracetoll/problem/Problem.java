package dev.tracetoll.problem;

/**
 * A failure that one line explains to the user: what was tried, on what, what went wrong and what to do about it.
 *
 * <p>The command line prints {@link #getMessage()} and exits with {@link #exitCode()}.
 */
public abstract sealed class Problem extends RuntimeException
        permits BadInput, MachineCannot, OperationFailed {

    Problem(String message, Throwable cause) {
        super(message, cause);
    }

    /** The documented exit code of this kind of failure. */
    public abstract int exitCode();
}
