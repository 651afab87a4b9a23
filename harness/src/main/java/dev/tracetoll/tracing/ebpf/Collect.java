package dev.tracetoll.tracing.ebpf;

/** What the BPF programs do with a hit. */
public enum Collect {
    /** Nothing at all: the floor of what a probe can cost. Calls are not even counted. */
    NOTHING("on_nothing"),
    /**
     * Recall the goroutine, read the clock, the thread and texts of up to 64 bytes, and throw all away: no event can do with fewer calls of the
     * kernel. Sites that get no compiled program read nothing.
     */
    READINGS("on_nothing"),
    /** Count calls in the kernel, without an event. */
    COUNT("on_count"),
    /** The same, and note when they come. */
    ARRIVALS("on_arrival"),
    /** Measure how long calls take, and count the durations in the kernel, without an event. */
    DURATIONS("on_duration"),
    /** An event for each hit, with arguments or results. */
    EVENTS("on_site");

    private final String program;

    Collect(String program) {
        this.program = program;
    }

    /** The BPF program that does it. */
    String program() {
        return program;
    }
}
