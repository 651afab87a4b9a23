package dev.tracetoll.experiment.predict;

import dev.tracetoll.bench.prices.Prices;
import dev.tracetoll.bench.program.Census;
import dev.tracetoll.tracing.FunctionTotal;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.plan.TracePlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What tracing would cost a program whose calls have been counted. */
public final class Prediction {

    /** Those that somebody would trace with, the cheapest first. */
    public static final List<Technique> TECHNIQUES =
            List.of(Technique.INLINE, Technique.EBPF_PATCHED, Technique.EBPF, Technique.PTRACE);

    private static final double NS = 1e9;

    /**
     * Under a technique.
     *
     * @param technique which
     * @param eventsPerSecond calls and returns that would be told of
     * @param added CPU time that the program would spend on it, in seconds a second at the present rate
     * @param tracer the same of the tracer
     * @param loss share of the throughput that would be lost, 0 to 1
     */
    public record Line(Technique technique, double eventsPerSecond, double added, double tracer, double loss) {}

    /**
     * What a function would make of it under a technique.
     *
     * @param function symbol of it
     * @param callsPerSecond how often it is called
     * @param callNs what tracing adds to a call
     * @param share of all that tracing would add, 0 to 1
     * @param lossWithout share of the throughput that would be lost if it were left out
     */
    public record Part(String function, double callsPerSecond, double callNs, double share, double lossWithout) {}

    private final String program;
    private final Census census;
    private final Load load;
    private final Prices prices;
    private final Map<Technique, Map<String, List<SitePlan>>> sites = new LinkedHashMap<>();

    /**
     * A prediction.
     *
     * @param program what people call it
     * @param plans by technique, of the same functions; those of which no price is known are left out
     */
    public Prediction(String program, Census census, Load load, Prices prices, Map<Technique, TracePlan> plans) {
        this.program = program;
        this.census = census;
        this.load = load;
        this.prices = prices;
        plans.forEach((technique, plan) -> {
            if (prices.knows(technique)) {
                Map<String, List<SitePlan>> byFunction = new LinkedHashMap<>();
                for (SitePlan site : plan.sites()) {
                    if (site.function() != null) {
                        byFunction
                                .computeIfAbsent(site.name(), any -> new ArrayList<>())
                                .add(site);
                    }
                }
                sites.put(technique, byFunction);
            }
        });
    }

    String program() {
        return program;
    }

    Census census() {
        return census;
    }

    Load load() {
        return load;
    }

    Prices prices() {
        return prices;
    }

    /** Calls a second of all functions together. */
    double callsPerSecond() {
        return census.calls() * NS / census.wallNs();
    }

    /** Technique by technique. */
    public List<Line> lines() {
        return sites.keySet().stream().map(this::line).toList();
    }

    private Line line(Technique technique) {
        double added = 0;
        double events = 0;
        for (FunctionTotal total : census.totals()) {
            added += added(technique, total);
            events += perSecond(total) * (returns(technique, total) ? 2 : 1);
        }
        double tracer = events * prices.tracerNs(technique) / NS;
        return new Line(technique, events, added, tracer, load.loss(added, tracer));
    }

    private double perSecond(FunctionTotal total) {
        return total.calls() * NS / census.wallNs();
    }

    private List<SitePlan> sitesOf(Technique technique, FunctionTotal total) {
        return sites.getOrDefault(technique, Map.of())
                .getOrDefault(total.function().name(), List.of());
    }

    private boolean returns(Technique technique, FunctionTotal total) {
        return sitesOf(technique, total).stream().anyMatch(SitePlan::isReturn);
    }

    /** In seconds a second. */
    private double added(Technique technique, FunctionTotal total) {
        return perSecond(total) * prices.callNs(technique, sitesOf(technique, total)) / NS;
    }

    /** What the functions would make of it under a technique, those first that would make most. */
    public List<Part> parts(Technique technique) {
        Line whole = line(technique);
        return census.totals().stream()
                .filter(total -> total.calls() > 0)
                .map(total -> {
                    double added = added(technique, total);
                    double left = Math.max(0, 1 - added / whole.added);
                    return new Part(
                            total.function().name(),
                            perSecond(total),
                            prices.callNs(technique, sitesOf(technique, total)),
                            added / whole.added,
                            load.loss(whole.added - added, whole.tracer * left));
                })
                .sorted(Comparator.comparingDouble(Part::share).reversed())
                .toList();
    }
}
