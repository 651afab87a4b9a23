package dev.tracetoll.cli;

import dev.tracetoll.linux.file.MappedMemory;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.text.ByteSize;
import dev.tracetoll.tracing.ring.Draining;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import picocli.CommandLine.Option;

/** How large the ring buffer is in which events wait under eBPF, and how it is drained. */
final class RingOptions {

    /** An element of a BPF map is no larger than 2 GiB; the ring has a head besides. */
    static final long LARGEST = 1L << 30;

    private static final String EACH = "each";
    private static final String RECORDS = "records:";
    private static final String BYTES = "bytes:";
    private static final String TIMED = "timed";
    private static final String ADAPTIVE = "adaptive";

    @Option(
            names = "--ring-size",
            paramLabel = "SIZE",
            description =
                    "Under eBPF, the size of the ring buffer in which events wait to be read: a power of two, such as 64k or 8m (default: 64m).")
    private String size;

    @Option(
            names = "--wakeup",
            paramLabel = "WHEN",
            description =
                    "Under eBPF, what tells the reader to read: each event, records:N, bytes:SIZE unread, timed (it looks once every "
                            + "--drain-interval), or adaptive (it looks as seldom as the ring buffer allows). Whatever is told by events, the "
                            + "traced program pays for (default: adaptive).")
    private String wakeup;

    @Option(
            names = "--drain-interval",
            paramLabel = "D",
            converter = DurationConverter.class,
            description =
                    "Under eBPF, how long events wait at most to be read (default: 1ms with --wakeup timed, up to 8ms if adaptive, else 10ms).")
    private Duration interval;

    /** The first of these options that was given, as it is typed. */
    Optional<String> given() {
        return Optional.ofNullable(
                size != null
                        ? "--ring-size"
                        : wakeup != null ? "--wakeup" : interval != null ? "--drain-interval" : null);
    }

    /**
     * The size in bytes, if it was chosen.
     *
     * @throws BadInput if there can be no ring of that size
     */
    OptionalInt bytes() {
        return size == null ? OptionalInt.empty() : OptionalInt.of(ringBytes(size));
    }

    /**
     * When a ring of that size is drained.
     *
     * @throws BadInput if there is no such way, or it would never be
     */
    Draining draining(int ringBytes) {
        Draining draining = wakeup == null ? Draining.adaptive() : parse(wakeup);
        if (draining.bytes() > ringBytes) {
            throw new BadInput("--wakeup " + wakeup + " never comes, as the ring buffer holds "
                    + ByteSize.typed(ringBytes) + "; use less, or a larger --ring-size");
        }
        return interval == null ? draining : draining.every(interval);
    }

    /**
     * A size of a ring.
     *
     * @throws BadInput if there can be none of that size
     */
    static int ringBytes(String text) {
        OptionalLong bytes = ByteSize.parse(text);
        int page = MappedMemory.pageSize();
        if (bytes.isEmpty()) {
            throw new BadInput("--ring-size " + text + " is no size; use one such as 64k or 8m");
        }
        long size = bytes.getAsLong();
        if (Long.bitCount(size) != 1 || size < page || size > LARGEST) {
            long nearest = Math.min(LARGEST, ByteSize.nextPowerOfTwo(Math.max(page, size)));
            throw new BadInput("--ring-size " + text + " is no power of two from " + ByteSize.typed(page) + " to "
                    + ByteSize.typed(LARGEST) + ", as a ring buffer's size has to be; the nearest is "
                    + ByteSize.typed(nearest));
        }
        return (int) size;
    }

    private static Draining parse(String text) {
        if (text.equals(EACH)) {
            return Draining.everyRecords(1);
        }
        if (text.equals(TIMED)) {
            return Draining.timed();
        }
        if (text.equals(ADAPTIVE)) {
            return Draining.adaptive();
        }
        if (text.startsWith(RECORDS)) {
            return Draining.everyRecords(amount(text, RECORDS));
        }
        if (text.startsWith(BYTES)) {
            return Draining.atBytes(amount(text, BYTES));
        }
        throw new BadInput("--wakeup " + text + " is unknown; there are " + EACH + ", " + RECORDS + "N, " + BYTES
                + "SIZE, " + TIMED + " and " + ADAPTIVE);
    }

    private static int amount(String text, String prefix) {
        OptionalLong amount = ByteSize.parse(text.substring(prefix.length()));
        if (amount.isEmpty() || amount.getAsLong() < 1 || amount.getAsLong() > LARGEST) {
            throw new BadInput(
                    "--wakeup " + text + " has no number from 1 to " + ByteSize.typed(LARGEST) + " behind " + prefix);
        }
        return (int) amount.getAsLong();
    }
}
