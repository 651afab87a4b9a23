package dev.tracetoll.cli;

import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.tracing.FunctionTotal;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TraceEvent;
import dev.tracetoll.tracing.plan.SiteClass;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.uprobe.Emulation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What {@code --backend inline} leaves to eBPF.
 *
 * @param plan the whole, with each site as it is seen: those that are not {@linkplain SiteClass#PATCHED patched}, by eBPF
 * @param notices lines that say what is seen by eBPF, or by neither, and why
 */
record Fallback(TracePlan plan, List<String> notices) {

    /** The technique that sees what the other one does not. */
    static final Technique TECHNIQUE = Technique.EBPF;

    /**
     * Divides a plan.
     *
     * @param refusals of the sites that are not to be patched, by their numbers: why not
     * @throws BadInput if no function would be seen inline at all
     */
    static Fallback of(TracePlan plan, Map<Integer, String> refusals) {
        Emulation emulation = Emulation.ofThisKernel();
        List<SitePlan> sites = plan.sites();
        List<String> notices = new ArrayList<>();
        Set<Integer> leftOut = new HashSet<>();
        plan.sitesByFunction(site -> true).forEach((name, all) -> {
            List<Integer> numbers = all.stream().filter(refusals::containsKey).toList();
            Optional<String> objection = numbers.stream()
                    .flatMap(site -> emulation.objection(sites.get(site).site().instruction()).stream())
                    .findFirst();
            if (objection.isPresent()) {
                notices.add(name + " can be traced neither inline nor by eBPF: " + refusals.get(numbers.get(0)) + "; "
                        + objection.get());
                leftOut.addAll(all);
            } else if (!numbers.isEmpty()) {
                notices.addAll(notices(plan, name, numbers.size() == all.size(), numbers, refusals));
            }
        });
        if (IntStream.range(0, sites.size())
                .noneMatch(site ->
                        sites.get(site).function() != null && !refusals.containsKey(site) && !leftOut.contains(site))) {
            throw new BadInput("nothing would be traced inline: " + nothing(plan, refusals)
                    + "; use --backend ebpf, or --no-fallback for what can be traced inline");
        }
        return new Fallback(
                plan.withSites(IntStream.range(0, sites.size())
                        .filter(site -> !leftOut.contains(site))
                        .mapToObj(site -> refusals.containsKey(site)
                                ? sites.get(site)
                                        .probed(
                                                emulation.classOf(
                                                        sites.get(site).site().instruction()),
                                                location -> location)
                                : sites.get(site))
                        .toList()),
                List.copyOf(notices));
    }

    private static String nothing(TracePlan plan, Map<Integer, String> refusals) {
        Map<String, List<Integer>> functions =
                plan.sitesByFunction(site -> plan.sites().get(site).function() != null && refusals.containsKey(site));
        Map.Entry<String, List<Integer>> first = functions.entrySet().iterator().next();
        return first.getKey() + ": " + refusals.get(first.getValue().get(0))
                + (functions.size() > 1 ? ", nor any of the other " + (functions.size() - 1) + " functions" : "");
    }

    /** @param whole whether these are all sites of the function */
    private static List<String> notices(
            TracePlan plan, String name, boolean whole, List<Integer> numbers, Map<Integer, String> refusals) {
        if (whole && numbers.stream().map(refusals::get).distinct().count() == 1) {
            return List.of(name + " is traced by eBPF, not inline: " + refusals.get(numbers.get(0)));
        }
        return numbers.stream()
                .map(site -> (plan.sites().get(site).isReturn() ? "returns of " : "calls of ") + name
                        + " are seen by eBPF, not inline: " + refusals.get(site))
                .distinct()
                .toList();
    }

    /** The functions that have a site which is seen by eBPF. */
    Set<TracedFunction> functions() {
        Set<TracedFunction> functions = Collections.newSetFromMap(new IdentityHashMap<>());
        plan.sites().stream()
                .filter(site -> site.function() != null && !isInline(site.siteClass()))
                .forEach(site -> functions.add(site.function()));
        return functions;
    }

    /** The sites that are seen inline. */
    TracePlan inline() {
        return plan.withSites(
                plan.sites().stream().filter(site -> isInline(site.siteClass())).toList());
    }

    /** The sites that are seen by eBPF. */
    TracePlan others() {
        return plan.withSites(plan.sites().stream()
                .filter(site -> !isInline(site.siteClass()))
                .toList());
    }

    private static boolean isInline(SiteClass siteClass) {
        return siteClass == SiteClass.PATCHED;
    }

    /** Whether an event of a call or return was seen by eBPF. */
    boolean saw(TraceEvent event) {
        return event instanceof TraceEvent.Call call && !isInline(call.site())
                || event instanceof TraceEvent.Return returned && !isInline(returned.site())
                || event instanceof TraceEvent.UnpairedReturn unpaired && !isInline(unpaired.site());
    }

    /** How many calls and returns eBPF saw, where they are not events: each function is seen by one technique alone then. */
    long seen(List<FunctionTotal> totals) {
        Set<TracedFunction> own = functions();
        return totals.stream()
                .filter(total -> own.contains(total.function()))
                .mapToLong(total -> total.calls() + total.returns() + total.unpairedReturns())
                .sum();
    }
}
