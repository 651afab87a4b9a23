package dev.tracetoll.tracing.inline;

import dev.tracetoll.golang.ProbeSite;
import dev.tracetoll.golang.ProgramCode;
import dev.tracetoll.tracing.patching.Patch;
import dev.tracetoll.tracing.patching.PatchPlanner;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.plan.TracePlan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Patches for as many sites of a plan as can be, where others are probed by another tracer. */
final class PartialPatches {

    private PartialPatches() {}

    /** The sites that cannot be patched, or are better not, by their numbers, and why. */
    static Map<Integer, String> refusals(TracePlan plan, Collect collect) {
        Map<Integer, String> refused = new TreeMap<>();
        if (collect == Collect.EVENTS) {
            refuseValues(plan, refused);
        }
        if (collect == Collect.DURATIONS) {
            functions(plan, wanted(plan, collect)).forEach(numbers -> {
                if (!InlineTracer.canBeTimed(
                        numbers.stream().map(plan.sites()::get).toList())) {
                    numbers.forEach(site -> refused.put(site, InlineTracer.NO_REGISTERS));
                }
            });
        }
        // A site that is probed otherwise can be in the way of the jump at another one.
        try (ProgramCode program = ProgramCode.open(plan.request().binary())) {
            int before;
            do {
                before = refused.size();
                Map<Integer, String> more = new TreeMap<>();
                patches(program, plan, wanted(plan, collect), site -> !refused.containsKey(site), more);
                refused.putAll(more);
                if (collect == Collect.DURATIONS) {
                    refuseWhole(functions(plan, wanted(plan, collect)), refused);
                }
            } while (refused.size() > before);
        }
        return refused;
    }

    /**
     * The patches for some sites of a plan.
     *
     * @param sites those that are not refused
     */
    static List<Patch> of(TracePlan plan, IntPredicate sites, Collect collect) {
        Map<Integer, String> refused = new TreeMap<>();
        try (ProgramCode program = ProgramCode.open(plan.request().binary())) {
            List<Patch> patches = patches(program, plan, wanted(plan, collect), sites, refused);
            if (!refused.isEmpty()) {
                throw new IllegalArgumentException(refused.toString());
            }
            return patches;
        }
    }

    /** Where there are no events, nothing says why calls do not return. */
    private static IntPredicate wanted(TracePlan plan, Collect collect) {
        return site -> collect == Collect.EVENTS || plan.sites().get(site).function() != null;
    }

    private static List<Patch> patches(
            ProgramCode program,
            TracePlan plan,
            IntPredicate wanted,
            IntPredicate sites,
            Map<Integer, String> refused) {
        Set<Long> probed = new HashSet<>();
        // What shows floating-point registers to another tracer is probed by it.
        plan.request()
                .runtime()
                .signals()
                .map(signals -> signals.handler())
                .map(ProbeSite::address)
                .ifPresent(probed::add);
        IntStream.range(0, plan.sites().size())
                .filter(sites.negate())
                .forEach(site -> probed.add(plan.sites().get(site).site().address()));
        List<Patch> patches = new ArrayList<>();
        // A new one each time: it remembers which padding has been taken.
        PatchPlanner planner = new PatchPlanner(program);
        functions(plan, wanted.and(sites))
                .forEach(numbers -> patches.addAll(planner.ofMost(
                        numbers.stream().map(plan.sites()::get).toList(), numbers, probed, refused::put)));
        return patches;
    }

    private static List<List<Integer>> functions(TracePlan plan, IntPredicate sites) {
        return List.copyOf(plan.sitesByFunction(sites).values());
    }

    private static void refuseValues(TracePlan plan, Map<Integer, String> refused) {
        for (List<Integer> numbers : functions(plan, site -> true)) {
            Set<String> values = new LinkedHashSet<>();
            for (int number : numbers) {
                SitePlan site = plan.sites().get(number);
                values.addAll(Layout.of(site, plan).unfollowed(site, plan));
            }
            if (!values.isEmpty()) {
                String why =
                        "not all that " + String.join(", ", values) + " can lead to is followed within the program";
                numbers.forEach(number -> refused.put(number, why));
            }
        }
    }

    /** A call that is timed is seen by one tracer from its beginning to its end. */
    private static void refuseWhole(List<List<Integer>> functions, Map<Integer, String> refused) {
        for (List<Integer> numbers : functions) {
            numbers.stream()
                    .filter(refused::containsKey)
                    .findFirst()
                    .ifPresent(first -> numbers.forEach(number -> refused.putIfAbsent(number, refused.get(first))));
        }
    }
}
