package dev.tracetoll.bench;

import dev.tracetoll.problem.BadInput;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.Tracer;
import dev.tracetoll.tracing.ebpf.Collect;
import dev.tracetoll.tracing.ebpf.EbpfOptions;
import dev.tracetoll.tracing.ebpf.EbpfTracer;
import dev.tracetoll.tracing.ptrace.PtraceTracer;
import java.util.List;
import java.util.Optional;

/** The techniques that can be measured, by name. A new one is a line in {@link #ENTRIES}; what it adds, the ladder says. */
public final class Techniques {

    /**
     * How a technique is measured.
     *
     * @param technique its name
     * @param function symbol of the function that it probes
     * @param calls whether each call of the target makes an event of a call
     * @param returns whether returns are probed, and each return of the target makes an event of a return
     * @param roughNs what a call roughly costs, in ns, on a 2-core virtual machine with Linux 6.18; only plans the work
     * @param tracer makes the tracer; empty for {@code untraced}
     */
    record Entry(Technique technique, String function, boolean calls, boolean returns, double roughNs, Optional<TracerMaker> tracer) {

        boolean untraced() {
            return tracer.isEmpty();
        }
    }

    /** Makes a tracer. */
    @FunctionalInterface
    interface TracerMaker {
        Tracer make();
    }

    /** A function of every target that is called by none of its bursts. */
    private static final String UNCALLED_FUNCTION = "main.twin";

    private static final TracerMaker EBPF_TRACER = () -> new EbpfTracer(EbpfOptions.best());

    private static final List<Entry> ENTRIES = List.of(
            new Entry(Technique.UNTRACED, TracedTarget.PROBED_FUNCTION, false, false, 150, Optional.empty()),
            traced("ebpf", true, 50_000, EBPF_TRACER),
            traced("ptrace", true, 500_000, PtraceTracer::new),
            new Entry(new Technique("ebpf-unhit"), UNCALLED_FUNCTION, false, false, 150, Optional.of(EBPF_TRACER)),
            uncounted("ebpf-empty", false, 1_000),
            uncounted("ebpf-empty-returns", true, 25_000),
            traced("ebpf-count", false, 1_000, () -> new EbpfTracer(EbpfOptions.best().collect(Collect.COUNT))),
            traced("ebpf-arguments", false, 5_000, EBPF_TRACER),
            traced("ebpf-interpreted", false, 5_000, () -> new EbpfTracer(EbpfOptions.best().interpreted())),
            traced("ebpf-wakeup", true, 100_000, () -> new EbpfTracer(EbpfOptions.best().withWakeups())),
            traced("ptrace-arguments", false, 250_000, PtraceTracer::new));

    /** Those of the headline, the cheapest first. */
    public static final List<Technique> HEADLINE = List.of(Technique.UNTRACED, Technique.EBPF, Technique.PTRACE);

    private Techniques() {}

    private static Entry traced(String name, boolean returns, double roughNs, TracerMaker tracer) {
        return new Entry(new Technique(name), TracedTarget.PROBED_FUNCTION, true, returns, roughNs, Optional.of(tracer));
    }

    /** The empty program: it does not even count. */
    private static Entry uncounted(String name, boolean returns, double roughNs) {
        return new Entry(new Technique(name), TracedTarget.PROBED_FUNCTION, false, returns, roughNs,
                Optional.of(() -> new EbpfTracer(EbpfOptions.best().collect(Collect.NOTHING))));
    }

    /**
     * Finds a technique.
     *
     * @throws BadInput if there is none of that name
     */
    public static Technique named(String name) {
        return find(name).map(Entry::technique).orElseThrow(() -> new BadInput("No technique " + name + "; there are "
                + String.join(", ", ENTRIES.stream().map(entry -> entry.technique().name()).toList())));
    }

    /** How a technique is measured; empty if this version cannot measure it. */
    static Optional<Entry> find(String name) {
        return ENTRIES.stream().filter(entry -> entry.technique().name().equals(name)).findFirst();
    }

    static Entry entry(Technique technique) {
        return find(technique.name()).orElseThrow();
    }

    /** The tracer of a technique; empty for {@code untraced}. */
    public static Optional<Tracer> tracer(Technique technique) {
        return entry(technique).tracer().map(TracerMaker::make);
    }
}
