package dev.tracetoll.bench.program;

import dev.tracetoll.bench.Stopping;
import dev.tracetoll.bench.Techniques;
import dev.tracetoll.bench.prices.Prices;
import dev.tracetoll.linux.process.RunningProcess;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.MachineCannot;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Warning;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.ring.RingChoice;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What is measured of a program of somebody's own.
 *
 * @param program which
 * @param functions what is traced of it, for people: the name of a function, or expressions
 * @param goVersion version of Go that built it
 * @param arms the ways to run it, the untraced one first
 * @param options how it is run
 * @param stopping how often
 * @param seed of the order, and of the bootstrap
 * @param given a process of the program that is there already; empty if it is launched
 * @param warnings what was left out because this machine cannot do it
 */
public record ProgramPlan(
        OwnProgram program,
        String functions,
        String goVersion,
        List<ProgramArm> arms,
        RunOptions options,
        Stopping stopping,
        long seed,
        Optional<RunningProcess> given,
        List<Warning> warnings) {

    /** Those that somebody would trace with, the cheapest first. The classic debugger is left out: it makes a run of a second one of hours. */
    public static final List<Technique> TECHNIQUES =
            List.of(Technique.INLINE, Technique.EBPF_PATCHED, Technique.EBPF, Technique.PTRACE);

    /** Size of the ring buffer, in bytes: what is drained may come in long bursts, as under {@code trace}. */
    public static final int RING_BYTES = 64 << 20;

    /** Says what is to be traced of the program, by a technique. */
    @FunctionalInterface
    public interface Planner {
        /**
         * The plan for a technique.
         *
         * @throws dev.tracetoll.problem.Problem if the program cannot be read, or nothing of it can be traced so
         */
        TracePlan plan(Technique technique);
    }

    /**
     * A plan.
     *
     * @param functions what is traced, for people; asked for once it has been planned
     * @param techniques names of those to measure; empty for those that this machine can do
     * @throws dev.tracetoll.problem.Problem if the program cannot be read, or cannot be traced by a technique that was chosen
     */
    public static ProgramPlan of(
            OwnProgram program,
            Supplier<String> functions,
            String goVersion,
            List<String> techniques,
            Planner planner,
            RingChoice ring,
            RunOptions options,
            Stopping stopping,
            long seed,
            Optional<RunningProcess> given) {
        List<Warning> leftOut = new ArrayList<>();
        List<ProgramArm> arms = arms(techniques, planner, ring, leftOut);
        return new ProgramPlan(
                program, functions.get(), goVersion, arms, options, stopping, seed, given, List.copyOf(leftOut));
    }

    /**
     * Plans the arms: without tracing twice, with calls counted in the kernel, and under each technique.
     *
     * @param techniques names of those to measure; empty for those that this machine can do
     * @throws BadInput if one is unknown, or cannot trace the functions of any program
     * @throws MachineCannot if this machine cannot do one that was chosen
     */
    private static List<ProgramArm> arms(
            List<String> techniques, Planner planner, RingChoice ring, List<Warning> leftOut) {
        List<ProgramArm> arms = new ArrayList<>();
        arms.add(untraced(Arm.UNTRACED));
        arms.add(untraced(Arm.UNTRACED + Arm.AGAIN));
        List<Technique> chosen = new ArrayList<>(
                techniques.isEmpty()
                        ? TECHNIQUES
                        : techniques.stream().map(ProgramPlan::chosen).toList());
        chosen.add(0, ProgramMeasurement.COUNTING);
        for (Technique technique : new LinkedHashSet<>(chosen)) {
            if (technique.equals(Technique.UNTRACED)) {
                continue;
            }
            try {
                TracePlan plan = planner.plan(technique);
                Optional<BadInput> missing = missing(technique, plan);
                if (missing.isEmpty()) {
                    arms.add(arm(technique, plan, ring));
                } else if (techniques.contains(technique.name())) {
                    throw missing.get();
                } else {
                    leftOut.add(new Warning(
                            technique + " was left out: " + missing.get().getMessage(),
                            "the others can measure the program as it is"));
                }
            } catch (MachineCannot e) {
                if (techniques.contains(technique.name())) {
                    throw e;
                }
                leftOut.add(new Warning(
                        technique + " was left out: " + e.getMessage(),
                        "./tracetoll doctor says what this machine can do"));
            }
        }
        return List.copyOf(arms);
    }

    private static Technique chosen(String name) {
        Technique technique = Techniques.named(name);
        if (!technique.equals(Technique.UNTRACED)
                && Techniques.tracer(technique).isEmpty()) {
            throw new BadInput("The technique " + name
                    + " cannot trace the functions of a program of your own; choose among inline, ebpf-patched, ebpf, "
                    + "ebpf-arguments, ptrace and their variants");
        }
        return technique;
    }

    private static ProgramArm untraced(String name) {
        return new ProgramArm(name, Technique.UNTRACED, Optional.empty(), RingChoice.NONE);
    }

    /** What a program lacks to be traced by a technique; empty if that is nothing. */
    private static Optional<BadInput> missing(Technique technique, TracePlan plan) {
        try {
            Techniques.tracer(technique).orElseThrow().require(plan);
            return Optional.empty();
        } catch (BadInput e) {
            return Optional.of(e);
        }
    }

    private static ProgramArm arm(Technique technique, TracePlan plan, RingChoice ring) {
        return new ProgramArm(
                technique.name(), technique, Optional.of(plan), new RingChoice(RING_BYTES, "", 0).overriddenBy(ring));
    }

    /** What calls cost under a technique, by function; empty where it is not among the arms, or has no price. */
    public Optional<Map<String, Prices.OfCall>> calls(Technique technique, Prices prices) {
        return arms.stream()
                .filter(arm -> arm.technique().equals(technique) && prices.knows(technique))
                .findFirst()
                .flatMap(ProgramArm::plan)
                .map(traced -> prices.calls(technique, traced));
    }

    /** Where it runs. */
    Stage stage() {
        return options.load().isPresent() ? new ServerStage(program, options, given) : new BatchStage(program, options);
    }
}
