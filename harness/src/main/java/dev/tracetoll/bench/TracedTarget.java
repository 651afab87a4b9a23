package dev.tracetoll.bench;

import dev.tracetoll.golang.Emulation;
import dev.tracetoll.golang.GoBinary;
import dev.tracetoll.golang.ProbeSite;
import dev.tracetoll.golang.SiteChoice;
import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.linux.ProcessUsage;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.results.CpuPlacement;
import dev.tracetoll.results.Site;
import dev.tracetoll.target.BurstResult;
import dev.tracetoll.target.Target;
import dev.tracetoll.target.TargetProgram;
import dev.tracetoll.tracing.EventSink;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.peer.Peer;
import dev.tracetoll.tracing.peer.PeerSession;
import dev.tracetoll.tracing.peer.PeerTracer;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.plan.TraceRequest;
import dev.tracetoll.tracing.syscall.SyscallRequest;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A running target under a technique. Closing it detaches the tracer and ends the target. */
public final class TracedTarget implements AutoCloseable {

    /** How many bytes of each string are captured: as many as Delve shows unless told otherwise. */
    public static final int MAX_BYTES = 64;

    /** How many pointers are followed one behind the other. */
    private static final int DEPTH = 1;

    /** The probed function of every target. */
    public static final String PROBED_FUNCTION = "main.probed";

    /** The lowest descriptor that the probed function of the target {@code writes} writes to; Go's runtime uses lower ones. */
    private static final int PROBED_DESCRIPTOR = 100;

    /** For a peer that reports what it has seen only now and then. */
    private static final Duration REPORTING = Duration.ofSeconds(5);

    /**
     * Where events go that are only counted. One for all sessions of a JVM: what the just-in-time compiler made of the whole way from the ring
     * buffer to here is thrown away when it meets another, and until it is compiled anew, a target that calls a million times a second
     * overruns the ring buffer.
     */
    public static final EventSink DISCARD = event -> {};

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private static final TraceCounts NOTHING = new TraceCounts(0, 0, 0, 0, 0);

    /**
     * What a request measured.
     *
     * @param burst what the target says
     * @param events the events of its calls
     * @param tracerCpuNs CPU time of this process but for the thread that asks the target, until every event was delivered; of the tool
     *        itself under a peer; 0 untraced
     */
    public record Measured(BurstResult burst, TraceCounts events, long tracerCpuNs) {

        /** The same without the durations of the first bursts. */
        public Measured withoutFirst(int bursts) {
            long[] durationsNs = burst.durationsNs();
            return new Measured(new BurstResult(burst.callsMade(), Arrays.copyOfRange(durationsNs, bursts, durationsNs.length), burst.cpuNs()), events,
                    tracerCpuNs);
        }
    }

    private static final String ASSEMBLY_SUFFIX = ".abi0";

    /** The functions that are probed beside the one that is called. */
    private static final Pattern OTHER_PROBED_FUNCTIONS = Pattern.compile("main\\.probed\\d+");

    /**
     * What is probed.
     *
     * @param functions how many functions
     * @param maxBytes how many bytes of each string are captured
     */
    record Probes(int functions, int maxBytes) {
        static final Probes ONE = new Probes(1, MAX_BYTES);
    }

    /**
     * What there is to trace has been found out once for all arms of a round that trace the same; a tenth of a second each time, and a second
     * the first time in a JVM.
     *
     * @param modified when the program was
     */
    private record Planned(Path program, FileTime modified, String function, SiteChoice site, boolean returns, Probes probes) {}

    private static final Map<Planned, TracePlan> PLANS = new ConcurrentHashMap<>();

    private final Techniques.Entry technique;
    private final Target target;
    private final Optional<TraceSession> session;
    private final List<Site> sites;
    private long callsMade;

    private TracedTarget(Techniques.Entry technique, Target target, Optional<TraceSession> session, List<Site> sites) {
        this.technique = technique;
        this.target = target;
        this.session = session;
        this.sites = sites;
    }

    /**
     * Launches a target, traced from its first instruction, on any CPU.
     *
     * @param technique how
     * @param program what
     * @param arguments its command line
     * @param sink receives the events of functions
     * @throws dev.tracetoll.problem.Problem if it cannot be launched or traced; nothing stays behind then
     */
    public static TracedTarget launch(Technique technique, TargetProgram program, List<String> arguments, EventSink sink) {
        return launch(technique, program, arguments, CpuPlacement.UNPINNED, Probes.ONE, sink);
    }

    /**
     * Launches a target, traced from its first instruction. With a placement the calling thread is on the tracer's CPU from now on.
     *
     * @param technique how
     * @param program what
     * @param arguments its command line
     * @param placement on which CPUs
     * @param probes what is probed besides
     * @param sink receives the events of functions
     * @throws dev.tracetoll.problem.Problem if it cannot be launched or traced; nothing stays behind then
     */
    static TracedTarget launch(
            Technique technique, TargetProgram program, List<String> arguments, CpuPlacement placement, Probes probes, EventSink sink) {
        Cores.Choice cores = Cores.of(placement);
        Techniques.Entry entry = Techniques.entry(technique);
        if (entry.untraced()) {
            Target target = cores.launch(() -> Target.launch(program, arguments, false));
            return new TracedTarget(entry, target, Optional.empty(), List.of());
        }
        if (entry.peer().isPresent()) {
            return launch(entry, entry.peer().get(), program, arguments, cores);
        }
        Optional<TracePlan> plan = entry.syscallTracer().isPresent() ? Optional.empty() : Optional.of(plan(entry, program, probes));
        Target target = cores.launch(() -> Target.launch(program, arguments, true));
        TraceSession session = null;
        try {
            session = plan.isPresent() ? entry.tracer().orElseThrow().make().attach(plan.get(), target.traced(), sink)
                    : entry.syscallTracer().orElseThrow().get().attach(
                            new SyscallRequest(PROBED_DESCRIPTOR, probes.maxBytes()), target.traced(), event -> {});
            target.resume();
            return new TracedTarget(entry, target, Optional.of(session), plan.map(TracedTarget::sites).orElse(List.of()));
        } catch (RuntimeException | Error e) {
            closeQuietly(session, e);
            closeQuietly(target, e);
            throw e;
        }
    }

    /** A peer attaches to a target that runs and waits for requests, or starts it; both trace from the first request on. */
    private static TracedTarget launch(
            Techniques.Entry entry, Peer peer, TargetProgram program, List<String> arguments, Cores.Choice cores) {
        PeerTracer tracer = new PeerTracer(peer, program.path(), entry.function(), PROBED_DESCRIPTOR);
        Target target = null;
        try {
            target = cores.launch(() -> Target.launch(program, arguments, tracer.launcher()));
            return new TracedTarget(entry, target, Optional.of(tracer.attach(target.pid())), List.of());
        } catch (RuntimeException | Error e) {
            closeQuietly(target, e);
            closeQuietly(tracer, e);
            throw e;
        }
    }

    /**
     * What to trace of a target.
     *
     * @throws BadInput if the program is no Go program with the functions that targets have
     */
    static TracePlan plan(Techniques.Entry technique, TargetProgram program, Probes probes) {
        TracePlan plan = PLANS.computeIfAbsent(
                new Planned(program.original(), modified(program), technique.function(), technique.site(), technique.returns(), probes),
                any -> newPlan(technique, program, probes));
        return program.path().equals(program.original()) ? plan : plan.ofCopy(program.path());
    }

    private static FileTime modified(TargetProgram program) {
        try {
            return Files.getLastModifiedTime(program.original());
        } catch (IOException e) {
            throw new BadInput("The target " + program.name() + " is gone: " + program.original() + "; build it anew", e);
        }
    }

    private static TracePlan newPlan(Techniques.Entry technique, TargetProgram program, Probes probes) {
        try (GoBinary binary = GoBinary.open(program.original(), Emulation.ofThisKernel())) {
            List<TracedFunction> functions = new ArrayList<>(List.of(function(binary, technique, program)));
            binary.functionNames().stream().filter(name -> OTHER_PROBED_FUNCTIONS.matcher(name).matches()).sorted()
                    .limit(probes.functions() - 1).map(name -> binary.function(name, technique.site())).forEach(functions::add);
            if (functions.size() < probes.functions()) {
                throw new BadInput("The target " + program.name() + " has " + functions.size() + " functions to probe, not "
                        + probes.functions());
            }
            return new TracePlan(new TraceRequest(program.original(), functions, binary.runtimeLayout(), binary.types(), technique.returns(),
                    probes.maxBytes(), DEPTH));
        }
    }

    /** The linker's name of what is written in assembly ends in that of its calling convention. */
    private static TracedFunction function(GoBinary binary, Techniques.Entry technique, TargetProgram program) {
        String name = technique.function();
        boolean assembly = binary.functionNames().contains(name + ASSEMBLY_SUFFIX);
        if (!assembly && !name.equals(PROBED_FUNCTION) && !binary.functionNames().contains(name)) {
            throw new BadInput("The technique " + technique.technique() + " probes " + name + ", which the target " + program.name()
                    + " lacks; measure it on another target");
        }
        return binary.function(assembly ? name + ASSEMBLY_SUFFIX : name, technique.site());
    }

    private static List<Site> sites(TracePlan plan) {
        TracedFunction called = plan.request().functions().get(0);
        Stream<ProbeSite> returns = plan.request().returns() ? called.returns().stream() : Stream.empty();
        return Stream.concat(Stream.of(called.entry()), returns).map(site -> new Site(site.kind().name().toLowerCase(Locale.ROOT),
                site.instruction().text(), site.siteClass().word())).distinct().toList();
    }

    /** The probe sites of the function that is called, or of the one that is probed in its place; of equal ones one. */
    List<Site> sites() {
        return sites;
    }

    /** Whether each call makes an event. */
    boolean tracesCalls() {
        return technique.calls();
    }

    /** Whether each return makes an event. */
    boolean tracesReturns() {
        return technique.calls() && technique.returns();
    }

    /** The target itself. */
    public Target target() {
        return target;
    }

    /** Runs bursts and waits until all their events have been delivered; what a peer saw, only {@link #endPeer} tells. */
    public Measured burst(int bursts, int calls) {
        TraceCounts before = counts();
        long cpuBefore = tracerCpuNs();
        session.ifPresent(TraceSession::resume);
        BurstResult burst = target.burst(bursts, calls);
        session.ifPresent(TraceSession::settle);
        session.ifPresent(TraceSession::rest);
        long cpuNs = session.isPresent() ? tracerCpuNs() - cpuBefore : 0;
        callsMade += burst.callsMade();
        return new Measured(burst, minus(counts(), before), cpuNs);
    }

    private long tracerCpuNs() {
        return peer().map(PeerSession::cpuNs).orElseGet(() -> ProcessUsage.ownCpuNs() - THREADS.getCurrentThreadCpuTime());
    }

    /** Largest resident set of the tracer so far, in bytes; 0 untraced. */
    long tracerPeakBytes() {
        return session.isEmpty() ? 0 : peer().map(PeerSession::peakBytes).orElseGet(ProcessUsage::ownPeakBytes);
    }

    private Optional<PeerSession> peer() {
        return session.filter(PeerSession.class::isInstance).map(PeerSession.class::cast);
    }

    /** Whether another tool traces. */
    boolean byPeer() {
        return peer().isPresent();
    }

    /** The calls of the target so far. */
    long callsMade() {
        return callsMade;
    }

    /**
     * Lets a peer end, after it has had time to report, and the target before it if the peer started it.
     *
     * @return what it reported of all calls made
     * @throws OperationFailed if it does not end in good order
     */
    TraceCounts endPeer() {
        PeerSession peer = peer().orElseThrow();
        peer.awaitReported(callsMade, REPORTING);
        closeSession();
        return peer.counts();
    }

    /** All events so far. */
    public TraceCounts counts() {
        return session.map(TraceSession::counts).orElse(NOTHING);
    }

    /** Whether the target is traced at all. */
    public boolean traced() {
        return session.isPresent();
    }

    /** Largest resident set of the target so far, in bytes. */
    public long targetPeakBytes() {
        return ProcessUsage.peakBytes(target.pid());
    }

    private static TraceCounts minus(TraceCounts a, TraceCounts b) {
        return new TraceCounts(a.calls() - b.calls(), a.returns() - b.returns(), a.noReturns() - b.noReturns(), a.unpairedReturns() - b.unpairedReturns(),
                a.lostCalls() - b.lostCalls(), a.lostReturns() - b.lostReturns());
    }

    private static void closeQuietly(AutoCloseable closeable, Throwable because) {
        try {
            if (closeable != null) {
                closeable.close();
            }
        } catch (Exception e) {
            because.addSuppressed(e);
        }
    }

    /** @throws OperationFailed if tracing had failed */
    @Override
    public void close() {
        try {
            closeSession();
        } finally {
            target.close();
        }
    }

    private void closeSession() {
        if (technique.peer().filter(Peer::launches).isPresent()) {
            target.finish();
        }
        session.ifPresent(TraceSession::close);
    }
}
