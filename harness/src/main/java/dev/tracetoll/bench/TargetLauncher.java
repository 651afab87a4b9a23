package dev.tracetoll.bench;

import dev.tracetoll.burst.Target;
import dev.tracetoll.burst.TargetProgram;
import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.problem.Failing;
import dev.tracetoll.results.CpuPlacement;
import dev.tracetoll.results.Site;
import dev.tracetoll.tracing.EventSink;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.peer.Peer;
import dev.tracetoll.tracing.peer.PeerTracer;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.ring.RingChoice;
import dev.tracetoll.tracing.source.CallSink;
import dev.tracetoll.tracing.source.SourceSession;
import dev.tracetoll.tracing.source.SourceTracer;
import dev.tracetoll.tracing.syscall.SyscallRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Launches targets under a technique. */
public final class TargetLauncher {

    /** The lowest descriptor that the probed function of the target {@code writes} writes to; Go's runtime uses lower ones. */
    private static final int PROBED_DESCRIPTOR = 100;

    private TargetLauncher() {}

    /**
     * Launches a target, traced from its first instruction, on any CPU.
     *
     * @param technique how
     * @param program what
     * @param arguments its command line
     * @param sink receives the events of functions
     * @throws dev.tracetoll.problem.Problem if it cannot be launched or traced; nothing stays behind then
     */
    public static TracedTarget launch(
            Technique technique, TargetProgram program, List<String> arguments, EventSink sink) {
        return launch(technique, program, arguments, CpuPlacement.UNPINNED, sink);
    }

    /**
     * Launches a target, traced from its first instruction. With a placement the calling thread is on the tracer's CPU from now on.
     *
     * @param technique how
     * @param program what
     * @param arguments its command line
     * @param placement on which CPUs
     * @param sink receives the events of functions
     * @throws dev.tracetoll.problem.Problem if it cannot be launched or traced; nothing stays behind then
     */
    public static TracedTarget launch(
            Technique technique,
            TargetProgram program,
            List<String> arguments,
            CpuPlacement placement,
            EventSink sink) {
        return launch(technique, program, arguments, placement, Probing.ONE, RingChoice.NONE, sink);
    }

    /**
     * Launches a target, traced from its first instruction. With a placement the calling thread is on the tracer's CPU from now on.
     *
     * @param technique how
     * @param program what
     * @param arguments its command line
     * @param placement on which CPUs
     * @param probing what is probed besides
     * @param ring what somebody chose of the ring buffer, if there is one
     * @param sink receives the events of functions
     * @throws dev.tracetoll.problem.Problem if it cannot be launched or traced; nothing stays behind then
     */
    static TracedTarget launch(
            Technique technique,
            TargetProgram program,
            List<String> arguments,
            CpuPlacement placement,
            Probing probing,
            RingChoice ring,
            EventSink sink) {
        Cores.Choice cores = Cores.of(placement);
        Techniques.Entry entry = Techniques.entry(technique);
        if (entry.untraced()) {
            Target target = cores.launch(() -> Target.launch(program, arguments, false));
            return new TracedTarget(entry, target, Optional.empty(), List.of(), List.of());
        }
        if (entry.peer().isPresent()) {
            return launch(entry, entry.peer().get(), program, arguments, cores);
        }
        if (entry.source().isPresent()) {
            return launch(entry, entry.source().get().apply(ring), program, arguments, cores, probing);
        }
        Optional<TracePlan> plan = entry.syscallTracer().isPresent()
                ? Optional.empty()
                : Optional.of(TargetPlans.of(entry, program, probing));
        Target target = cores.launch(() -> Target.launch(program, arguments, true));
        TraceSession session = null;
        try {
            session = plan.isPresent()
                    ? entry.tracer().orElseThrow().make(ring).attach(plan.get(), target.traced(), sink)
                    : entry.syscallTracer()
                            .orElseThrow()
                            .get()
                            .attach(
                                    new SyscallRequest(PROBED_DESCRIPTOR, probing.maxBytes()),
                                    target.traced(),
                                    event -> {});
            target.resume();
            return new TracedTarget(
                    entry,
                    target,
                    Optional.of(session),
                    plan.map(TargetLauncher::sites).orElse(List.of()),
                    plan.map(TargetLauncher::signatures).orElse(List.of()));
        } catch (RuntimeException | Error e) {
            Failing.close(session, e);
            Failing.close(target, e);
            throw e;
        }
    }

    /** A target that tells of its calls itself; what it writes to is there before it. */
    private static TracedTarget launch(
            Techniques.Entry entry,
            SourceTracer tracer,
            TargetProgram program,
            List<String> arguments,
            Cores.Choice cores,
            Probing probing) {
        TracePlan plan = TargetPlans.of(entry, program, probing);
        int goidOffset = plan.request().runtime().goidOffset();
        SourceSession session = tracer.open(goidOffset, probing.maxBytes(), CallSink.DISCARD);
        try {
            List<String> all = new ArrayList<>(session.arguments());
            all.addAll(arguments);
            Target target = cores.launch(() -> Target.launch(program, all, false));
            session.attach(target.pid());
            return new TracedTarget(entry, target, Optional.of(session), List.of(), signatures(plan));
        } catch (RuntimeException | Error e) {
            Failing.close(session, e);
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
            return new TracedTarget(entry, target, Optional.of(tracer.attach(target.pid())), List.of(), List.of());
        } catch (RuntimeException | Error e) {
            Failing.close(target, e);
            Failing.close(tracer, e);
            throw e;
        }
    }

    @SuppressWarnings("ReferenceEquality") // A plan has one object for each function.
    private static List<Site> sites(TracePlan plan) {
        TracedFunction called = called(plan);
        return plan.sites().stream()
                .filter(site -> site.function() == called)
                .map(site -> new Site(
                        site.site().kind().name().toLowerCase(Locale.ROOT),
                        site.site().instruction().text(),
                        site.siteClass().word()))
                .distinct()
                .toList();
    }

    private static List<String> signatures(TracePlan plan) {
        return List.of(called(plan).declaration());
    }

    /** The others are probed beside it. */
    private static TracedFunction called(TracePlan plan) {
        return plan.request().functions().get(0);
    }
}
