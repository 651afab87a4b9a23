package dev.tracetoll.experiment.tune;

import dev.tracetoll.bench.PacedTarget;
import dev.tracetoll.burst.Load;
import dev.tracetoll.tracing.buffer.BufferOptions;
import dev.tracetoll.tracing.buffer.BufferOptions.Stalls;
import dev.tracetoll.tracing.ring.Arrivals;
import java.util.OptionalInt;

/** How large our own ring has to be for a program: what {@link TuneTrials} measures the policies with, by the model alone. */
public final class RingSize {

    /** As {@code tune} has it by default. */
    private static final double SAFETY = 1.5;

    private RingSize() {}

    /** How many bytes of a record are its payload, if it takes so many of our own ring. */
    public static int payloadBytes(double recordBytes) {
        return Math.max(BufferOptions.LEAST_RECORD_BYTES, (int) Math.ceil(recordBytes) - BufferOptions.HEADER_BYTES);
    }

    /** How many threads stand for a program: where it keeps all CPUs busy but one, its threads and the reader have to share them. */
    public static int threads(double busyCpus) {
        int cpus = Runtime.getRuntime().availableProcessors();
        return busyCpus > cpus - 1 ? 2 * cpus : 1;
    }

    /**
     * The size in bytes; measures, for some seconds, how late a reader is on this machine.
     *
     * @param events when they come
     * @param ns how long that was looked at
     * @param recordBytes what they take of the ring, on average
     * @param readNs what the reader takes for one of them at least
     * @param busyCpus how many CPUs the program keeps busy
     * @return empty if none is large enough
     * @throws dev.tracetoll.problem.Problem if it cannot be measured
     */
    public static OptionalInt of(Arrivals events, long ns, double recordBytes, double readNs, double busyCpus) {
        int payload = (payloadBytes(recordBytes) + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
        Setting setting = new Setting(
                Load.poisson(
                        1e9 * events.total() / ns,
                        (int) Math.min(Integer.MAX_VALUE, events.total()),
                        threads(busyCpus),
                        1),
                payload,
                Stalls.NONE);
        try (PacedTarget target = new PacedTarget()) {
            return new ReaderFits(target)
                    .model(
                            Policy.ALL.get(0),
                            setting,
                            ArrivalCurve.of(events.times(BufferOptions.HEADER_BYTES + payload)),
                            readNs,
                            0)
                    .size(SAFETY);
        }
    }
}
