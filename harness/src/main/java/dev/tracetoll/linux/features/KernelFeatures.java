package dev.tracetoll.linux.features;

import dev.tracetoll.linux.bpf.KernelTypes;
import dev.tracetoll.linux.bpf.Uprobes;
import dev.tracetoll.linux.kernel.Feature;
import dev.tracetoll.linux.kernel.KernelVersion;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel lets this process do. Each feature is really tried, once in the life of the process, at its first use; nothing
 * stays loaded, attached or running afterwards.
 */
public final class KernelFeatures {

    private static final KernelFeatures THIS_MACHINE = new KernelFeatures(new KernelProbes());

    private final Supplier<Feature> ptrace;
    private final Supplier<Feature> bpf;
    private final Supplier<Feature> ringBuffer;
    private final Supplier<Feature> uprobe;
    private final Supplier<Feature> uprobeMulti;
    private final Supplier<Feature> tracepoints;
    private final Supplier<Feature> probeWrite;
    private final KernelVersion kernel = KernelVersion.running();

    private KernelFeatures(KernelProbes probes) {
        ptrace = once(probes::ptrace);
        bpf = once(probes::bpf);
        ringBuffer = once(probes::ringBuffer);
        uprobe = once(() -> probes.uprobe(Uprobes.bestMode()));
        uprobeMulti = once(() -> probes.uprobeMulti(kernel));
        tracepoints = once(probes::tracepoints);
        probeWrite = once(probes::probeWrite);
    }

    /** The features of the kernel that runs, as this process may use them. */
    public static KernelFeatures ofThisMachine() {
        return THIS_MACHINE;
    }

    /** The kernel that runs. */
    public KernelVersion kernel() {
        return kernel;
    }

    /** All that tracing with eBPF takes, or the first thing that is missing. */
    public Feature ebpfTracing() {
        return firstMissing(bpf(), ringBuffer(), uprobe(), btf())
                .map(missing ->
                        Feature.fails("eBPF tracing", missing.name() + ": " + missing.detail(), missing.remedy()))
                .orElseGet(() -> Feature.works(
                        "eBPF tracing",
                        "BPF programs, ring buffers and uprobes work, and the kernel has type information"));
    }

    /** Tracing of a child by ptrace. */
    public Feature ptrace() {
        return ptrace.get();
    }

    /** Loading of BPF programs of the kind that uprobes run. */
    public Feature bpf() {
        return bpf.get();
    }

    /** BPF maps of type ring buffer (Linux 5.8). */
    public Feature ringBuffer() {
        return ringBuffer.get();
    }

    /** Probes in user space, attached as tracing attaches them: by one link, or by {@code perf_event_open} where the kernel is older. */
    public Feature uprobe() {
        return uprobe.get();
    }

    /** One link for many uprobes (Linux 6.6). */
    public Feature uprobeMulti() {
        return uprobeMulti.get();
    }

    /** The kernel's tracepoints. */
    public Feature tracepoints() {
        return tracepoints.get();
    }

    /** The kernel's own type information, which our BPF programs need: they ask where fields of the kernel's structures are. */
    public Feature btf() {
        return KernelTypes.feature();
    }

    /** BPF programs that write to the traced process; a kernel locked down for integrity refuses them. */
    public Feature probeWrite() {
        return probeWrite.get();
    }

    private static Optional<Feature> firstMissing(Feature... features) {
        return Stream.of(features).filter(feature -> !feature.available()).findFirst();
    }

    private static Supplier<Feature> once(Supplier<Feature> probe) {
        return new Supplier<>() {
            private @Nullable Feature found;

            @Override
            public synchronized Feature get() {
                if (found == null) {
                    found = probe.get();
                }
                return found;
            }
        };
    }
}
