package dev.tracetoll.process;

/** Told, by the tracing thread, what becomes of the threads being traced, so that whoever keeps something of a thread can see to it. */
public interface ThreadWatcher {

    /** A thread has created another, or a process. */
    default void born(Tracee child, Tracee parent) {}

    /**
     * A thread is gone.
     *
     * @param thread if it or another thread of its process has executed a program, the thread that goes on and has inherited what it had; else 0
     */
    void gone(Tracee tracee, int thread);
}
