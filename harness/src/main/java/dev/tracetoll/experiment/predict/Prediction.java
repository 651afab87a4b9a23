package dev.tracetoll.experiment.predict;

import dev.tracetoll.bench.prices.Prices;
import dev.tracetoll.bench.program.Census;
import dev.tracetoll.tracing.Technique;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** What tracing would cost a program whose calls have been counted. */
public final class Prediction {

    private static final double NS = 1e9;

    /**
     * Under a technique.
     *
     * @param technique which
     * @param eventsPerSecond calls and returns that would be told of
     * @param added what it would take in a second at the present rate
     * @param lost what becomes of the throughput
     */
    public record Line(Technique technique, double eventsPerSecond, Load.Added added, Load.Lost lost) {}

    /**
     * What a function would make of it under a technique.
     *
     * @param function symbol of it
     * @param sites what becomes of the instructions at its entry and its return, in words
     * @param callsPerSecond how often it is called
     * @param callNs what tracing adds to a call
     * @param share of all that threads would be held up, 0 to 1
     * @param lossWithout share of the throughput that would be lost if it were left out
     */
    public record Part(
            String function, String sites, double callsPerSecond, double callNs, double share, double lossWithout) {}

    private final Census census;
    private final Load load;
    private final Prices prices;
    private final Map<Technique, Map<String, Prices.OfCall>> traced;
    private final Load.Added counting;

    /**
     * A prediction.
     *
     * @param census with at least one call
     * @param cpus of the machine
     * @param counting by function: what counting a call had cost
     * @param traced by technique and function: what tracing one would cost
     */
    public Prediction(
            Census census,
            int cpus,
            Prices prices,
            Map<String, Prices.OfCall> counting,
            Map<Technique, Map<String, Prices.OfCall>> traced) {
        this.census = census;
        this.load = Load.of(census, cpus);
        this.prices = prices;
        this.traced = traced;
        this.counting = added(counting);
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
        return traced.keySet().stream().map(this::line).toList();
    }

    /** Of a technique that it was made for. */
    public Line line(Technique technique) {
        Map<String, Prices.OfCall> calls = calls(technique);
        Load.Added added = added(calls);
        double events = census.functions().stream()
                .mapToDouble(called -> perSecond(called) * call(calls, called).events())
                .sum();
        return new Line(technique, events, added, load.lost(added, counting));
    }

    private Map<String, Prices.OfCall> calls(Technique technique) {
        return traced.getOrDefault(technique, Map.of());
    }

    private Load.Added added(Map<String, Prices.OfCall> calls) {
        return census.functions().stream()
                .map(called -> added(calls, called))
                .reduce(Load.Added.NOTHING, Load.Added::plus);
    }

    private double perSecond(Census.Called called) {
        return called.calls() * NS / census.wallNs();
    }

    /** One that is not traced costs nothing. */
    private static Prices.OfCall call(Map<String, Prices.OfCall> calls, Census.Called called) {
        return calls.getOrDefault(called.function(), Prices.OfCall.NONE);
    }

    /** In seconds a second. */
    private Load.Added added(Map<String, Prices.OfCall> calls, Census.Called called) {
        Prices.OfCall call = call(calls, called);
        double factor = perSecond(called) / NS;
        return new Load.Added(call.cost().ns() * factor, call.cost().cpuNs() * factor, call.tracerNs() * factor);
    }

    /** What the functions would make of it under a technique, those first that would make most. */
    public List<Part> parts(Technique technique) {
        Map<String, Prices.OfCall> calls = calls(technique);
        Load.Added whole = added(calls);
        return census.functions().stream()
                .filter(called -> called.calls() > 0)
                .map(called -> {
                    Load.Added added = added(calls, called);
                    return new Part(
                            called.function(),
                            call(calls, called).sites(),
                            perSecond(called),
                            call(calls, called).cost().ns(),
                            added.held() / whole.held(),
                            load.lost(whole.minus(added), counting).loss());
                })
                .sorted(Comparator.comparingDouble(Part::share).reversed())
                .toList();
    }
}
