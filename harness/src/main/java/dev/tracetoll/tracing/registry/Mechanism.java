package dev.tracetoll.tracing.registry;

/**
 * What makes a tracer see a call.
 *
 * @param word in a word
 * @param stops whether the target is stopped for it, by ptrace
 */
public record Mechanism(String word, boolean stops) {

    /** A program in the kernel runs at each hit. */
    public static final Mechanism EBPF = new Mechanism("ebpf", false);
    /** A stop of the thread at each hit. */
    public static final Mechanism PTRACE = new Mechanism("ptrace", true);
    /** The kernel writes a sample at each hit. */
    public static final Mechanism PERF = new Mechanism("perf", false);
}
