package dev.tracetoll.bench;

/**
 * An arm to measure.
 *
 * @param name unique in the run; the technique's name, or for the second arm of the A/A pair another
 * @param technique how the target is traced
 * @param target name or path of the target
 * @param calls calls of the probed function in one burst
 */
public record ArmSpec(String name, String technique, String target, int calls) {}
