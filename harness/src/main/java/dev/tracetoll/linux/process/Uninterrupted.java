package dev.tracetoll.linux.process;

/** Waiting that an interruption does not end; it is there for the next one to see. */
public final class Uninterrupted {

    private Uninterrupted() {}

    /** Something to wait for: once it has come, waiting for it again returns at once. */
    @FunctionalInterface
    public interface Waiting {
        void await() throws InterruptedException;
    }

    /** Waits until it has come. */
    public static void await(Waiting waiting) {
        boolean interrupted = false;
        while (true) {
            try {
                waiting.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
