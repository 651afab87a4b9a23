package dev.tracetoll.experiment.tune;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.tracetoll.text.ByteSize;
import dev.tracetoll.tracing.buffer.BufferKind;
import dev.tracetoll.tracing.ring.Draining;
import dev.tracetoll.tracing.ring.RingChoice;
import dev.tracetoll.tracing.ring.RingDrainer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where records wait, and when they are read.
 *
 * @param kind of the buffer
 * @param when the reader looks
 * @param amount of what {@code when} says
 */
public record Policy(BufferKind kind, When when, int amount) {

    /** When a reader looks. */
    public enum When {
        /** Each record wakes it. */
        EACH,
        /** Each so many records wake it; of perf buffers those of a CPU. */
        RECORDS,
        /** A record wakes a reader that had read everything: what the kernel's ring buffer does by itself. */
        CAUGHT_UP,
        /** It is woken when one part in so many of the buffer is unread. */
        SHARE,
        /** It looks every so many microseconds. */
        TIMED,
        /** It looks as seldom as the buffer allows. */
        ADAPTIVE
    }

    private static final int FEW_RECORDS = 64;
    private static final int QUARTER = 4;
    private static final int MILLISECOND_US = 1_000;

    /** All that are compared, the best known first. */
    public static final List<Policy> ALL = List.of(
            of(BufferKind.RING, When.ADAPTIVE),
            of(BufferKind.RING, When.TIMED),
            of(BufferKind.RING, When.SHARE),
            of(BufferKind.RING, When.EACH),
            of(BufferKind.RINGBUF, When.TIMED),
            of(BufferKind.RINGBUF, When.SHARE),
            of(BufferKind.RINGBUF, When.RECORDS),
            of(BufferKind.RINGBUF, When.CAUGHT_UP),
            of(BufferKind.RINGBUF, When.EACH),
            of(BufferKind.PERF, When.TIMED),
            of(BufferKind.PERF, When.SHARE),
            of(BufferKind.PERF, When.EACH));

    /** The simplest of its kind. */
    static Policy of(BufferKind kind, When when) {
        return new Policy(
                kind,
                when,
                switch (when) {
                    case EACH -> 1;
                    case RECORDS -> FEW_RECORDS;
                    case SHARE -> QUARTER;
                    case TIMED -> MILLISECOND_US;
                    case CAUGHT_UP, ADAPTIVE -> 0;
                });
    }

    /** The policy of that name. */
    public static Optional<Policy> named(String word) {
        return ALL.stream().filter(policy -> policy.word().equals(word)).findFirst();
    }

    /** Their names. */
    public static Stream<String> words() {
        return ALL.stream().map(Policy::word);
    }

    /** Its name in files and on command lines. */
    @JsonValue
    public String word() {
        String buffer = kind.name().toLowerCase(java.util.Locale.ROOT);
        return buffer + "-"
                + switch (when) {
                    case EACH -> "each";
                    case RECORDS -> "records-" + amount;
                    case CAUGHT_UP -> "caught-up";
                    case SHARE -> "at-1/" + amount;
                    case TIMED -> "every-" + amount / MILLISECOND_US + "ms";
                    case ADAPTIVE -> "adaptive";
                };
    }

    /** In words, for people. */
    public String inWords() {
        return kind.words() + ", "
                + switch (when) {
                    case EACH -> "each record wakes the reader";
                    case RECORDS -> "every " + amount + " records wake the reader";
                    case CAUGHT_UP -> "a record wakes a reader that had read everything";
                    case SHARE -> "woken when 1/" + amount + " is unread";
                    case TIMED -> "read every " + amount / MILLISECOND_US + " ms";
                    case ADAPTIVE -> "read as seldom as possible";
                };
    }

    /** The same for a reader, of a buffer of that size. */
    Draining draining(int bytes) {
        return switch (when) {
            case EACH -> Draining.everyRecords(1);
            case RECORDS -> Draining.everyRecords(amount);
            case CAUGHT_UP -> Draining.atBytes(1);
            case SHARE -> Draining.atBytes(bytes / amount);
            case TIMED -> Draining.timed().every(Duration.ofNanos(1_000L * amount));
            case ADAPTIVE -> Draining.adaptive();
        };
    }

    /** Whether records wake the reader. */
    boolean rings() {
        return when != When.TIMED && when != When.ADAPTIVE;
    }

    /** Whether a single record may wake the reader. */
    boolean wakesByRecord() {
        return when == When.EACH || when == When.CAUGHT_UP;
    }

    /** What the reader lets pass by intent before it looks, in ns. */
    long plannedWaitNs(int bytes, int room) {
        return switch (when) {
            case TIMED -> 1_000L * amount;
            case ADAPTIVE -> RingDrainer.longestAdaptivePauseNs(bytes, room);
            default -> 0;
        };
    }

    /** What the reader lets come by intent before it is woken, in bytes. */
    long plannedBytes(int bytes, int room) {
        return switch (when) {
            case RECORDS -> (long) amount * room;
            case SHARE -> bytes / amount;
            default -> 0;
        };
    }

    /** The same for a ring of that size. */
    RingChoice choice(int bytes) {
        Draining draining = draining(bytes);
        return new RingChoice(
                bytes,
                draining.word(),
                draining.interval().map(Duration::toNanos).orElse(0L));
    }

    /** As options of {@code trace} and {@code bench}, as far as they have them. */
    Optional<String> asOptions(int bytes) {
        if (kind != BufferKind.RING) {
            return Optional.empty();
        }
        RingChoice choice = choice(bytes);
        String wakeup = when == When.SHARE ? "bytes:" + ByteSize.typed(bytes / amount) : choice.wakeup();
        return Optional.of("--ring-size " + ByteSize.typed(bytes) + " --wakeup " + wakeup
                + (choice.intervalNs() == 0
                        ? ""
                        : " --drain-interval "
                                + Duration.ofNanos(choice.intervalNs()).toMillis() + "ms"));
    }
}
