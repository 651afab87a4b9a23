package dev.tracetoll.experiment.tune;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tracetoll.environment.Environment;
import dev.tracetoll.results.Build;
import dev.tracetoll.schema.Required;
import dev.tracetoll.stats.Interval;
import dev.tracetoll.tracing.buffer.BufferKind;
import dev.tracetoll.tracing.ring.RingChoice;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which buffers hold what comes, and what they cost: what is in {@value TuningStore#TUNING_FILE}.
 *
 * @param schemaVersion version of this schema, {@value #SCHEMA_VERSION}
 * @param tracetoll which Tracetoll measured
 * @param started when it began
 * @param environment where
 * @param command the command line, to the letter
 * @param seed of the order and of the bootstrap
 * @param setting what the buffers had to stand, in words
 * @param callsPerSecond the rate that the untraced program reached
 * @param recordBytes of each record, its header not counted
 * @param safety how many times what is needed a buffer is to hold
 * @param mostLatencyNs how long a record may wait at most, at the 99.9th percentile; null if that is all the same
 * @param rounds in which every policy was measured once
 * @param untracedNsACall what a call took that left no record
 * @param untracedRoundsNs the same, of each round
 * @param probeNs what a call took longer that was probed and left no record
 * @param tried what became of each policy
 * @param advised the name of the policy that is advised; null if none held what came
 * @param curves of the policy that is advised, or of the first: the most that comes and the least that is read within a time
 * @param wakeups what wakeups cost at several rates; empty if there was no time for that
 * @param verified what became of the advice when it was tried once more; null if that was not asked for
 */
public record Tuning(
        int schemaVersion,
        Build tracetoll,
        Instant started,
        Environment environment,
        List<String> command,
        long seed,
        String setting,
        double callsPerSecond,
        int recordBytes,
        double safety,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long mostLatencyNs,
        int rounds,
        Interval untracedNsACall,
        List<Double> untracedRoundsNs,
        Interval probeNs,
        List<Tried> tried,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String advised,
        List<CurvePoint> curves,
        List<Wakeups> wakeups,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Tried verified) {

    /** The schema that this version writes, and the newest it reads. */
    public static final int SCHEMA_VERSION = 1;

    public Tuning {
        Required.field(tracetoll, "tracetoll");
        Required.field(started, "started");
        Required.field(environment, "environment");
        command = List.copyOf(Required.field(command, "command"));
        Required.text(setting, "setting");
        Required.field(untracedNsACall, "untracedNsACall");
        Required.field(probeNs, "probeNs");
        untracedRoundsNs = List.copyOf(Required.field(untracedRoundsNs, "untracedRoundsNs"));
        tried = List.copyOf(Required.field(tried, "tried"));
        curves = List.copyOf(Required.field(curves, "curves"));
        wakeups = List.copyOf(Required.field(wakeups, "wakeups"));
    }

    /**
     * A point of the two curves.
     *
     * @param ns a length of time
     * @param arrivedBytes the most that came within it
     * @param servedBytes the least that was read within it
     */
    public record CurvePoint(double ns, double arrivedBytes, double servedBytes) {

        /** What a buffer has to hold of that: the distance between the curves, negative where all is read. */
        double toBeHeldBytes() {
            return arrivedBytes - servedBytes;
        }

        /** The first of those with the most to be held: it stays the same where nothing comes for a while. */
        static Optional<CurvePoint> widest(List<CurvePoint> points) {
            return points.stream().reduce((best, point) -> point.toBeHeldBytes() > best.toBeHeldBytes() ? point : best);
        }
    }

    /**
     * How likely it is that a size loses something.
     *
     * @param bytes the size
     * @param withinAnHour the probability, with an interval of 95 %
     */
    public record Risk(long bytes, Interval withinAnHour) {}

    /**
     * What became of a policy.
     *
     * @param policy its name
     * @param predictedBytes what it needs by the model; null if no size is enough
     * @param bytes the size that it was measured with: the safety in it
     * @param smallestBytes the smallest that lost nothing; null if all lost something, or it was not looked for
     * @param calls how many there were in all rounds
     * @param seen records that were read
     * @param lost records that found no room
     * @param longestLoss the longest run of lost records
     * @param overheadNs what a call took longer than untraced, in ns
     * @param roundsNs what a call took in each round, in ns
     * @param readerCpu CPU time of the reader as a share of the time
     * @param latencyNs how long records waited: the 50th, 99th and 99.9th percentile and the longest, in ns
     * @param readerNsPerRecord how long the reader takes for a record, where it has enough of them, in ns
     * @param readerLatenessNs by how much it looks later than it means to at most, with 95 % within the time of a load, in ns
     * @param mostUnreadBytes the most that the reader found
     * @param risks of the size, half of it and twice as much; empty where too little was seen
     */
    public record Tried(
            String policy,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Long predictedBytes,

            long bytes,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Long smallestBytes,

            long calls,
            long seen,
            long lost,
            long longestLoss,
            Interval overheadNs,
            List<Double> roundsNs,
            double readerCpu,
            Latency latencyNs,
            double readerNsPerRecord,
            double readerLatenessNs,
            long mostUnreadBytes,
            List<Risk> risks) {

        public Tried {
            Required.text(policy, "policy");
            Required.positive(bytes, "bytes");
            Required.notNegative(lost, "lost");
            if (seen + lost != calls) {
                throw new IllegalArgumentException(
                        "of " + calls + " calls, " + seen + " were seen and " + lost + " lost");
            }
            Required.field(overheadNs, "overheadNs");
            roundsNs = List.copyOf(Required.field(roundsNs, "roundsNs"));
            Required.field(latencyNs, "latencyNs");
            risks = List.copyOf(Required.field(risks, "risks"));
        }

        /** What it needs by the model; empty if no size is enough. */
        Optional<Long> predicted() {
            return Optional.ofNullable(predictedBytes);
        }

        /** The smallest that lost nothing. */
        Optional<Long> smallest() {
            return Optional.ofNullable(smallestBytes);
        }

        /** Whether it lost nothing, has a size by the model, and let no more than one record in a thousand wait longer than that. */
        boolean holds(Optional<Long> mostLatencyNs) {
            return lost == 0
                    && predictedBytes != null
                    && mostLatencyNs.filter(most -> latencyNs.p999() > most).isEmpty();
        }

        Policy asPolicy() {
            return Policy.named(policy).orElseThrow(() -> new IllegalArgumentException("no policy " + policy));
        }
    }

    /**
     * How long records waited to be read, in ns.
     *
     * @param p50 half of them no longer
     * @param p99 99 of 100
     * @param p999 999 of 1000
     * @param max none
     */
    public record Latency(double p50, double p99, double p999, double max) {}

    /** What is advised for our own ring: the policy that is advised if it is one of these, or else the cheapest that is; empty if none lost nothing. */
    public Optional<RingChoice> ownRing() {
        return Stream.concat(
                        advice().stream(),
                        tried.stream()
                                .filter(each -> each.holds(Optional.ofNullable(mostLatencyNs)))
                                .sorted(Comparator.comparingDouble(
                                        each -> each.overheadNs().median())))
                .filter(each -> each.asPolicy().kind() == BufferKind.RING)
                .findFirst()
                .map(each -> each.asPolicy().choice((int) each.bytes()));
    }

    /** What became of the policy that is advised. */
    public Optional<Tried> advice() {
        return tried.stream().filter(each -> each.policy().equals(advised)).findFirst();
    }
}
