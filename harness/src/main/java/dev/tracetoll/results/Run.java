package dev.tracetoll.results;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tracetoll.environment.Environment;
import dev.tracetoll.environment.EnvironmentDifference;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.schema.Required;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A run: everything in {@code results.json}.
 *
 * @param schemaVersion version of this schema, {@value #SCHEMA_VERSION}
 * @param tracetoll which Tracetoll measured
 * @param started when the run began
 * @param environment where it was measured
 * @param experiment name of the question that it asks
 * @param command the command line, to the letter, so that it can be run again
 * @param seed seed of the order of the arms and of the bootstrap
 * @param budgetNs what the run was allowed to take, in ns, 0 if nobody said
 * @param stopped why it has no more rounds
 * @param arms what was measured
 * @param comparisons what follows from it, made by {@code compare.Comparisons}
 * @param warnings what a reader must know
 */
public record Run(
        int schemaVersion,
        Build tracetoll,
        Instant started,
        Environment environment,
        String experiment,
        List<String> command,
        long seed,
        long budgetNs,
        Stopped stopped,
        List<Arm> arms,
        List<Comparison> comparisons,
        List<Warning> warnings) {

    /** The schema that this version writes, and the newest it reads. */
    public static final int SCHEMA_VERSION = 1;

    public Run {
        Required.field(tracetoll, "tracetoll");
        Required.field(started, "started");
        Required.field(environment, "environment");
        Required.text(experiment, "experiment");
        Required.notNegative(budgetNs, "budgetNs");
        Required.field(stopped, "stopped");
        command = List.copyOf(Required.field(command, "command"));
        arms = List.copyOf(Required.field(arms, "arms"));
        comparisons = List.copyOf(Required.field(comparisons, "comparisons"));
        warnings = List.copyOf(Required.field(warnings, "warnings"));
        if (arms.isEmpty()) {
            throw new IllegalArgumentException("field \"arms\" is empty");
        }
        requireDistinct(arms);
    }

    private static void requireDistinct(List<Arm> arms) {
        record Key(String name, Workload workload) {}
        Set<Key> seen = new HashSet<>();
        for (Arm arm : arms) {
            if (!seen.add(new Key(arm.name(), arm.workload()))) {
                throw new IllegalArgumentException(
                        "field \"arms\" has two arms named \"" + arm.name() + "\" of the same workload");
            }
        }
    }

    /** Whether the counts of every arm add up. A run that is not valid must not be used to compare techniques. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public boolean valid() {
        return arms.stream().allMatch(Arm::valid);
    }

    /**
     * Refuses a run that is not {@linkplain #valid() valid}, among others.
     *
     * @throws BadInput if it is not
     */
    public void requireValid() {
        if (!valid()) {
            throw new BadInput("The counts of the run of " + started
                    + " do not add up, so it says nothing; leave it out, or measure it again");
        }
    }

    /**
     * Refuses runs of several environments.
     *
     * @param remedy what to do instead, as the end of a sentence
     * @throws BadInput if an environment is not that of the first run
     */
    public static void requireOneEnvironment(List<Run> runs, String remedy) {
        Environment first = runs.get(0).environment();
        runs.stream()
                .map(Run::environment)
                .filter(other -> !other.fingerprint().equals(first.fingerprint()))
                .findFirst()
                .ifPresent(other -> {
                    throw new BadInput("The runs come from different environments, " + first.fingerprint() + " and "
                            + other.fingerprint() + " ("
                            + first.differences(other).stream()
                                    .map(EnvironmentDifference::inWords)
                                    .collect(Collectors.joining("; "))
                            + "), whose times have nothing to do with each other; " + remedy);
                });
    }

    /** What an arm's comparison with another one of its workload came to; empty if the run has none. */
    public Optional<Comparison> comparison(Workload workload, String arm, String against) {
        return comparisons.stream()
                .filter(comparison -> comparison.workload().equals(workload)
                        && comparison.arm().equals(arm)
                        && comparison.against().equals(against))
                .findFirst();
    }

    /** The workloads of the run, in the order they first occur. */
    public List<Workload> workloads() {
        return arms.stream().map(Arm::workload).distinct().toList();
    }

    /**
     * The workloads that the run is about: those with an A/A pair, or all if none has one. What was measured beside them are yardsticks.
     */
    public List<Workload> headlines() {
        List<Workload> paired = workloads().stream()
                .filter(workload -> arms(workload).stream().anyMatch(Arm::again))
                .toList();
        return paired.isEmpty() ? workloads() : paired;
    }

    /** The other workloads: what the machine costs without any tracer. */
    public List<Workload> yardsticks() {
        List<Workload> headlines = headlines();
        return workloads().stream()
                .filter(workload -> !headlines.contains(workload))
                .toList();
    }

    /** The arms of one workload, in order. */
    public List<Arm> arms(Workload workload) {
        return arms.stream().filter(arm -> arm.workload().equals(workload)).toList();
    }

    /** A run of other arms in the same environment, with nothing concluded from them. */
    public Run of(List<Arm> others) {
        return but(others, List.of(), List.of());
    }

    /** The same run with some more warnings, each once. */
    public Run warned(List<Warning> more) {
        List<Warning> all = new ArrayList<>(warnings);
        more.stream().filter(warning -> !all.contains(warning)).forEach(all::add);
        return but(arms, comparisons, all);
    }

    private Run but(List<Arm> otherArms, List<Comparison> otherComparisons, List<Warning> otherWarnings) {
        return new Run(
                schemaVersion,
                tracetoll,
                started,
                environment,
                experiment,
                command,
                seed,
                budgetNs,
                stopped,
                otherArms,
                otherComparisons,
                otherWarnings);
    }
}
