package dev.tracetoll.bench;

import dev.tracetoll.golang.SiteChoice;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.target.TargetProgram;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.Tracer;
import dev.tracetoll.tracing.ebpf.Collect;
import dev.tracetoll.tracing.ebpf.EbpfOptions;
import dev.tracetoll.tracing.ebpf.EbpfSyscallTracer;
import dev.tracetoll.tracing.ebpf.EbpfTracer;
import dev.tracetoll.tracing.peer.Peer;
import dev.tracetoll.tracing.peer.Peers;
import dev.tracetoll.tracing.ptrace.PtraceSyscallTracer;
import dev.tracetoll.tracing.ptrace.PtraceFloor;
import dev.tracetoll.tracing.ptrace.PtraceTracer;
import dev.tracetoll.tracing.syscall.SyscallTracer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

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
     * @param tracer makes the tracer; empty for {@code untraced} and where system calls are traced
     * @param site which instructions are probed
     * @param syscallTracer makes the tracer of system calls, of which each call of the target makes one; empty for all others
     * @param peer another tool that traces; empty for our own techniques
     */
    record Entry(Technique technique, String function, boolean calls, boolean returns, double roughNs, Optional<TracerMaker> tracer,
            SiteChoice site, Optional<Supplier<SyscallTracer>> syscallTracer, Optional<Peer> peer) {

        Entry(Technique technique, String function, boolean calls, boolean returns, double roughNs, Optional<TracerMaker> tracer) {
            this(technique, function, calls, returns, roughNs, tracer, SiteChoice.BEST, Optional.empty(), Optional.empty());
        }

        boolean untraced() {
            return tracer.isEmpty() && syscallTracer.isEmpty() && peer.isEmpty();
        }

        /** The same, slowed down on purpose. */
        Entry delayedBy(int multiplications) {
            return new Entry(new Technique(technique.name() + DELAYED_BY + multiplications), function, calls, returns, roughNs,
                    Optional.of(() -> new EbpfTracer(EbpfOptions.best().delayedBy(multiplications))), site, syscallTracer, peer);
        }

        /** The same at the functions' first instructions. */
        Entry atEntry() {
            return new Entry(new Technique(technique.name() + AT_ENTRY), function, calls, returns, Math.max(roughNs, STEP_NS), tracer,
                    SiteChoice.ENTRY, syscallTracer, peer);
        }

        /**
         * Whether a call that hits its entry again, because its stack has grown, can be told from another: by its return, which has not come.
         * Where nothing is counted it does not matter.
         */
        boolean canBeAtEntry() {
            return tracer.isPresent() && (returns || !calls);
        }

        /** Whether it traces system calls, and not functions. */
        boolean systemCalls() {
            return syscallTracer.isPresent() || peer.filter(Peer::systemCalls).isPresent();
        }

        /** Whether the technique sees what the target is there for. */
        boolean fits(TargetProgram target) {
            return systemCalls() == target.name().equals(SYSCALL_TARGET);
        }

        /**
         * @throws BadInput if the technique sees nothing of what the target does
         * @throws dev.tracetoll.problem.MachineCannot if it is a peer that is not there
         */
        void requireFit(TargetProgram target) {
            peer.ifPresent(each -> each.tool().require());
            if (systemCalls() && !target.name().equals(SYSCALL_TARGET)) {
                throw new BadInput("The technique " + technique + " traces system calls, and the target " + target.name()
                        + " makes none to be traced; use --target " + SYSCALL_TARGET);
            }
        }
    }

    /** Makes a tracer. */
    @FunctionalInterface
    interface TracerMaker {
        Tracer make();
    }

    /** Ends the name of a technique that probes the first instruction of functions, as most tools do. */
    public static final String AT_ENTRY = "-entry";

    /** In the name of a technique, before how many multiplications its BPF programs do in vain: see {@link GateRecording}. */
    static final String DELAYED_BY = "-delayed-";

    private static final Pattern DELAYED = Pattern.compile("(ebpf|ebpf-arguments)" + DELAYED_BY + "(\\d{1,5})");

    /** What the kernel's step over a displaced instruction costs where debug exceptions are dear, in ns. */
    private static final double STEP_NS = 25_000;

    /** The target that makes system calls to be traced. */
    private static final String SYSCALL_TARGET = "writes";

    /** A function of every target that is called by none of its bursts. */
    private static final String UNCALLED_FUNCTION = "main.twin";

    private static final TracerMaker EBPF_TRACER = () -> new EbpfTracer(EbpfOptions.best());

    private static final List<Entry> ENTRIES = List.of(
            new Entry(Technique.UNTRACED, TracedTarget.PROBED_FUNCTION, false, false, 150, Optional.empty()),
            traced("ebpf", true, 20_000, EBPF_TRACER),
            traced("ptrace", true, 30_000, PtraceTracer::new),
            new Entry(new Technique("ebpf-unhit"), UNCALLED_FUNCTION, false, false, 150, Optional.of(EBPF_TRACER)),
            uncounted("ebpf-empty", Collect.NOTHING, false, 1_000),
            uncounted("ebpf-readings", Collect.READINGS, false, 1_000),
            uncounted("ebpf-empty-returns", Collect.NOTHING, true, 20_000),
            traced("ebpf-count", false, 1_000, () -> new EbpfTracer(EbpfOptions.best().collect(Collect.COUNT))),
            traced("ebpf-durations", true, 30_000, () -> new EbpfTracer(EbpfOptions.best().collect(Collect.DURATIONS))),
            traced("ebpf-arguments", false, 1_500, EBPF_TRACER),
            traced("ebpf-forgetful", false, 1_500, () -> new EbpfTracer(EbpfOptions.best().forgetful())),
            traced("ebpf-interpreted", false, 1_500, () -> new EbpfTracer(EbpfOptions.best().interpreted())),
            traced("ebpf-wakeup", true, 100_000, () -> new EbpfTracer(EbpfOptions.best().withWakeups())),
            traced("ptrace-arguments", false, 25_000, PtraceTracer::new),
            traced("ptrace-step", true, 200_000, () -> new PtraceTracer(Technique.PTRACE_STEP)),
            traced("ptrace-classic", true, 250_000, () -> new PtraceTracer(Technique.PTRACE_CLASSIC)),
            traced("ptrace-floor", false, 25_000, () -> new PtraceFloor(true)),
            syscalls(Technique.SYSCALL_EBPF, 1_000, () -> new EbpfSyscallTracer(EbpfOptions.best().ringBytes())),
            syscalls(Technique.SYSCALL_SECCOMP, 150_000, () -> new PtraceSyscallTracer(true)),
            syscalls(Technique.SYSCALL_PTRACE, 150_000, () -> new PtraceSyscallTracer(false)));

    /** What a call roughly costs under each peer, in ns. */
    private static final Map<String, Double> PEERS_ROUGH_NS = Map.of("bpftrace", 25e3, "perf", 30e3, "dlv-ebpf", 150e3, "gdb", 400e3, "dlv", 5e6,
            "bpftrace-syscall", 1e3, "bpftrace-syscall-print", 5e3, "perf-trace", 20e3, "strace-seccomp", 150e3, "strace", 200e3);

    /** Those of the headline, the cheapest first; their floors are measured besides. */
    public static final List<Technique> HEADLINE = List.of(
            Technique.UNTRACED, new Technique("ebpf-arguments"), Technique.EBPF, Technique.PTRACE, Technique.PTRACE_CLASSIC);

    /** The headline of system calls, the cheapest first. */
    private static final List<Technique> SYSCALLS = List.of(
            Technique.UNTRACED, Technique.SYSCALL_EBPF, Technique.SYSCALL_SECCOMP, Technique.SYSCALL_PTRACE);

    private Techniques() {}

    /** The headline's techniques that can be measured at the functions' first instructions, with {@code untraced}. */
    public static List<Technique> headlineAtEntry() {
        return HEADLINE.stream().filter(technique -> technique.equals(Technique.UNTRACED) || entry(technique).canBeAtEntry()).toList();
    }

    /** What a target is measured with unless somebody chooses. */
    static List<Technique> headline(String target) {
        return TargetProgram.of(target).name().equals(SYSCALL_TARGET) ? SYSCALLS : HEADLINE;
    }

    /** The same where other tools are measured too, with all that tells as much as one of them does. */
    public static List<Technique> besidePeers(String target) {
        return headline(target).equals(SYSCALLS) ? SYSCALLS
                : Stream.of("untraced", "ebpf-count", "ebpf-arguments", "ebpf", "ptrace-arguments", "ptrace").map(Techniques::named).toList();
    }

    private static Stream<Entry> entries() {
        return Stream.concat(ENTRIES.stream(), Peers.ALL.stream().map(Techniques::peer));
    }

    private static Entry peer(Peer peer) {
        return new Entry(peer.technique(), TracedTarget.PROBED_FUNCTION, true, peer.returns(), PEERS_ROUGH_NS.get(peer.technique().name()),
                Optional.empty(), SiteChoice.ENTRY, Optional.empty(), Optional.of(peer));
    }

    private static Entry syscalls(Technique technique, double roughNs, Supplier<SyscallTracer> tracer) {
        return new Entry(technique, TracedTarget.PROBED_FUNCTION, true, true, roughNs, Optional.empty(), SiteChoice.BEST, Optional.of(tracer),
                Optional.empty());
    }

    private static Entry traced(String name, boolean returns, double roughNs, TracerMaker tracer) {
        return new Entry(new Technique(name), TracedTarget.PROBED_FUNCTION, true, returns, roughNs, Optional.of(tracer));
    }

    /** A floor: it does not even count. */
    private static Entry uncounted(String name, Collect collect, boolean returns, double roughNs) {
        return new Entry(new Technique(name), TracedTarget.PROBED_FUNCTION, false, returns, roughNs,
                Optional.of(() -> new EbpfTracer(EbpfOptions.best().collect(collect))));
    }

    /**
     * Finds a technique.
     *
     * @throws BadInput if there is none of that name
     */
    public static Technique named(String name) {
        return find(name).map(Entry::technique).orElseThrow(() -> new BadInput("No technique " + name + "; there are "
                + String.join(", ", entries().map(entry -> entry.technique().name()).toList())
                + ", and with " + AT_ENTRY + " those that show returns or count nothing"));
    }

    /** How a technique is measured; empty if this version cannot measure it. */
    static Optional<Entry> find(String name) {
        if (name.endsWith(AT_ENTRY)) {
            return find(name.substring(0, name.length() - AT_ENTRY.length())).filter(Entry::canBeAtEntry).map(Entry::atEntry);
        }
        Matcher delayed = DELAYED.matcher(name);
        if (delayed.matches()) {
            return find(delayed.group(1)).map(entry -> entry.delayedBy(Integer.parseInt(delayed.group(2))));
        }
        return entries().filter(entry -> entry.technique().name().equals(name)).findFirst();
    }

    static Entry entry(Technique technique) {
        return find(technique.name()).orElseThrow();
    }

    /** Size of the ring buffer in which a technique's events of functions wait, in bytes; 0 where they wait in none. */
    static long ringBytes(String name) {
        return find(name).flatMap(Entry::tracer).map(maker -> maker.make().ringBytes()).orElse(0L);
    }

    /** The tracer of a technique for functions; empty for all others. */
    public static Optional<Tracer> tracer(Technique technique) {
        return entry(technique).tracer().map(TracerMaker::make);
    }
}
