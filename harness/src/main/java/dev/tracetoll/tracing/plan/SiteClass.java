package dev.tracetoll.tracing.plan;

/**
 * What becomes of the instruction at a probe site, which decides what a hit costs: under a uprobe, what the kernel does with it.
 *
 * <p>Source: {@code arch/x86/kernel/uprobes.c}, Linux 6.18.
 */
public enum SiteClass {
    /** A 5-byte nop that the kernel (6.18 and later) replaces by a call: no trap at all. */
    OPTIMIZED("optimized"),
    /** The kernel acts out the instruction itself after the breakpoint trap. */
    EMULATED("emulated"),
    /** The instruction is executed out of line under single-step: a second trap. */
    STEPPED("stepped"),
    /** No trap there: a jump, to code that records the hit or has a probe in it, with the instruction among what is displaced. */
    PATCHED("patched");

    private final String word;

    SiteClass(String word) {
        this.word = word;
    }

    /** What it is called in events, results and reports. */
    public String word() {
        return word;
    }
}
