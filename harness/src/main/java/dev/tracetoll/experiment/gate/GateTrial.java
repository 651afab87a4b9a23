package dev.tracetoll.experiment.gate;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tracetoll.compare.Change;
import dev.tracetoll.compare.Verdict;
import dev.tracetoll.environment.Environment;
import dev.tracetoll.results.Build;
import dev.tracetoll.schema.Required;
import dev.tracetoll.stats.Interval;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How often the gate was right: what is in {@value TrialStore#TRIAL_FILE}.
 *
 * @param schemaVersion version of this schema, {@value #SCHEMA_VERSION}
 * @param tracetoll which Tracetoll was tried
 * @param started when the recording began
 * @param environment where it was recorded
 * @param command the command line, to the letter
 * @param seed of the order of the arms and of the bootstrap
 * @param tolerance what the gate let pass, as a share
 * @param roundsEach rounds of each of the two runs that were compared
 * @param secondsEach what so many rounds of a gate's run took here, in seconds
 * @param underLoad whether something else kept one core busy during each second window of rounds
 * @param technique what was slowed down
 * @param points what the gate made of each slowdown; the first is none at all
 * @param longer the same with more rounds, drawn from the same recording
 */
public record GateTrial(
        int schemaVersion,
        Build tracetoll,
        Instant started,
        Environment environment,
        List<String> command,
        long seed,
        double tolerance,
        int roundsEach,
        double secondsEach,
        boolean underLoad,
        String technique,
        List<Point> points,
        List<Longer> longer) {

    /** The schema that this version writes, and the newest it reads. */
    public static final int SCHEMA_VERSION = 1;

    public GateTrial {
        Required.field(tracetoll, "tracetoll");
        Required.field(started, "started");
        Required.field(environment, "environment");
        command = List.copyOf(Required.field(command, "command"));
        Required.text(technique, "technique");
        points = List.copyOf(Required.field(points, "points"));
        if (points.isEmpty()) {
            throw new IllegalArgumentException("field \"points\" is empty");
        }
        longer = List.copyOf(Required.field(longer, "longer"));
    }

    /**
     * What the gate makes of the slowdowns with more rounds.
     *
     * @param roundsEach rounds of each of the two runs that were compared
     * @param points what the gate made of each slowdown; the first is none at all
     */
    public record Longer(int roundsEach, List<Point> points) {

        public Longer {
            points = List.copyOf(Required.field(points, "points"));
        }
    }

    /**
     * What the gate made of a slowdown.
     *
     * @param slowdown what was slowed down on purpose; none if the same was compared with itself
     * @param measured the overhead of a {@linkplain Change.Figure#QUICK quick burst} as a multiple of the base's, over the whole recording
     * @param cheaper comparisons that found it cheaper
     * @param fine comparisons that found it fine
     * @param inconclusive comparisons that could not say
     * @param dearer comparisons that found it dearer
     */
    public record Point(
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Slowdown slowdown,

            Interval measured,
            int cheaper,
            int fine,
            int inconclusive,
            int dearer) {

        public Point {
            Required.field(measured, "measured");
            Required.notNegative(cheaper, "cheaper");
            Required.notNegative(fine, "fine");
            Required.notNegative(inconclusive, "inconclusive");
            Required.notNegative(dearer, "dearer");
        }

        /** What was slowed down; empty if the same was compared with itself. */
        public Optional<Slowdown> made() {
            return Optional.ofNullable(slowdown);
        }

        /** All of them. */
        public int comparisons() {
            return cheaper + fine + inconclusive + dearer;
        }

        /** How many of so many came to a verdict. */
        public int count(Verdict verdict) {
            return switch (verdict) {
                case CHEAPER -> cheaper;
                case FINE -> fine;
                case INCONCLUSIVE -> inconclusive;
                case DEARER -> dearer;
            };
        }
    }
}
