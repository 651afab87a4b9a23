package dev.tracetoll.problem;

import org.jspecify.annotations.Nullable;

/** What is still to be done once something has failed. */
public final class Failing {

    private Failing() {}

    /**
     * Closes what the failure has made useless. Should that fail too, the first failure tells of it.
     *
     * @param closeable null if it did not come to that
     */
    public static void close(@Nullable AutoCloseable closeable, Throwable because) {
        try {
            if (closeable != null) {
                closeable.close();
            }
        } catch (Exception e) {
            because.addSuppressed(e);
        }
    }
}
