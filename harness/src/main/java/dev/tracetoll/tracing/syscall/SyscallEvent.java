package dev.tracetoll.tracing.syscall;

import org.jspecify.annotations.Nullable;

/** What a process did at the border to the kernel. */
public sealed interface SyscallEvent {

    /** The greatest error number that a system call returns, negated. Source: {@code MAX_ERRNO} in {@code linux/err.h}. */
    int MAX_ERRNO = 4095;

    /** Ties an exit to its entry; 1 for the first entry of a session. 0 on an exit whose entry was not seen. */
    long id();

    /** The kernel's id of the thread that calls. */
    int thread();

    /**
     * A thread has called write(2). A call that the kernel interrupts and starts anew is entered and left again each time.
     *
     * @param timestampNs CLOCK_MONOTONIC, in nanoseconds
     * @param descriptor the file descriptor, as the caller gave it
     * @param length how many bytes it asks to write
     * @param head the first of them, as many as were asked for; null if they could not be read
     */
    record Entry(long id, int thread, long timestampNs, int descriptor, long length, byte @Nullable [] head)
            implements SyscallEvent {}

    /**
     * The call is over.
     *
     * @param timestampNs CLOCK_MONOTONIC, in nanoseconds
     * @param durationNs from the entry's time stamp to this one's; -1 if the entry was not seen
     * @param result how many bytes were written, or a negative error number
     */
    record Exit(long id, int thread, long timestampNs, long durationNs, long result) implements SyscallEvent {

        /** The error number that the call failed with; 0 if it did not fail. */
        public int errno() {
            return result < 0 && result >= -MAX_ERRNO ? (int) -result : 0;
        }
    }

    /**
     * A call whose end will not be seen.
     *
     * @param why {@code exit}, {@code detached} or another plain word
     */
    record NoExit(long id, int thread, String why) implements SyscallEvent {}
}
