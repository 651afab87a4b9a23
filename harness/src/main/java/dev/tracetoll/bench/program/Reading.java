package dev.tracetoll.bench.program;

/**
 * A figure that was read in what a program printed.
 *
 * @param name what it is of
 * @param unit as {@link dev.tracetoll.results.Metric} has it
 * @param higherIsBetter whether it is good if there is more of it
 * @param value the figure in that unit, a finite number
 */
record Reading(String name, String unit, boolean higherIsBetter, double value) {}
