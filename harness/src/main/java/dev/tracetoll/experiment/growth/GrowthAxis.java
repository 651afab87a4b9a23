package dev.tracetoll.experiment.growth;

import dev.tracetoll.results.Arm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What grows in a run of the growth experiment, while all else stays as it is. */
public enum GrowthAxis {
    CALLS("calls in a burst", "call", "text", List.of()) {
        @Override
        public double at(Arm arm) {
            return arm.calls();
        }

        @Override
        public double regressor(double value) {
            return 1 / value;
        }

        @Override
        public String fixedPart() {
            return "per call in a long burst";
        }

        @Override
        public String growingPart() {
            return "per burst besides";
        }
    },
    BYTES("bytes of a string argument", "byte", "text", List.of("-bytes")),
    FUNCTIONS("probed functions", "probed function", "many", List.of()) {
        @Override
        public double at(Arm arm) {
            return arm.probedFunctions();
        }
    },
    THREADS("threads", "thread", "goroutines", List.of("-k")),
    GOROUTINES("goroutines", "goroutine", "goroutines", List.of("-free", "-k"));

    private final String title;
    private final String unit;
    private final String target;
    private final List<String> options;

    GrowthAxis(String title, String unit, String target, List<String> options) {
        this.title = title;
        this.unit = unit;
        this.target = target;
        this.options = options;
    }

    /** The axis of a name, as {@code calls}; empty if there is none. */
    public static Optional<GrowthAxis> named(String name) {
        return Arrays.stream(values()).filter(axis -> axis.word().equals(name)).findFirst();
    }

    /** What it is called on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The axis that an arm is a point of, if it is one. */
    public static Optional<GrowthAxis> of(Arm arm) {
        for (GrowthAxis axis : values()) {
            int count = axis.options.size();
            boolean valued =
                    count == 0 ? arm.arguments().isEmpty() : arm.arguments().size() == count + 1;
            if (axis.target.equals(arm.target())
                    && valued
                    && arm.arguments().subList(0, count).equals(axis.options)) {
                return Optional.of(axis);
            }
        }
        return Optional.empty();
    }

    /** For people. */
    public String title() {
        return title;
    }

    /** The target that it is measured with. */
    public String target() {
        return target;
    }

    /** The command line of the target at a value. */
    public List<String> arguments(int value) {
        if (options.isEmpty()) {
            return List.of();
        }
        List<String> arguments = new ArrayList<>(options);
        arguments.add(Integer.toString(value));
        return arguments;
    }

    /** Where on the axis an arm is. */
    public double at(Arm arm) {
        return Double.parseDouble(arm.arguments().get(arm.arguments().size() - 1));
    }

    /** How many threads share the calls of a burst at the same time: their number times the burst's duration is the time that the calls took. */
    public int parallel(double value, int cpus) {
        return this == THREADS || this == GOROUTINES ? (int) Math.min(value, cpus) : 1;
    }

    /** What the cost of a call grows in proportion with: a cost paid once a burst is shared by its calls. */
    public double regressor(double value) {
        return value;
    }

    /** What the intercept of the fitted line means. */
    public String fixedPart() {
        return "per call";
    }

    /** What the slope of the fitted line means. */
    public String growingPart() {
        return "more for each " + unit;
    }
}
