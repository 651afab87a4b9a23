package dev.tracetoll.faults;

/** How often a test of a {@link Promise} brings the fault about. */
public final class Tries {

    private static final ThreadLocal<Integer> MADE = ThreadLocal.withInitial(() -> 0);
    private static final ThreadLocal<String> MEASURED = ThreadLocal.withInitial(() -> "");

    private Tries() {}

    /**
     * How often to try.
     *
     * @param inCi where time is short
     * @param full with {@code -Dtracetoll.test.tries=full}, as for the page
     */
    public static int wanted(int inCi, int full) {
        return full() ? full : inCi;
    }

    /** Whether everything is to be tried as often as the page says, which takes hours. */
    public static boolean full() {
        return "full".equals(System.getProperty("tracetoll.test.tries"));
    }

    /** Says that the fault was brought about once more, and what was promised held. */
    public static void kept() {
        MADE.set(MADE.get() + 1);
    }

    /** What was measured meanwhile, in words for the page. */
    public static void measured(String words) {
        MEASURED.set(words);
    }

    /** What {@link #measured} was told since the last time; empty if nothing. */
    static String takeMeasured() {
        String words = MEASURED.get();
        MEASURED.remove();
        return words;
    }

    /** How often {@link #kept} was called since the last time. */
    static int take() {
        int made = MADE.get();
        MADE.remove();
        return made;
    }
}
