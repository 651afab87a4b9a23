package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.linux.process.ProcessUsage;
import dev.tracetoll.problem.Failing;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.tracing.EventSink;
import dev.tracetoll.tracing.FunctionTotal;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.TracedProcess;
import dev.tracetoll.tracing.Tracer;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.record.EventAssembler;
import dev.tracetoll.tracing.ring.ArrivalBins;
import dev.tracetoll.tracing.ring.Arrivals;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Notes when calls and returns of a program come, at the price of counting them: what a buffer for their events would have to hold. At its beginning
 * it traces them as well, for a moment, to see how large their records are and how fast they are read.
 */
public final class ArrivalTracer implements Tracer {

    private static final int SAMPLE_RING_BYTES = 16 << 20;

    /**
     * What was seen.
     *
     * @param arrivals of what was counted, one for each call and, unless calls alone were, each return
     * @param ns how long it was looked at
     * @param sampled how many records were read at the beginning
     * @param recordBytes what they took of the ring, on average
     * @param readNs how long the reader took for one, on average
     * @param busyCpus how many CPUs the program kept busy, on average
     * @param whole whether all that came is in it: no more than ten minutes are
     */
    public record Observed(
            Arrivals arrivals,
            long ns,
            long sampled,
            double recordBytes,
            double readNs,
            double busyCpus,
            boolean whole) {}

    private final Optional<TracePlan> sampled;
    private final EventSink reader;
    private final long sampleRecords;
    private final Duration sampleTime;
    private @Nullable Observed observed;

    /**
     * @param reader what events of the beginning go to: what it takes is what a reader takes
     * @param sampleRecords after so many records the beginning is over
     * @param sampleTime or after that time
     */
    public ArrivalTracer(EventSink reader, long sampleRecords, Duration sampleTime) {
        this(Optional.empty(), reader, sampleRecords, sampleTime);
    }

    /**
     * The same that counts calls alone, which costs no more than that.
     *
     * @param sampled what is traced at the beginning
     */
    public ArrivalTracer(TracePlan sampled, EventSink reader, long sampleRecords, Duration sampleTime) {
        this(Optional.of(sampled), reader, sampleRecords, sampleTime);
    }

    private ArrivalTracer(Optional<TracePlan> sampled, EventSink reader, long sampleRecords, Duration sampleTime) {
        this.sampled = sampled;
        this.reader = reader;
        this.sampleRecords = sampleRecords;
        this.sampleTime = sampleTime;
    }

    @Override
    public Technique technique() {
        return Technique.EBPF;
    }

    /** The sink gets no event. */
    @Override
    public TraceSession attach(TracePlan plan, TracedProcess process, EventSink sink) {
        SilentSession counting = new SilentSession(
                new ProbedPlan(plan), process, EbpfOptions.best().collect(Collect.ARRIVALS));
        try {
            return new Session(process.pid(), counting, sample(sampled.orElse(plan), process));
        } catch (RuntimeException | Error e) {
            Failing.close(counting, e);
            throw e;
        }
    }

    private EbpfSession sample(TracePlan of, TracedProcess process) {
        return new EbpfSession(
                new ProbedPlan(of),
                process,
                new EventAssembler(of, reader),
                EbpfOptions.best().ringBytes(SAMPLE_RING_BYTES));
    }

    /** What was seen, once the session is closed. */
    public Observed observed() {
        if (observed == null) {
            throw new IllegalStateException("it is still looked at");
        }
        return observed;
    }

    /** Counts all along, and traces at the beginning. */
    private final class Session implements TraceSession {

        private final int pid;
        private final SilentSession counting;
        private final EbpfSession sample;
        private final ArrivalBins bins;
        private final long beganNs = System.nanoTime();
        private final long cpuBeforeNs;
        private long cpuNs;
        private boolean sampled;
        private long endedNs;

        Session(int pid, SilentSession counting, EbpfSession sample) {
            this.pid = pid;
            this.counting = counting;
            this.sample = sample;
            this.bins = new ArrivalBins(counting.object().mapped("arrivals", ArrivalBins.BYTES, true), beganNs);
            cpuBeforeNs = ProcessUsage.cpuNs(pid);
            cpuNs = cpuBeforeNs;
        }

        @Override
        public TraceCounts counts() {
            return counting.counts();
        }

        @Override
        public List<FunctionTotal> totals() {
            return counting.totals();
        }

        @Override
        public void settle() {}

        @Override
        public synchronized Optional<String> follow() {
            if (endedNs == 0) {
                long nowNs = System.nanoTime();
                bins.collect(nowNs);
                readCpu();
                if (!sampled && (sample.records() >= sampleRecords || nowNs - beganNs >= sampleTime.toNanos())) {
                    sampled = true;
                    sample.close();
                }
            }
            return counting.follow();
        }

        /** A process that has ended has used no less than it had when it was seen last. */
        private void readCpu() {
            try {
                cpuNs = ProcessUsage.cpuNs(pid);
            } catch (OperationFailed e) {
                // It has ended, and its parent knows.
            }
        }

        @Override
        public synchronized void detach() {
            if (endedNs == 0) {
                counting.detach();
                endedNs = System.nanoTime();
                sample.detach();
            }
        }

        @Override
        public synchronized void close() {
            if (observed != null) {
                return;
            }
            try (counting) {
                detach();
                sample.close();
                long records = sample.records();
                Arrivals arrivals = bins.until(endedNs);
                observed = new Observed(
                        arrivals,
                        endedNs - beganNs,
                        records,
                        records == 0 ? 0 : (double) sample.drainer().drainedBytes() / records,
                        records == 0 ? 0 : (double) sample.drainer().drainingNs() / records,
                        (double) (cpuNs - cpuBeforeNs) / (endedNs - beganNs),
                        !bins.isFull());
            }
        }
    }
}
