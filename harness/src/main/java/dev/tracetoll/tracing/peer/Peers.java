package dev.tracetoll.tracing.peer;

import java.util.List;

/** All peers. */
public final class Peers {

    /** Those of functions first, each kind the cheapest first. */
    public static final List<Peer> ALL = List.of(
            new Bpftrace(),
            new Perf(),
            new Delve(true),
            new Gdb(),
            new Delve(false),
            new BpftraceSyscall(false),
            new BpftraceSyscall(true),
            new PerfTrace(),
            new Strace(true),
            new Strace(false));

    private Peers() {}
}
