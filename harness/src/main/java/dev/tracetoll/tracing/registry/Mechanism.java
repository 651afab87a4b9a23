package dev.tracetoll.tracing.registry;

/**
 * What makes a tracer see a call.
 *
 * @param word in a word
 * @param hue of techniques that have no colour of their own
 * @param stops whether the target is stopped for it, by ptrace
 */
public record Mechanism(String word, Hue hue, boolean stops) {

    /** A program in the kernel runs at each hit. */
    public static final Mechanism EBPF = new Mechanism("ebpf", Hue.BLUE, false);
    /** A stop of the thread at each hit. */
    public static final Mechanism PTRACE = new Mechanism("ptrace", Hue.ORANGE, true);
    /** The kernel writes a sample at each hit. */
    public static final Mechanism PERF = new Mechanism("perf", Hue.VIOLET, false);
}
