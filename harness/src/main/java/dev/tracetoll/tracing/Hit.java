package dev.tracetoll.tracing;

/**
 * What was captured at one hit of a probe site. Filled in place and reused, so that a hit costs a tracer no allocation.
 *
 * <p>The words are those of {@link SitePlan#words()}, little-endian, narrower parts in the low bytes (the bytes above are to be ignored).
 */
public final class Hit {

    private final long[] words;
    private final String[] unreadableWords;
    private final byte[][] texts;
    private final String[] unreadableTexts;

    /** Kernel thread id. */
    public int thread;
    /** CLOCK_MONOTONIC in nanoseconds. */
    public long timestampNs;
    /** The goroutine's id. */
    public long goroutine;
    /**
     * The call's frame: the distance in bytes from the top of the goroutine's stack down to the end of the return address. It stays the
     * same when the stack is moved, and is larger for a deeper call.
     */
    public long frame;

    /** @param plan the site whose hits this one holds */
    public Hit(SitePlan plan) {
        words = new long[plan.words().size()];
        unreadableWords = new String[words.length];
        texts = new byte[plan.texts().size()][];
        unreadableTexts = new String[texts.length];
    }

    public void word(int index, long value) {
        words[index] = value;
        unreadableWords[index] = null;
    }

    public void unreadableWord(int index, String why) {
        unreadableWords[index] = why;
    }

    public void text(int index, byte[] bytes) {
        texts[index] = bytes;
        unreadableTexts[index] = null;
    }

    public void unreadableText(int index, String why) {
        unreadableTexts[index] = why;
    }

    long word(int index) {
        return words[index];
    }

    /** Why a word could not be read; null if it was. */
    String whyWordUnreadable(int index) {
        return unreadableWords[index];
    }

    byte[] text(int index) {
        return texts[index];
    }

    String whyTextUnreadable(int index) {
        return unreadableTexts[index];
    }
}
