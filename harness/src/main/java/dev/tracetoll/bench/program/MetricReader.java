package dev.tracetoll.bench.program;

import dev.tracetoll.problem.BadInput;
import java.util.ArrayList;
import java.util.List;

/** Finds the figures in all that was printed in a run: those that were named, or else those that well-known tools print. */
final class MetricReader {

    private final List<NamedMetric> named;
    private final boolean driven;
    private final List<MetricSource> sources;

    /**
     * @param named what somebody says how to find; if empty, what load generators and Go benchmarks print is looked for
     * @param driven whether something drives the program, which prints figures
     */
    MetricReader(List<NamedMetric> named, boolean driven) {
        this.named = named;
        this.driven = driven;
        this.sources = named.isEmpty()
                ? driven ? List.of(new LoadGenerators(), new GoBenchmarkLines()) : List.of(new GoBenchmarkLines())
                : List.copyOf(named);
    }

    /** Whether the program itself may print figures. */
    boolean readsTheProgram() {
        return !driven || !named.isEmpty();
    }

    /** Whether a line has a figure. */
    boolean hasFigure(String line) {
        return sources.stream().anyMatch(source -> !source.read(line).isEmpty());
    }

    /** The figures in lines, in their order. */
    List<Reading> read(List<String> lines) {
        List<Reading> readings = new ArrayList<>();
        lines.forEach(line -> sources.forEach(source -> readings.addAll(source.read(line))));
        return readings;
    }

    /**
     * Refuses what was named and is not printed.
     *
     * @param readings of a run without tracing
     * @throws BadInput if a figure is missing
     */
    void requireAll(List<Reading> readings) {
        for (NamedMetric metric : named) {
            if (readings.stream().noneMatch(reading -> reading.name().equals(metric.name()))) {
                throw new BadInput("--metric " + metric.name() + "="
                        + metric.pattern().pattern()
                        + " is found in no line that was printed" + (driven ? " by the load or the program" : "")
                        + "; run it by hand to see what it prints");
            }
        }
    }
}
