package dev.tracetoll.tracing.ring;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * When the consumer of a ring looks into it.
 *
 * @param wakeup what tells it to
 * @param amount how much of it: records or bytes, at least 1; 0 where nothing tells it
 * @param interval what it waits at most between two looks, positive; empty for the default
 */
public record Draining(Wakeup wakeup, int amount, Optional<Duration> interval) {

    /** What tells a consumer to look. */
    public enum Wakeup {
        /** A probe hit, after so many records; in the hit, the kernel wakes the consumer, and the traced program pays for that. */
        RECORDS,
        /** The same, once so many bytes are unread. */
        BYTES,
        /** Nothing: it looks whenever the interval is over. */
        TIMED,
        /** Nothing: it looks as seldom as the ring allows at the rate of late. */
        ADAPTIVE
    }

    /** Waits for a wakeup are that long: one that went unnoticed for want of room for it delays nothing for longer. */
    static final Duration LONGEST_WAIT = Duration.ofMillis(10);

    private static final Duration TIMED = Duration.ofMillis(1);

    private static final String EACH = "each";
    private static final String EVERY_RECORDS = "records:";
    private static final String AT_BYTES = "bytes:";

    /** What {@link #parse} takes, for people. */
    private static final String WORDS = EACH + ", " + EVERY_RECORDS + "N, " + AT_BYTES + "SIZE, timed and adaptive";

    /** No ring has more. */
    private static final long LARGEST = 1L << 30;

    public Draining {
        if (amount < (rings(wakeup) ? 1 : 0) || !rings(wakeup) && amount != 0) {
            throw new IllegalArgumentException(wakeup + " of " + amount);
        }
        if (interval.filter(each -> each.isNegative() || each.isZero()).isPresent()) {
            throw new IllegalArgumentException("an interval of " + interval.get());
        }
    }

    /**
     * What a word means: {@code each}, {@code records:N}, {@code bytes:N}, {@code timed} or {@code adaptive}.
     *
     * @throws IllegalArgumentException if it means nothing, and why
     */
    public static Draining parse(String word) {
        if (word.equals(EACH)) {
            return everyRecords(1);
        }
        if (word.equals(word(Wakeup.TIMED))) {
            return timed();
        }
        if (word.equals(word(Wakeup.ADAPTIVE))) {
            return adaptive();
        }
        if (word.startsWith(EVERY_RECORDS)) {
            return everyRecords(amount(word, EVERY_RECORDS));
        }
        if (word.startsWith(AT_BYTES)) {
            return atBytes(amount(word, AT_BYTES));
        }
        throw new IllegalArgumentException("is unknown; there are " + WORDS);
    }

    private static int amount(String word, String prefix) {
        String digits = word.substring(prefix.length());
        int amount = digits.matches("\\d{1,10}") ? (int) Math.min(Long.parseLong(digits), LARGEST + 1) : 0;
        if (amount < 1 || amount > LARGEST) {
            throw new IllegalArgumentException("has no number from 1 to " + LARGEST + " behind " + prefix);
        }
        return amount;
    }

    private static String word(Wakeup wakeup) {
        return wakeup.name().toLowerCase(Locale.ROOT);
    }

    /** As {@link #parse} takes it; the interval is not in it. */
    public String word() {
        return switch (wakeup) {
            case RECORDS -> amount == 1 ? EACH : EVERY_RECORDS + amount;
            case BYTES -> AT_BYTES + amount;
            default -> word(wakeup);
        };
    }

    private static boolean rings(Wakeup wakeup) {
        return wakeup == Wakeup.RECORDS || wakeup == Wakeup.BYTES;
    }

    /** No wakeup, and a look as seldom as the ring allows: what costs the traced program least. */
    public static Draining adaptive() {
        return new Draining(Wakeup.ADAPTIVE, 0, Optional.empty());
    }

    /** A wakeup for every so many records. */
    public static Draining everyRecords(int records) {
        return new Draining(Wakeup.RECORDS, records, Optional.empty());
    }

    /** A wakeup when so many bytes are unread. */
    public static Draining atBytes(int bytes) {
        return new Draining(Wakeup.BYTES, bytes, Optional.empty());
    }

    /** A look at every interval. */
    public static Draining timed() {
        return new Draining(Wakeup.TIMED, 0, Optional.empty());
    }

    /** The same with another interval. */
    public Draining every(Duration time) {
        return new Draining(wakeup, amount, Optional.of(time));
    }

    /** Whether probe hits wake the consumer. */
    public boolean rings() {
        return rings(wakeup);
    }

    /** So many records wake the consumer; 0 if they do not. */
    public int records() {
        return wakeup == Wakeup.RECORDS ? amount : 0;
    }

    /** So many unread bytes wake the consumer; 0 if they do not. */
    public int bytes() {
        return wakeup == Wakeup.BYTES ? amount : 0;
    }

    /** The longest wait between two looks, unless looks are adaptive. */
    Duration longestWait() {
        return interval.orElse(wakeup == Wakeup.TIMED ? TIMED : LONGEST_WAIT);
    }
}
