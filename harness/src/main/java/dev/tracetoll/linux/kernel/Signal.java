package dev.tracetoll.linux.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Signal numbers and codes of x86-64 Linux. Source: signal(7), sigaction(2), {@code asm-generic/siginfo.h}. */
public final class Signal {

    public static final int SIGHUP = 1;
    public static final int SIGINT = 2;
    public static final int SIGILL = 4;
    public static final int SIGTRAP = 5;
    public static final int SIGBUS = 7;
    public static final int SIGFPE = 8;
    public static final int SIGKILL = 9;
    public static final int SIGSEGV = 11;
    public static final int SIGTERM = 15;
    public static final int SIGCONT = 18;
    public static final int SIGSTOP = 19;
    public static final int SIGSYS = 31;

    /** The {@code si_code} of a SIGTRAP that an {@code int3} instruction raised. */
    public static final int SI_KERNEL = 0x80;

    /** Of {@code si_code} in {@code siginfo_t}. */
    public static final int CODE_OFFSET = 8;
    /** Of {@code si_errno}, and of what follows {@code si_code}. */
    private static final int ERROR_OFFSET = 4;

    private static final int FIELDS_OFFSET = 16;
    private static final int INFO_SIZE = 128;

    private static final long SYNCHRONOUS =
            bit(SIGILL) | bit(SIGTRAP) | bit(SIGBUS) | bit(SIGFPE) | bit(SIGSEGV) | bit(SIGSYS);

    private Signal() {}

    /** Whether an instruction can raise the signal in the thread that executes it. */
    public static boolean isSynchronous(int signal) {
        return (SYNCHRONOUS & bit(signal)) != 0;
    }

    /**
     * Every signal that no instruction raises, as a mask. The others must not be blocked: a fault whose signal is blocked kills.
     */
    public static long asynchronousMask() {
        return ~SYNCHRONOUS;
    }

    /** The number of the signal that a {@code siginfo_t} describes. */
    public static int number(byte[] info) {
        return intAt(info, 0);
    }

    /** The {@code si_code} of a {@code siginfo_t}: positive if the kernel raised the signal for something the thread did. */
    public static int code(byte[] info) {
        return intAt(info, CODE_OFFSET);
    }

    /**
     * A {@code siginfo_t} of an {@code int3} instruction that carries more than the kernel's own.
     *
     * @param mark in {@code si_errno}, which the kernel leaves 0
     */
    public static byte[] breakpointInfo(int mark, long first, long second) {
        return ByteBuffer.allocate(INFO_SIZE)
                .order(ByteOrder.nativeOrder())
                .putInt(0, SIGTRAP)
                .putInt(ERROR_OFFSET, mark)
                .putInt(CODE_OFFSET, SI_KERNEL)
                .putLong(FIELDS_OFFSET, first)
                .putLong(FIELDS_OFFSET + Long.BYTES, second)
                .array();
    }

    private static int intAt(byte[] info, int offset) {
        return ByteBuffer.wrap(info).order(ByteOrder.nativeOrder()).getInt(offset);
    }

    /** The signal's bit in a mask such as {@code SigPnd} of proc(5). */
    public static long bit(int signal) {
        return 1L << (signal - 1);
    }
}
