package dev.tracetoll.report;

import dev.tracetoll.environment.Environment;
import dev.tracetoll.results.Build;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.Warning;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How results came about: what a reader needs to believe them, and to measure them again.
 *
 * @param tracetoll which Tracetoll measured
 * @param started when
 * @param environment where
 * @param command the command line, to the letter
 * @param seed of the order and of the bootstrap
 * @param grave what forbids to take the figures as they are
 * @param warnings what else a reader must know
 * @param facts what else there is to be said, by what it is about
 */
public record Provenance(
        Build tracetoll,
        Instant started,
        Environment environment,
        List<String> command,
        long seed,
        List<Warning> grave,
        List<Warning> warnings,
        Map<String, String> facts) {

    /** Of results that say no more than where they come from. */
    public static Provenance of(
            Build tracetoll, Instant started, Environment environment, List<String> command, long seed) {
        return new Provenance(tracetoll, started, environment, command, seed, List.of(), List.of(), Map.of());
    }

    /** Of a run. A run whose counts do not add up, or that lost events, is to be taken as such before anything else is read. */
    public static Provenance of(Run run) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Budget", run.budgetNs() == 0 ? "none" : HumanUnits.duration((double) run.budgetNs()));
        facts.put("Ended", run.stopped().inWords());
        return new Provenance(
                run.tracetoll(),
                run.started(),
                run.environment(),
                run.command(),
                run.seed(),
                run.warnings().stream().filter(Warning::grave).toList(),
                run.warnings().stream().filter(warning -> !warning.grave()).toList(),
                facts);
    }
}
