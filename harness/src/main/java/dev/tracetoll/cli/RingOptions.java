package dev.tracetoll.cli;

import dev.tracetoll.experiment.tune.TuningStore;
import dev.tracetoll.linux.file.MappedMemory;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.text.ByteSize;
import dev.tracetoll.tracing.ring.Draining;
import dev.tracetoll.tracing.ring.RingChoice;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Option;

/** How large the ring buffer is in which events wait under eBPF, and how it is drained. */
final class RingOptions {

    /** An element of a BPF map is no larger than 2 GiB; the ring has a head besides. */
    static final long LARGEST = 1L << 30;

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

    @Option(
            names = "--tuning",
            paramLabel = "FILE",
            description =
                    "Under eBPF, the ring buffer that a tuning.json of tracetoll tune advises; what is chosen besides goes before it.")
    private Path tuning;

    /** The first of these options that was given, as it is typed. */
    Optional<String> given() {
        return Optional.ofNullable(
                size != null
                        ? "--ring-size"
                        : wakeup != null
                                ? "--wakeup"
                                : interval != null ? "--drain-interval" : tuning != null ? "--tuning" : null);
    }

    /**
     * What was chosen.
     *
     * @param defaultBytes the size if none was
     * @throws BadInput if there can be no ring of that size, or no such way to drain it, or it would never be drained
     */
    RingChoice choice(int defaultBytes) {
        RingChoice advised = tuning == null ? RingChoice.NONE : advised(tuning);
        RingChoice typed = new RingChoice(
                size == null ? 0 : ringBytes(size),
                wakeup == null ? "" : parse(wakeup).word(),
                interval == null ? 0 : interval.toNanos());
        RingChoice choice = advised.overriddenBy(typed);
        int bytes = choice.bytesOr(defaultBytes);
        if (choice.drainingOr(Draining.adaptive()).bytes() > bytes) {
            throw new BadInput("--wakeup " + (wakeup == null ? choice.wakeup() : wakeup)
                    + " never comes, as the ring buffer holds " + ByteSize.typed(bytes)
                    + "; use less, or a larger --ring-size");
        }
        return choice;
    }

    private static RingChoice advised(Path file) {
        return TuningStore.load(file)
                .ownRing()
                .orElseThrow(
                        () -> new BadInput(
                                "--tuning " + file
                                        + " advises no ring of our own: none that was tried held what came; tune with other --policy or --latency"));
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
        int colon = text.indexOf(':') + 1;
        OptionalLong size = colon == 0 ? OptionalLong.empty() : ByteSize.parse(text.substring(colon));
        try {
            return Draining.parse(size.isPresent() ? text.substring(0, colon) + size.getAsLong() : text);
        } catch (IllegalArgumentException e) {
            throw new BadInput("--wakeup " + text + " " + e.getMessage());
        }
    }
}
