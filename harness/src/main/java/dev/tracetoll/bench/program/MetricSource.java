package dev.tracetoll.bench.program;

import java.util.List;

/** Finds figures in a line of what a program printed. */
@FunctionalInterface
interface MetricSource {

    /** The figures in a line, in their order; none if it has none. */
    List<Reading> read(String line);
}
