package dev.tracetoll.bench;

import dev.tracetoll.burst.TargetProgram;
import dev.tracetoll.golang.SiteChoice;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.Tracer;
import dev.tracetoll.tracing.ebpf.Collect;
import dev.tracetoll.tracing.ebpf.EbpfOptions;
import dev.tracetoll.tracing.ebpf.EbpfSyscallTracer;
import dev.tracetoll.tracing.ebpf.EbpfTracer;
import dev.tracetoll.tracing.ebpf.PatchableSites;
import dev.tracetoll.tracing.ebpf.PatchedTracer;
import dev.tracetoll.tracing.inline.InlineTracer;
import dev.tracetoll.tracing.patching.PatchedSites;
import dev.tracetoll.tracing.peer.Peer;
import dev.tracetoll.tracing.peer.Peers;
import dev.tracetoll.tracing.plan.SitePricing;
import dev.tracetoll.tracing.ptrace.PtraceFloor;
import dev.tracetoll.tracing.ptrace.PtraceSyscallTracer;
import dev.tracetoll.tracing.ptrace.PtraceTracer;
import dev.tracetoll.tracing.registry.TechniqueFacts;
import dev.tracetoll.tracing.registry.TechniqueRegistry;
import dev.tracetoll.tracing.ring.Draining;
import dev.tracetoll.tracing.ring.RingChoice;
import dev.tracetoll.tracing.source.FloorTracer;
import dev.tracetoll.tracing.source.LogTracer;
import dev.tracetoll.tracing.source.RegionTracer;
import dev.tracetoll.tracing.source.RingTracer;
import dev.tracetoll.tracing.source.SourceTracer;
import dev.tracetoll.tracing.syscall.SyscallTracer;
import dev.tracetoll.tracing.uprobe.Emulation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How the techniques of the {@linkplain TechniqueRegistry registry} are made, for measuring: what is known of each besides is said there, under the same
 * name.
 */
public final class Techniques {

    /** Makes a tracer, with what somebody chose of its ring buffer, if it has one, which tells what it cannot do in lines for the user. */
    @FunctionalInterface
    interface TracerMaker {
        Tracer make(RingChoice ring, Consumer<String> notices);

        /** One that nobody listens to. */
        default Tracer make(RingChoice ring) {
            return make(ring, notice -> {});
        }
    }

    /**
     * How a technique is made.
     *
     * @param name its name in the registry
     * @param function symbol of the function that it probes
     * @param site which instructions are probed
     * @param tracer makes the tracer; empty for {@code untraced} and where system calls are traced
     * @param delayed makes one that multiplies in vain so often at each hit; empty where there is none
     * @param syscallTracer makes the tracer of system calls, of which each call of the target makes one; empty for all others
     * @param peer another tool that traces; empty for our own techniques
     * @param source how the target tells of its calls itself; empty where it does not
     * @param pricing what sites cost that it probes
     */
    record Making(
            String name,
            String function,
            SiteChoice site,
            Optional<TracerMaker> tracer,
            Optional<IntFunction<Tracer>> delayed,
            Optional<Supplier<SyscallTracer>> syscallTracer,
            Optional<Peer> peer,
            Optional<Function<RingChoice, SourceTracer>> source,
            Supplier<SitePricing> pricing) {

        /** One without a tracer of ours for functions. */
        private static Making without(
                String name,
                SiteChoice site,
                Optional<Supplier<SyscallTracer>> syscallTracer,
                Optional<Peer> peer,
                Optional<Function<RingChoice, SourceTracer>> source) {
            return new Making(
                    name,
                    TargetPlans.PROBED_FUNCTION,
                    site,
                    Optional.empty(),
                    Optional.empty(),
                    syscallTracer,
                    peer,
                    source,
                    Emulation::ofThisKernel);
        }

        static Making untraced(String name) {
            return without(name, SiteChoice.BEST, Optional.empty(), Optional.empty(), Optional.empty());
        }

        static Making of(String name, Supplier<Tracer> tracer) {
            return ofRing(name, (ring, notices) -> tracer.get());
        }

        /** One whose events wait in a ring buffer. */
        static Making ofRing(String name, TracerMaker tracer) {
            return untraced(name).by(Optional.of(tracer));
        }

        static Making ofSyscalls(String name, Supplier<SyscallTracer> tracer) {
            return without(name, SiteChoice.BEST, Optional.of(tracer), Optional.empty(), Optional.empty());
        }

        static Making ofSource(String name, Function<RingChoice, SourceTracer> tracer) {
            return without(name, SiteChoice.BEST, Optional.empty(), Optional.empty(), Optional.of(tracer));
        }

        static Making of(Peer peer) {
            return without(
                    peer.technique().name(), SiteChoice.ENTRY, Optional.empty(), Optional.of(peer), Optional.empty());
        }

        private Making by(Optional<TracerMaker> other) {
            return new Making(name, function, site, other, delayed, syscallTracer, peer, source, pricing);
        }

        private Making probing(String other) {
            return new Making(name, other, site, tracer, delayed, syscallTracer, peer, source, pricing);
        }

        private Making at(SiteChoice other) {
            return new Making(name, function, other, tracer, delayed, syscallTracer, peer, source, pricing);
        }

        private Making orDelayed(IntFunction<Tracer> slower) {
            return new Making(name, function, site, tracer, Optional.of(slower), syscallTracer, peer, source, pricing);
        }

        private Making priced(Supplier<SitePricing> other) {
            return new Making(name, function, site, tracer, delayed, syscallTracer, peer, source, other);
        }
    }

    /** How a technique is measured: what is known of it, and how it is made. */
    record Entry(TechniqueFacts facts, Making making) {

        Technique technique() {
            return new Technique(facts.name());
        }

        String function() {
            return making.function;
        }

        /** Whether each call of the target makes an event of a call. */
        boolean calls() {
            return facts.counts();
        }

        /** Whether returns are probed, and each return of the target makes an event of a return. */
        boolean returns() {
            return facts.returns();
        }

        Optional<TracerMaker> tracer() {
            return making.tracer;
        }

        SiteChoice site() {
            return making.site;
        }

        Optional<Supplier<SyscallTracer>> syscallTracer() {
            return making.syscallTracer;
        }

        Optional<Peer> peer() {
            return making.peer;
        }

        /** How the target tells of its calls itself. */
        Optional<Function<RingChoice, SourceTracer>> source() {
            return making.source;
        }

        boolean untraced() {
            return making.tracer.isEmpty()
                    && making.syscallTracer.isEmpty()
                    && making.peer.isEmpty()
                    && making.source.isEmpty();
        }

        /**
         * Whether a call that hits its entry again, because its stack has grown, can be told from another: by its return, which has not come.
         * Where nothing is counted it does not matter.
         */
        boolean canBeAtEntry() {
            return making.tracer.isPresent() && (returns() || !calls());
        }

        /** What sites cost that it probes. */
        SitePricing pricing() {
            return making.pricing.get();
        }

        /** Whether it traces system calls, and not functions. */
        boolean systemCalls() {
            return facts.systemCalls();
        }

        /** Whether the technique sees what the target is there for. */
        boolean fits(TargetProgram target) {
            return systemCalls() == target.name().equals(SYSCALL_TARGET)
                    && tellingTargets()
                            .filter(names -> !names.contains(target.name()))
                            .isEmpty();
        }

        /**
         * @throws BadInput if the technique sees nothing of what the target does
         * @throws dev.tracetoll.problem.MachineCannot if it is a peer that is not there
         */
        void requireFit(TargetProgram target) {
            making.peer.ifPresent(each -> each.tool().require());
            if (systemCalls() && !target.name().equals(SYSCALL_TARGET)) {
                throw new BadInput("The technique " + technique() + " traces system calls, and the target "
                        + target.name() + " makes none to be traced; use --target " + SYSCALL_TARGET);
            }
            tellingTargets().filter(names -> !names.contains(target.name())).ifPresent(names -> {
                throw new BadInput("By the technique " + technique() + " a target tells of its calls itself, and "
                        + target.name() + " has no code for that; use --target "
                        + names.stream().sorted().collect(Collectors.joining(" or ")));
            });
        }

        /** Which targets can tell of their calls themselves, where they are to. */
        private Optional<Set<String>> tellingTargets() {
            return source().map(maker -> maker.apply(RingChoice.NONE).targets());
        }
    }

    /** Of all rings together: a target of two threads fills two of eight or more. */
    private static final int INLINE_RING_BYTES = 64 << 20;

    /** The target that makes system calls to be traced. */
    private static final String SYSCALL_TARGET = "writes";

    private static final int SOURCE_RING_BYTES = 64 << 20;

    /** A function of every target that is called by none of its bursts. */
    private static final String UNCALLED_FUNCTION = "main.twin";

    private static final List<Making> MAKINGS = Stream.concat(
                    Stream.of(
                            Making.untraced("untraced"),
                            ebpf("ebpf", options -> options).orDelayed(Techniques::delayed),
                            Making.of("ptrace", PtraceTracer::new),
                            inline("inline"),
                            inline("inline-arguments"),
                            Making.of("inline-count", () -> InlineTracer.counting(notice -> {}))
                                    .priced(PatchedSites::new),
                            Making.of("inline-durations", () -> InlineTracer.timing(notice -> {}))
                                    .priced(PatchedSites::new),
                            patched("ebpf-patched", options -> options),
                            patched("ebpf-patched-empty", options -> options.collect(Collect.NOTHING)),
                            ebpf("ebpf-unhit", options -> options).probing(UNCALLED_FUNCTION),
                            ebpf("ebpf-empty", options -> options.collect(Collect.NOTHING)),
                            ebpf("ebpf-readings", options -> options.collect(Collect.READINGS)),
                            ebpf("ebpf-empty-returns", options -> options.collect(Collect.NOTHING)),
                            ebpf("ebpf-count", options -> options.collect(Collect.COUNT)),
                            ebpf("ebpf-durations", options -> options.collect(Collect.DURATIONS)),
                            ebpf("ebpf-arguments", options -> options).orDelayed(Techniques::delayed),
                            ebpf("ebpf-forgetful", EbpfOptions::forgetful),
                            ebpf("ebpf-interpreted", EbpfOptions::interpreted),
                            ebpf("ebpf-wakeup", EbpfOptions::withWakeups),
                            // Last: without wakeups nobody would read the records.
                            Making.ofRing(
                                    "ebpf-value-records",
                                    (ring, notices) -> new EbpfTracer(
                                            EbpfOptions.best().ring(ring).withValueRecords())),
                            Making.of("ptrace-arguments", PtraceTracer::new),
                            Making.of("ptrace-step", () -> new PtraceTracer(Technique.PTRACE_STEP)),
                            Making.of("ptrace-classic", () -> new PtraceTracer(Technique.PTRACE_CLASSIC)),
                            Making.of("ptrace-floor", () -> new PtraceFloor(true)),
                            Making.ofSource("source-floor", ring -> new FloorTracer(false)),
                            Making.ofSource("source-floor-returns", ring -> new FloorTracer(true)),
                            Making.ofSource(
                                    "source-ring",
                                    ring -> new RingTracer(
                                            ring.bytesOr(SOURCE_RING_BYTES), ring.drainingOr(Draining.adaptive()))),
                            Making.ofSource("source-region", ring -> new RegionTracer()),
                            Making.ofSource("source-slog", ring -> new LogTracer()),
                            Making.ofSyscalls(
                                    "syscall-ebpf",
                                    () -> new EbpfSyscallTracer(
                                            EbpfOptions.best().ringBytes())),
                            Making.ofSyscalls("syscall-seccomp", () -> new PtraceSyscallTracer(true)),
                            Making.ofSyscalls("syscall-ptrace", () -> new PtraceSyscallTracer(false))),
                    Peers.ALL.stream().map(Making::of))
            .toList();

    private static final Techniques ALL = new Techniques(TechniqueRegistry.ALL, MAKINGS);

    /** Those of the headline, the cheapest first; their floors are measured besides. */
    public static final List<Technique> HEADLINE = List.of(
            Technique.UNTRACED,
            Technique.INLINE,
            Technique.EBPF_PATCHED,
            new Technique("ebpf-arguments"),
            Technique.EBPF,
            Technique.PTRACE,
            Technique.PTRACE_CLASSIC);

    /** The headline of system calls, the cheapest first. */
    private static final List<Technique> SYSCALLS =
            List.of(Technique.UNTRACED, Technique.SYSCALL_EBPF, Technique.SYSCALL_SECCOMP, Technique.SYSCALL_PTRACE);

    private final TechniqueRegistry registry;
    private final Map<String, Making> makings;

    /** @throws IllegalArgumentException unless each technique of the registry is made in one way, and no other */
    Techniques(TechniqueRegistry registry, List<Making> makings) {
        if (!makings.stream().map(Making::name).toList().equals(registry.names())) {
            throw new IllegalArgumentException("the techniques " + registry.names() + " are known, and "
                    + makings.stream().map(Making::name).toList() + " can be made");
        }
        this.registry = registry;
        this.makings = makings.stream().collect(Collectors.toMap(Making::name, making -> making));
    }

    /** The same with another technique. */
    static Techniques with(TechniqueFacts facts, Making making) {
        return new Techniques(
                TechniqueRegistry.ALL.with(facts),
                Stream.concat(MAKINGS.stream(), Stream.of(making)).toList());
    }

    private static Making inline(String name) {
        return Making.ofRing(
                        name,
                        (ring, notices) -> new InlineTracer(
                                ring.bytesOr(INLINE_RING_BYTES), ring.drainingOr(Draining.adaptive()), notices))
                .priced(PatchedSites::new);
    }

    private static Making ebpf(String name, UnaryOperator<EbpfOptions> options) {
        return Making.ofRing(
                name,
                (ring, notices) ->
                        new EbpfTracer(options.apply(EbpfOptions.best()).ring(ring)));
    }

    private static Making patched(String name, UnaryOperator<EbpfOptions> options) {
        return Making.ofRing(
                        name,
                        (ring, notices) -> new PatchedTracer(
                                options.apply(EbpfOptions.best()).ring(ring), notices))
                .priced(PatchableSites::new);
    }

    private static Tracer delayed(int multiplications) {
        return new EbpfTracer(EbpfOptions.best().delayedBy(multiplications));
    }

    /** The headline's techniques that can be measured at the functions' first instructions, with {@code untraced}. */
    public static List<Technique> headlineAtEntry() {
        return HEADLINE.stream()
                .filter(technique ->
                        technique.equals(Technique.UNTRACED) || entry(technique).canBeAtEntry())
                .toList();
    }

    /** What a target is measured with unless somebody chooses. */
    public static List<Technique> headline(String target) {
        return TargetProgram.of(target).name().equals(SYSCALL_TARGET) ? SYSCALLS : HEADLINE;
    }

    /** The same where other tools are measured too, with all that tells as much as one of them does. */
    public static List<Technique> besidePeers(String target) {
        return headline(target).equals(SYSCALLS)
                ? SYSCALLS
                : Stream.of("untraced", "ebpf-count", "ebpf-arguments", "ebpf", "ptrace-arguments", "ptrace")
                        .map(Techniques::named)
                        .toList();
    }

    /**
     * Finds a technique.
     *
     * @throws BadInput if there is none of that name
     */
    public static Technique named(String name) {
        return find(name)
                .map(Entry::technique)
                .orElseThrow(() -> new BadInput("No technique " + name + "; there are "
                        + String.join(", ", ALL.registry.names()) + ", and with " + TechniqueFacts.AT_ENTRY
                        + " those that show returns or count nothing"));
    }

    /** The same at the functions' entries; empty if it cannot be measured there. */
    public static Optional<Technique> atEntry(Technique technique) {
        return find(technique.name() + TechniqueFacts.AT_ENTRY).map(Entry::technique);
    }

    /**
     * A technique at the functions' entries, as somebody wants it.
     *
     * @throws BadInput if it cannot be measured there
     */
    public static Technique wantedAtEntry(Technique technique) {
        Entry entry = entry(technique);
        return entry.untraced() || entry.facts.atEntry()
                ? technique
                : named(technique.name() + TechniqueFacts.AT_ENTRY);
    }

    /** Whether this version can measure a technique. */
    public static boolean canMeasure(String name) {
        return find(name).isPresent();
    }

    /** Whether a technique sees what a target is there for. */
    public static boolean fits(Technique technique, String target) {
        return entry(technique).fits(TargetProgram.of(target));
    }

    /** How a technique is measured; empty if this version cannot measure it. */
    static Optional<Entry> find(String name) {
        return ALL.lookUp(name);
    }

    /** The same of this set of techniques. */
    Optional<Entry> lookUp(String name) {
        return registry.find(name).flatMap(this::entry);
    }

    private Optional<Entry> entry(TechniqueFacts facts) {
        if (facts.atEntry()) {
            return facts.variantOf()
                    .flatMap(this::entry)
                    .filter(Entry::canBeAtEntry)
                    .map(entry -> new Entry(facts, entry.making.at(SiteChoice.ENTRY)));
        }
        if (facts.delay().isPresent()) {
            int times = facts.delay().getAsInt();
            return making(facts.variantOf().orElseThrow())
                    .flatMap(making -> making.delayed.map(slower ->
                            new Entry(facts, making.by(Optional.of((ring, notices) -> slower.apply(times))))));
        }
        return making(facts).map(making -> new Entry(facts, making));
    }

    private Optional<Making> making(TechniqueFacts facts) {
        return Optional.ofNullable(makings.get(facts.name()));
    }

    static Entry entry(Technique technique) {
        return find(technique.name()).orElseThrow();
    }

    /**
     * Size of the ring buffer in which a technique's events of functions wait, in bytes; 0 where they wait in none.
     *
     * @param ring what somebody chose of it
     */
    static long ringBytes(String name, RingChoice ring) {
        Optional<Entry> entry = find(name);
        return entry.flatMap(Entry::tracer)
                .map(maker -> maker.make(ring).ringBytes())
                .or(() -> entry.flatMap(Entry::source)
                        .map(source -> source.apply(ring).ringBytes()))
                .orElse(0L);
    }

    /** The tracer of a technique for functions; empty for all others. */
    public static Optional<Tracer> tracer(Technique technique) {
        return tracer(technique, RingChoice.NONE, notice -> {});
    }

    /**
     * The same as somebody wants it.
     *
     * @param ring what was chosen of its ring buffer, if it has one
     * @param notices told, in lines for the user, what it cannot do
     */
    public static Optional<Tracer> tracer(Technique technique, RingChoice ring, Consumer<String> notices) {
        return entry(technique).tracer().map(maker -> maker.make(ring, notices));
    }

    /** What is known of a technique. */
    public static TechniqueFacts facts(Technique technique) {
        return entry(technique).facts();
    }

    /** Which instructions a technique probes, and what they cost. */
    public static SitePricing pricing(Technique technique) {
        return entry(technique).pricing();
    }
}
