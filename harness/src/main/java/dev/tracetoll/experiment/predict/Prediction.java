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
    private final Map<Technique, Map<String, Prices.OfCall>> calls;

    /**
     * A prediction.
     *
     * @param program what people call it
     * @param calls by technique and function: what a call costs
     */
    public Prediction(
            String program, Census census, Load load, Prices prices, Map<Technique, Map<String, Prices.OfCall>> calls) {
        this.program = program;
        this.census = census;
        this.load = load;
        this.prices = prices;
        this.calls = calls;
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
        return calls.keySet().stream().map(this::line).toList();
    }

    private Line line(Technique technique) {
        double added = 0;
        double events = 0;
        for (Census.Called called : census.functions()) {
            added += added(technique, called);
            events += perSecond(called) * (call(technique, called).returns() ? 2 : 1);
        }
        double tracer = events * prices.tracerNs(technique) / NS;
        return new Line(technique, events, added, tracer, load.loss(added, tracer));
    }

    private double perSecond(Census.Called called) {
        return called.calls() * NS / census.wallNs();
    }

    /** One that the technique does not trace costs nothing. */
    private Prices.OfCall call(Technique technique, Census.Called called) {
        return calls.getOrDefault(technique, Map.of()).getOrDefault(called.function(), new Prices.OfCall(0, 0, false));
    }

    /** In seconds a second. */
    private double added(Technique technique, Census.Called called) {
        return perSecond(called) * call(technique, called).ns() / NS;
    }

    /** What the functions would make of it under a technique, those first that would make most. */
    public List<Part> parts(Technique technique) {
        Line whole = line(technique);
        return census.functions().stream()
                .filter(called -> called.calls() > 0)
                .map(called -> {
                    double added = added(technique, called);
                    double left = Math.max(0, 1 - added / whole.added);
                    return new Part(
                            called.function(),
                            perSecond(called),
                            call(technique, called).ns(),
                            added / whole.added,
                            load.loss(whole.added - added, whole.tracer * left));
                })
                .sorted(Comparator.comparingDouble(Part::share).reversed())
                .toList();
    }
}
