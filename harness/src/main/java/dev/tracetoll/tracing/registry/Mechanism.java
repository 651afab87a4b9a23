package dev.tracetoll.tracing.registry;

/**
 * What makes a tracer see a call.
 *
 * @param word in a word
 * @param hue the colour of its techniques
 * @param hueOfCalls the colour of those of ours that see calls begin and not return
 * @param stops whether the target is stopped for it, by ptrace
 */
public record Mechanism(String word, Hue hue, Hue hueOfCalls, boolean stops) {

    /** A program in the kernel runs at each hit. */
    public static final Mechanism EBPF = new Mechanism("ebpf", Hue.BLUE, Hue.TEAL, false);
    /** A stop of the thread at each hit. */
    public static final Mechanism PTRACE = new Mechanism("ptrace", Hue.ORANGE, Hue.AMBER, true);
    /** The kernel writes a sample at each hit. */
    public static final Mechanism PERF = new Mechanism("perf", Hue.VIOLET, Hue.VIOLET, false);
}
