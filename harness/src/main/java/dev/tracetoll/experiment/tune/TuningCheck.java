package dev.tracetoll.experiment.tune;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tracetoll.environment.Environment;
import dev.tracetoll.results.Build;
import dev.tracetoll.schema.Required;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How good the model is, on settings that it was not fitted on: what is in {@value #FILE}.
 *
 * @param schemaVersion version of this schema, {@value #SCHEMA_VERSION}
 * @param tracetoll which Tracetoll measured
 * @param started when it began
 * @param environment where
 * @param command the command line, to the letter
 * @param seed of the choice of settings
 * @param runs of each size that was tried
 * @param settings what became of each
 */
public record TuningCheck(
        int schemaVersion,
        Build tracetoll,
        Instant started,
        Environment environment,
        List<String> command,
        long seed,
        int runs,
        List<Checked> settings) {

    /** The schema that this version writes, and the newest it reads. */
    public static final int SCHEMA_VERSION = 1;

    /** Name of the file that holds a check. */
    public static final String FILE = "tuning-check.json";

    /** No more than that is asked of a prediction, as a multiple of the smallest size without loss. */
    static final int MOST_RATIO = 2;

    public TuningCheck {
        Required.field(tracetoll, "tracetoll");
        Required.field(started, "started");
        Required.field(environment, "environment");
        command = List.copyOf(Required.field(command, "command"));
        settings = List.copyOf(Required.field(settings, "settings"));
    }

    /**
     * What became of a setting.
     *
     * @param setting in words
     * @param policy its name
     * @param predictedBytes what the model says; null if no size is enough
     * @param lossyRuns runs with that size that lost something
     * @param lost records that they lost
     * @param calls how many there were in these runs
     * @param smallestBytes the smallest size of which no run lost anything; null if it was not found
     */
    public record Checked(
            String setting,
            String policy,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Long predictedBytes,

            int lossyRuns,
            long lost,
            long calls,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Long smallestBytes) {

        Optional<Long> predicted() {
            return Optional.ofNullable(predictedBytes);
        }

        Optional<Long> smallest() {
            return Optional.ofNullable(smallestBytes);
        }

        /** Prediction as a multiple of the smallest without loss. */
        Optional<Double> ratio() {
            return predicted().flatMap(bytes -> smallest().map(least -> (double) bytes / least));
        }
    }

    private List<Checked> predicted() {
        return settings.stream().filter(each -> each.predicted().isPresent()).toList();
    }

    /** Share of the runs with a predicted size that lost nothing. */
    double lossless() {
        long all = (long) runs * predicted().size();
        return all == 0
                ? 0
                : 1 - predicted().stream().mapToInt(Checked::lossyRuns).sum() / (double) all;
    }

    /** Share of the settings whose prediction is no more than twice the smallest size without loss. */
    double tight() {
        List<Double> ratios =
                predicted().stream().flatMap(each -> each.ratio().stream()).toList();
        return ratios.isEmpty()
                ? 0
                : (double) ratios.stream().filter(ratio -> ratio <= MOST_RATIO).count() / ratios.size();
    }
}
