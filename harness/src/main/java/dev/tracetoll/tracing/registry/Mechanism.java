package dev.tracetoll.tracing.registry;

/**
 * What makes a tracer see a call.
 *
 * @param word in a word
 * @param explanation what happens at each hit, in a sentence
 * @param ifKilled what becomes of the target when a tracer of ours is killed while it traces, in a sentence
 * @param hue the colour of its techniques
 * @param hueOfCalls the colour of those of ours that see calls begin and not return
 * @param stops whether the target is stopped for it, by ptrace
 */
public record Mechanism(String word, String explanation, String ifKilled, Hue hue, Hue hueOfCalls, boolean stops) {

    /** A program in the kernel runs at each hit. */
    public static final Mechanism EBPF = new Mechanism(
            "ebpf",
            "The kernel runs a small program at each hit, and the target goes on.",
            "It runs on: the kernel takes the probes away with the process that attached them.",
            Hue.BLUE,
            Hue.TEAL,
            false);
    /** A stop of the thread at each hit. */
    public static final Mechanism PTRACE = new Mechanism(
            "ptrace",
            "A breakpoint stops the thread at each hit until another process lets it go on.",
            "It runs on: a second process takes the breakpoints away.",
            Hue.ORANGE,
            Hue.AMBER,
            true);
    /** Code within the program writes a record at each hit. */
    public static final Mechanism INLINE = new Mechanism(
            "inline",
            "The program jumps into code of the tracer within its own memory, which writes down what it finds, and goes on: no trap, no stop.",
            "It runs on: what it jumps into stays, and counts what nobody reads as lost.",
            Hue.GREEN,
            Hue.GREEN,
            false);
    /** The program's own source says so. */
    public static final Mechanism SOURCE = new Mechanism(
            "source",
            "The program itself tells of its calls: its source was changed, and it was built anew.",
            "It runs on; what it tells is lost.",
            Hue.PINK,
            Hue.PINK,
            false);
    /** The program calls a program in the kernel at each hit. */
    public static final Mechanism EBPF_PATCHED = new Mechanism(
            "ebpf-patched",
            "The program jumps into code of the tracer within its own memory, where it calls the kernel, which runs a small program: no trap, no stop.",
            "It runs on: the kernel takes the probes away with the process that attached them, and what it jumps into stays and does nothing.",
            Hue.OLIVE,
            Hue.OLIVE,
            false);
    /** The kernel writes a sample at each hit. */
    public static final Mechanism PERF = new Mechanism(
            "perf",
            "The kernel writes a sample at each hit, and the target goes on.",
            "It runs on: the kernel takes the probes away with the process that attached them.",
            Hue.VIOLET,
            Hue.VIOLET,
            false);
}
