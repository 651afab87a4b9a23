package dev.tracetoll.linux.ptrace;

/**
 * What a process does about a signal: the kernel's {@code struct sigaction}, see {@code arch/x86/include/uapi/asm/signal.h} and
 * rt_sigaction(2).
 *
 * @param handler address of the handler, or {@link #DEFAULT} or {@link #IGNORE}
 * @param flags {@code SA_...}
 * @param restorer address of what a handler returns to
 * @param mask signals that are blocked while the handler runs
 */
public record SignalAction(long handler, long flags, long restorer, long mask) {

    /** {@code SIG_DFL} and {@code SIG_IGN}. */
    public static final long DEFAULT = 0;

    public static final long IGNORE = 1;

    /** How many words it is in memory. */
    public static final int WORDS = 4;

    private static final long SIGINFO = 0x4;
    private static final long RESTORER = 0x04000000;
    private static final long ON_STACK = 0x08000000;
    private static final long ALL_SIGNALS = -1;

    /** Whether there is a handler. */
    public boolean isCaught() {
        return handler != DEFAULT && handler != IGNORE;
    }

    /**
     * The same with another handler, which no other signal interrupts.
     *
     * @param ownRestorer what it returns to if there is no handler yet
     */
    public SignalAction handledBy(long otherHandler, long ownRestorer) {
        return isCaught()
                ? new SignalAction(otherHandler, flags | SIGINFO, restorer, ALL_SIGNALS)
                : new SignalAction(otherHandler, SIGINFO | RESTORER | ON_STACK, ownRestorer, ALL_SIGNALS);
    }

    /** As the kernel has it in memory. */
    public long[] words() {
        return new long[] {handler, flags, restorer, mask};
    }
}
