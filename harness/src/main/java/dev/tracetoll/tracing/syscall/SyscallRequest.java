package dev.tracetoll.tracing.syscall;

import dev.tracetoll.problem.BadInput;

/**
 * Which calls of write(2) to trace.
 *
 * @param lowestDescriptor calls on lower file descriptors are left out; 0 for none
 * @param maxBytes how many bytes of the buffer are captured at most
 */
public record SyscallRequest(int lowestDescriptor, int maxBytes) {

    /** Of the buffer of one call. */
    public static final int MOST_BYTES = 4096;

    /** write(2) on x86-64. Source: {@code asm/unistd_64.h}. */
    public static final int WRITE = 1;

    /** @throws BadInput if a number is out of range */
    public SyscallRequest {
        if (lowestDescriptor < 0) {
            throw new BadInput("There is no file descriptor " + lowestDescriptor + "; choose 0 or more");
        }
        if (maxBytes < 0 || maxBytes > MOST_BYTES) {
            throw new BadInput(maxBytes + " bytes of a buffer cannot be captured; choose 0 to " + MOST_BYTES);
        }
    }

    /** Whether calls on a file descriptor, as the caller gave it, are asked for. */
    public boolean includes(int descriptor) {
        return Integer.compareUnsigned(descriptor, lowestDescriptor) >= 0;
    }
}
