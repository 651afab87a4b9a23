package dev.tracetoll.results;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tracetoll.schema.Required;
import dev.tracetoll.stats.Bursts;
import java.util.List;
import java.util.Optional;

/**
 * One arm of a run: the same burst of the same target under one technique.
 *
 * <p>The arms of a run that share {@link #workload()} are interleaved: round {@code i} of one arm ran beside round {@code i} of
 * every other.
 *
 * @param name unique in the run; the technique's name unless it occurs twice ({@code untraced-again} is the A/A arm)
 * @param technique what traced the target, {@code untraced} for nothing
 * @param target name of the Go program under test
 * @param function linker symbol of the probed function
 * @param calls calls of the probed function in one burst
 * @param returnsTraced whether returns were traced beside the calls
 * @param goVersion version of Go that built the target, as {@code go1.26.1}
 * @param warmupBursts bursts run before those in {@code bursts} and left out of them, over all rounds
 * @param bursts for each round the durations of its bursts in ns, by the target's own monotonic clock, none thrown away
 * @param callEvents events of calls, those of the bursts included that begin a turn and are not in {@code bursts}
 * @param returnEvents events of returns
 * @param targetCpuNs CPU time the target used, user and system, in ns, over all rounds
 * @param tracerCpuNs CPU time the tracer used besides the target, in ns, over all rounds; 0 for {@code untraced}
 * @param targetPeakBytes largest resident set of the target in any round, in bytes
 * @param tracerPeakBytes largest resident set of the tracer, its JVM included, in bytes, while the arm ran; 0 for {@code untraced}. Of a
 *        peer the largest in any round. Our own techniques share the JVM of a round, which keeps what other arms made it take: of the round in
 *        which it was smallest, an upper bound of what the technique needs
 * @param placement on which CPUs target and tracer ran
 * @param arguments command line of the target
 * @param probedFunctions how many functions were probed, whether they were called or not; 0 where nothing is known of it
 * @param threads most threads that the target had; 0 where nothing is known of it
 * @param sites the probe sites of the function that is called, or of the one probed in its place
 * @param peer whether another tool traced, whose counts are its own affair
 * @param ringBytes size of the ring buffer in which events waited for the tracer, in bytes; 0 where there was none
 * @param metrics what else was measured in each round; empty where it is all above
 * @param signatures the functions that were traced, of our own targets the one that is called or probed in its place, with parameters and results
 *        as the target's debugging information has them, as {@code main.probed(n int, s string) int}; the name alone of one of which it does not;
 *        empty where it is not known
 */
public record Arm(
        String name,
        String technique,
        String target,
        String function,
        int calls,
        boolean returnsTraced,
        String goVersion,
        int warmupBursts,
        @JsonProperty("rounds") Bursts bursts,
        EventCounts callEvents,
        EventCounts returnEvents,
        long targetCpuNs,
        long tracerCpuNs,
        long targetPeakBytes,
        long tracerPeakBytes,
        CpuPlacement placement,
        List<String> arguments,
        int probedFunctions,
        int threads,
        List<Site> sites,
        boolean peer,
        long ringBytes,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Metric> metrics,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> signatures) {

    /** The technique that traces nothing, which all others are compared with. */
    public static final String UNTRACED = "untraced";

    /** The technique that probes a function which is never called, so that its overhead is expected to drown in noise. */
    public static final String UNHIT = "ebpf-unhit";

    /** Ends the name of the second arm of an A/A pair: what it and the arm without the suffix differ by is noise. */
    public static final String AGAIN = "-again";

    /** Refuses what cannot be a measurement; counts that do not add up are kept and make the arm {@linkplain #valid() invalid}. */
    public Arm {
        Required.text(name, "name");
        Required.text(technique, "technique");
        Required.text(target, "target");
        Required.text(function, "function");
        Required.text(goVersion, "goVersion");
        Required.field(callEvents, "callEvents");
        Required.field(returnEvents, "returnEvents");
        Required.notNegative(warmupBursts, "warmupBursts");
        Required.notNegative(targetCpuNs, "targetCpuNs");
        Required.notNegative(tracerCpuNs, "tracerCpuNs");
        Required.notNegative(targetPeakBytes, "targetPeakBytes");
        Required.notNegative(tracerPeakBytes, "tracerPeakBytes");
        Required.notNegative(ringBytes, "ringBytes");
        Required.notNegative(probedFunctions, "probedFunctions");
        Required.notNegative(threads, "threads");
        Required.field(placement, "placement");
        arguments = List.copyOf(Required.field(arguments, "arguments"));
        sites = List.copyOf(Required.field(sites, "sites"));
        // Results without any do not have the field.
        metrics = metrics == null ? List.of() : List.copyOf(metrics);
        signatures = signatures == null ? List.of() : List.copyOf(signatures);
        signatures.forEach(signature -> Required.text(signature, "signatures"));
        Required.positive(calls, "calls");
        if (Required.field(bursts, "rounds").rounds() == 0) {
            throw new IllegalArgumentException("field \"rounds\" is empty");
        }
        if (bursts.hasEmptyRound()) {
            throw new IllegalArgumentException("field \"rounds\" has a round without bursts");
        }
        bursts.all().forEach(ns -> Required.positive(ns, "rounds"));
    }

    /** What two arms must share to be compared. */
    public Workload workload() {
        return new Workload(target, arguments, function, calls, placement);
    }

    /** Events expected, calls and returns together. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public long expected() {
        return events().expected();
    }

    /** Events seen, calls and returns together. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public long seen() {
        return events().seen();
    }

    /** Events lost, calls and returns together. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public long lost() {
        return events().lost();
    }

    /** Whether every expected call and every expected return was either seen or counted as lost. A peer's wrong counts are a finding. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public boolean valid() {
        return peer || callEvents.addsUp() && returnEvents.addsUp();
    }

    /** Events that were reported and never happened, calls and returns together. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public long wrong() {
        return callEvents.wrong() + returnEvents.wrong();
    }

    /** Whether nothing was traced in this arm. */
    public boolean untraced() {
        return technique.equals(UNTRACED);
    }

    /** Whether this is the second arm of an A/A pair. */
    public boolean again() {
        return name.endsWith(AGAIN);
    }

    /** What was measured besides under a name; empty if nothing was. */
    public Optional<Metric> metric(String called) {
        return metrics.stream().filter(metric -> metric.name().equals(called)).findFirst();
    }

    /** The same figures as if they were of another arm, whose target has no command line: for a judge who shall not know what it was. */
    public Arm as(String otherName, String otherTechnique) {
        return but(otherName, otherTechnique, bursts, List.of(), metrics);
    }

    /** The same arm with other figures that were measured besides. */
    public Arm metrics(List<Metric> others) {
        return but(name, technique, bursts, arguments, others);
    }

    /** The same arm with some of its rounds; what it says of all rounds together stays. */
    public Arm rounds(int from, int to) {
        return but(
                name,
                technique,
                bursts.rounds(from, to),
                arguments,
                metrics.stream().map(metric -> metric.rounds(from, to)).toList());
    }

    private EventCounts events() {
        return callEvents.plus(returnEvents);
    }

    private Arm but(
            String otherName,
            String otherTechnique,
            Bursts otherBursts,
            List<String> otherArguments,
            List<Metric> otherMetrics) {
        return new Arm(
                otherName,
                otherTechnique,
                target,
                function,
                calls,
                returnsTraced,
                goVersion,
                warmupBursts,
                otherBursts,
                callEvents,
                returnEvents,
                targetCpuNs,
                tracerCpuNs,
                targetPeakBytes,
                tracerPeakBytes,
                placement,
                otherArguments,
                probedFunctions,
                threads,
                sites,
                peer,
                ringBytes,
                otherMetrics,
                signatures);
    }
}
