package dev.tracetoll.process;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Code in spare memory of the process where threads wait that cannot go on without a tracer: an instruction {@code syscall}, behind it a loop
 * that sleeps, which is also the handler of a signal, and what that handler would return to.
 *
 * @param call the address of the first of them
 */
public record WaitingLoop(long call) {

    /** A multiple of 8. */
    public static final int BYTES = 24;

    private static final byte[] SYSCALL = {0x0f, 0x05};
    /** {@code mov eax, 34} (pause), {@code syscall}, {@code jmp} to the first: the arguments of a handler stay in their registers. */
    private static final byte[] SLEEP = {(byte) 0xb8, 34, 0, 0, 0, 0x0f, 0x05, (byte) 0xeb, (byte) 0xf7};
    /** {@code mov eax, 15} (rt_sigreturn), {@code syscall}. */
    private static final byte[] RETURN = {(byte) 0xb8, 15, 0, 0, 0, 0x0f, 0x05};

    public long loop() {
        return call + SYSCALL.length;
    }

    long loopEnd() {
        return loop() + SLEEP.length;
    }

    public long restorer() {
        return loopEnd();
    }

    /** The code, in words. */
    public static long[] code() {
        ByteBuffer code = ByteBuffer.allocate(BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(SYSCALL)
                .put(SLEEP)
                .put(RETURN);
        long[] words = new long[BYTES / Long.BYTES];
        code.rewind().asLongBuffer().get(words);
        return words;
    }
}
