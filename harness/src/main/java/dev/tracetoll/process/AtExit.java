package dev.tracetoll.process;

/** Something that is done when this process ends, unless it has been done before. */
public final class AtExit implements AutoCloseable {

    private final Thread hook;

    /** @param name of the thread that does it */
    public AtExit(String name, Runnable task) {
        hook = new Thread(task, name);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** It is not done any more. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // Then it is done anyway.
        }
    }
}
