package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.linux.bpf.Uprobes;
import dev.tracetoll.tracing.plan.TracePlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The uprobes of a plan's sites. Where the plan is guarded those of each function are a set of their own, which can be taken off by itself; that has
 * its price when all are attached and detached, so otherwise they are one set.
 */
final class ProbeSets implements AutoCloseable {

    private final TracePlan plan;
    private final Uprobes.Mode mode;
    /** Of what belongs to no function, or to all. */
    private final Uprobes common;

    private final Map<TracedFunction, Uprobes> ofFunctions = new IdentityHashMap<>();

    ProbeSets(TracePlan plan, Uprobes.Mode mode) {
        this.plan = plan;
        this.mode = mode;
        common = new Uprobes(mode);
    }

    /** Attaches a program to some sites of a set. */
    interface Attachment {
        void attach(Uprobes by, List<Integer> sites);
    }

    /** What belongs to no function. */
    synchronized Uprobes common() {
        return common;
    }

    /** Attaches a program to sites: once for each set that has some of them, in their order. */
    synchronized void attach(Stream<Integer> sites, Attachment attachment) {
        Map<Uprobes, List<Integer>> bySet = new LinkedHashMap<>();
        sites.forEach(site ->
                bySet.computeIfAbsent(set(site), any -> new ArrayList<>()).add(site));
        bySet.forEach(attachment::attach);
    }

    private Uprobes set(int site) {
        TracedFunction function = plan.sites().get(site).function();
        return !plan.request().guarded() || function == null
                ? common
                : ofFunctions.computeIfAbsent(function, any -> new Uprobes(mode));
    }

    /** Detaches the probes of some functions. */
    synchronized void takeOff(List<TracedFunction> functions) {
        Uprobes.closeAll(functions.stream()
                .map(ofFunctions::remove)
                .filter(Objects::nonNull)
                .toList());
    }

    /** Attaches all anew, first what belongs to no function: see {@link Uprobes#renew}. */
    synchronized void renew(Path file) {
        Uprobes.renewAll(all(), file);
    }

    @Override
    public synchronized void close() {
        Uprobes.closeAll(all());
        ofFunctions.clear();
    }

    private List<Uprobes> all() {
        return Stream.concat(Stream.of(common), ofFunctions.values().stream()).toList();
    }
}
