package dev.tracetoll.results;

/**
 * What a burst consists of.
 *
 * @param target name of the Go program under test
 * @param function linker symbol of the probed function
 * @param calls calls of the probed function in one burst
 */
public record Workload(String target, String function, int calls) {}
