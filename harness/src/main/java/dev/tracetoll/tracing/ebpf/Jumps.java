package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.golang.ProbeSite;
import dev.tracetoll.golang.ProgramCode;
import dev.tracetoll.golang.RuntimeInternals;
import dev.tracetoll.golang.RuntimeLayout;
import dev.tracetoll.linux.kernel.Feature;
import dev.tracetoll.linux.ptrace.ProcessMemory;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.tracing.TracedProcess;
import dev.tracetoll.tracing.patching.Installation;
import dev.tracetoll.tracing.patching.Installing;
import dev.tracetoll.tracing.patching.IntactCode;
import dev.tracetoll.tracing.patching.Leftovers;
import dev.tracetoll.tracing.patching.Patch;
import dev.tracetoll.tracing.patching.PatchPlanner;
import dev.tracetoll.tracing.plan.SiteClass;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.uprobe.Emulation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Jumps that lead from sites to nops, which uprobes cost less on. Sites that no jump can be at are left to a probe of their own.
 *
 * <p>In, they do nothing by themselves: a nop without a probe is one.
 */
final class Jumps {

    private static final int LOW_BYTE = 0xff;
    /** What the kernel puts into a process: a call in place of a nop, or a breakpoint. */
    private static final int CALL = 0xe8;

    private static final int BREAKPOINT = 0xcc;

    private final TracePlan plan;
    private final TracedProcess process;
    private final Set<Integer> sites;
    private final ProbedNops nops;
    private final Installation installation;
    private final Consumer<String> notices;
    private boolean looked;
    private Installing installing;

    private Jumps(
            TracePlan plan,
            TracedProcess process,
            Set<Integer> sites,
            ProbedNops nops,
            Installation installation,
            Consumer<String> notices) {
        this.plan = plan;
        this.process = process;
        this.sites = sites;
        this.nops = nops;
        this.installation = installation;
        this.notices = notices;
        installing = new Installing(process, installation, () -> {});
    }

    /**
     * Jumps for as many sites of a plan as can be.
     *
     * @param notices told, in a line for the user, which sites have none and why, how long the process stood still, and whether each hit costs a
     *        trap nevertheless
     * @throws BadInput if there would be none at all, or the program does not say what has to be known of it
     */
    static Jumps of(TracePlan plan, TracedProcess process, Consumer<String> notices) {
        Leftovers.refuse(process);
        Possible possible = Possible.of(plan);
        List<SitePlan> all = plan.sites();
        IntactCode.require(process, plan.request().binary(), possible.patches);
        possible.refusals.entrySet().stream()
                .map(refusal -> (all.get(refusal.getKey()).isReturn() ? "returns of " : "calls of ")
                        + all.get(refusal.getKey()).name() + " are seen by a trap, not by a jump: "
                        + refusal.getValue())
                .distinct()
                .forEach(notices);
        Feature call = Emulation.ofThisKernel().nopAsCall();
        if (!call.available()) {
            notices.accept("each hit costs a trap, as this kernel makes no calls of nops: " + call.detail());
        }
        Set<Integer> patched = new HashSet<>(possible.floats.keySet());
        patched.removeAll(possible.refusals.keySet());
        TracePlan probed = plan.withSites(probed(all, patched, possible.floats));
        ProbedNops nops = new ProbedNops(probed, possible.floats);
        return new Jumps(
                probed,
                process,
                patched,
                nops,
                new Installation(plan, process, possible.patches, nops, possible.internals, notices),
                notices);
    }

    /**
     * Says whether there would be any.
     *
     * @throws BadInput if not, or the program does not say what has to be known of it
     */
    static void require(TracePlan plan) {
        Possible.of(plan);
    }

    /**
     * What can be done of a plan, whatever process it is for.
     *
     * @param internals what is known of the program's runtime
     * @param refusals by sites: why they have no jump
     * @param floats by sites: where floating-point arguments go
     */
    private record Possible(
            RuntimeInternals internals,
            Map<Integer, String> refusals,
            Map<Integer, MovedFloats> floats,
            List<Patch> patches) {

        static Possible of(TracePlan plan) {
            RuntimeInternals internals = Installation.internals(plan, "changing its code");
            Map<Integer, String> refusals = new TreeMap<>();
            Map<Integer, MovedFloats> floats = Jumps.floats(plan, refusals);
            List<Patch> patches = Jumps.patches(plan, refusals);
            List<SitePlan> all = plan.sites();
            if (patches.stream()
                    .flatMap(patch -> patch.recordings().stream())
                    .noneMatch(recording -> all.get(recording.site()).function() != null)) {
                int first = refusals.keySet().iterator().next();
                throw new BadInput(all.get(first).name() + " cannot be traced by jumps: " + refusals.get(first)
                        + "; use --backend ebpf");
            }
            return new Possible(internals, refusals, floats, patches);
        }
    }

    private static Map<Integer, MovedFloats> floats(TracePlan plan, Map<Integer, String> refusals) {
        Map<Integer, MovedFloats> floats = new HashMap<>();
        for (int i = 0; i < plan.sites().size(); i++) {
            int site = i;
            MovedFloats.of(plan.sites().get(i))
                    .ifPresentOrElse(
                            moved -> floats.put(site, moved),
                            () -> refusals.put(
                                    site,
                                    "more floating-point registers have to be moved than others are free, and it does not check its stack"));
        }
        return floats;
    }

    private static List<Patch> patches(TracePlan plan, Map<Integer, String> refusals) {
        RuntimeLayout runtime = plan.request().runtime();
        Set<Long> probed = new HashSet<>();
        Stream.concat(
                        runtime.changes().stream().flatMap(changes -> Stream.of(changes.move(), changes.end())),
                        runtime.signals().stream().map(signals -> signals.handler()))
                .map(ProbeSite::address)
                .forEach(probed::add);
        refusals.keySet()
                .forEach(site -> probed.add(plan.sites().get(site).site().address()));
        Map<String, List<Integer>> byFunction = plan.sitesByFunction(site -> !refusals.containsKey(site));
        List<Patch> patches = new ArrayList<>();
        try (ProgramCode program = ProgramCode.open(plan.request().binary())) {
            PatchPlanner planner = new PatchPlanner(program);
            byFunction
                    .values()
                    .forEach(numbers -> patches.addAll(planner.ofMost(
                            numbers.stream().map(plan.sites()::get).toList(), numbers, probed, refusals::put)));
        }
        return patches;
    }

    private static List<SitePlan> probed(List<SitePlan> sites, Set<Integer> patched, Map<Integer, MovedFloats> floats) {
        Emulation emulation = Emulation.ofThisKernel();
        List<SitePlan> probed = new ArrayList<>();
        for (int i = 0; i < sites.size(); i++) {
            SitePlan site = sites.get(i);
            probed.add(
                    patched.contains(i)
                            ? site.probed(SiteClass.PATCHED, Objects.requireNonNull(floats.get(i))::moved)
                            : site.probed(emulation.classOf(site.site().instruction()), location -> location));
        }
        return probed;
    }

    /** The plan, with what is at each site as it will be probed. */
    TracePlan plan() {
        return plan;
    }

    /** Whether a jump leads from a site to a nop. */
    boolean areAt(int site) {
        return sites.contains(site);
    }

    /**
     * Puts them in, when the process executes its program or at once.
     *
     * @param in told when they are in; of a program that has just been executed, before it begins
     */
    void begin(Runnable in) {
        boolean later = process.awaitingExec();
        installing = new Installing(process, installation, later ? in : () -> {});
        installing.start();
        if (!later) {
            in.run();
            if (!installation.isThere()) {
                throw new OperationFailed(
                        "process " + process.pid() + " ended or executed a program while it was being attached to");
            }
        }
    }

    /** The file that the nops are in. */
    Path file() {
        return Path.of("/proc/self/fd", Integer.toString(installation.codeFile().number()));
    }

    /** Where in that file the nop of a site is. */
    long offset(int site) {
        return nops.address(site) - installation.code();
    }

    /** How far a site is from its nop in the process; 0 if it has none. */
    long moved(int site) {
        return areAt(site) ? plan.sites().get(site).site().address() + installation.bias() - nops.address(site) : 0;
    }

    /** Throws what has gone wrong so far, if anything has. */
    void throwFailure() {
        installing.throwFailure();
    }

    /** What is being put in is put in, so that it can be taken away; else nothing is. */
    void cancel() {
        installing.cancel();
    }

    /** Says if the kernel has made a call of no nop, though there were hits; while there are still probes. */
    void look() {
        if (looked || !installation.isThere()) {
            return;
        }
        looked = true;
        ProcessMemory memory = new ProcessMemory();
        List<Integer> first = sites.stream()
                .map(site ->
                        (int) memory.readLong(process.pid(), nops.address(site)).orElse(0) & LOW_BYTE)
                .toList();
        if (first.contains(BREAKPOINT) && !first.contains(CALL)) {
            notices.accept("each hit has cost a trap: the kernel has made no call of any nop");
        }
    }

    /** Takes them away. */
    void remove() {
        installing.remove();
    }
}
