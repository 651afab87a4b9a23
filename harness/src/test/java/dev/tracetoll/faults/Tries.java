package dev.tracetoll.faults;

/** How often a test of a {@link Promise} brings the fault about. */
public final class Tries {

    private static final ThreadLocal<Integer> MADE = ThreadLocal.withInitial(() -> 0);

    private Tries() {}

    /**
     * How often to try.
     *
     * @param inCi where time is short; {@code -Dtracetoll.test.tries} asks for more
     */
    public static int wanted(int inCi) {
        return Math.max(inCi, Integer.getInteger("tracetoll.test.tries", inCi));
    }

    /** Says that the fault was brought about once more, and what was promised held. */
    public static void kept() {
        MADE.set(MADE.get() + 1);
    }

    /** How often {@link #kept} was called since the last time. */
    static int take() {
        int made = MADE.get();
        MADE.remove();
        return made;
    }
}
