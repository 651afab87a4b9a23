package dev.tracetoll.bench;

/** Times as options take them and people read them: whole seconds. */
final class Seconds {

    private static final long SECOND_NS = 1_000_000_000;

    private Seconds() {}

    /** Rounded up, as {@code 35s}, so that what is named as the least is enough; less than a second in ms. */
    static String of(long ns) {
        return ns < SECOND_NS ? (ns + 999_999) / 1_000_000 + "ms" : (ns + SECOND_NS - 1) / SECOND_NS + "s";
    }
}
