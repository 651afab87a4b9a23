package dev.tracetoll.bench;

import dev.tracetoll.problem.BadInput;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.Tracer;
import dev.tracetoll.tracing.ebpf.EbpfOptions;
import dev.tracetoll.tracing.ebpf.EbpfTracer;
import dev.tracetoll.tracing.ptrace.PtraceTracer;
import java.util.List;
import java.util.Optional;

/** The techniques that can be measured, by name. */
public final class Techniques {

    /** All of them, the cheapest first. */
    public static final List<Technique> ALL = List.of(Technique.UNTRACED, Technique.EBPF, Technique.PTRACE);

    private Techniques() {}

    /**
     * Finds a technique.
     *
     * @throws BadInput if there is none of that name
     */
    public static Technique named(String name) {
        return ALL.stream().filter(technique -> technique.name().equals(name)).findFirst().orElseThrow(() -> new BadInput(
                "No technique " + name + "; there are " + String.join(", ", ALL.stream().map(Technique::name).toList())));
    }

    /** The tracer of a technique; empty for {@code untraced}. */
    public static Optional<Tracer> tracer(Technique technique) {
        if (technique.equals(Technique.EBPF)) {
            return Optional.of(new EbpfTracer(EbpfOptions.best()));
        }
        if (technique.equals(Technique.PTRACE)) {
            return Optional.of(new PtraceTracer());
        }
        return Optional.empty();
    }
}
