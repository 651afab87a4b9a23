package dev.tracetoll.cli;

/** Keeps one core busy while it is told to; ends with this process at the latest. */
final class BusyCore implements AutoCloseable {

    private final Thread thread = new Thread(this::run, "tracetoll-busy");
    private volatile boolean busy;
    private volatile boolean closed;

    BusyCore() {
        thread.setDaemon(true);
        thread.start();
    }

    /** Works or rests from now on. */
    void set(boolean working) {
        if (working != busy) {
            synchronized (this) {
                busy = working;
                notifyAll();
            }
        }
    }

    private void run() {
        while (!closed) {
            if (busy) {
                Thread.onSpinWait();
            } else {
                rest();
            }
        }
    }

    private synchronized void rest() {
        while (!busy && !closed) {
            try {
                wait();
            } catch (InterruptedException e) {
                closed = true;
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        synchronized (this) {
            notifyAll();
        }
    }
}
