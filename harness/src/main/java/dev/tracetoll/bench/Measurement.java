package dev.tracetoll.bench;

import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.Problem;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Stopped;
import dev.tracetoll.stats.Quantiles;
import dev.tracetoll.tracing.registry.TechniqueRegistry;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Carries out a {@link Plan}: a JVM of its own for each round, in which all arms take turns in the plan's order, each with a target of its own.
 *
 * <p>The round is what is repeated: what differs from JVM to JVM, as what the just-in-time compiler decides, differs from round to round, and
 * so goes into the intervals.
 */
public final class Measurement {

    /** Told how far a run has come. */
    @FunctionalInterface
    public interface Progress {
        /** A round begins or goes on. */
        void reached(Reached so);
    }

    /**
     * How far a run has come.
     *
     * @param share how much of it is over, 0 to 1; where it ends with a budget, how much of that is spent
     * @param round from 1
     * @param arm name of the one that has its turn; empty before the first
     * @param medianNs the median burst in the rounds that are over, in ns, by name of the arm in the plan's order: of the first workload what is not traced,
     *        and what somebody would trace with
     */
    public record Reached(double share, int round, Optional<String> arm, Map<String, Double> medianNs) {}

    /**
     * What was measured.
     *
     * @param arms in the plan's order
     * @param jmhJson the same in JMH's format, one benchmark an arm, one fork a round
     * @param stopped why there are not more rounds
     */
    public record Outcome(List<Arm> arms, byte[] jmhJson, Stopped stopped) {}

    /** From here on the share of a round tells how long it takes. */
    private static final double TELLING_SHARE = 0.3;

    private final Plan plan;
    private final LongSupplier elapsedNs;
    private final Map<ArmSpec, List<RoundReply>> rounds = new LinkedHashMap<>();

    /** A measurement whose budget counts from now. */
    public Measurement(Plan plan) {
        this(plan, System.nanoTime());
    }

    /** @param startedNs when the budget began to count, by {@link System#nanoTime()} */
    public Measurement(Plan plan, long startedNs) {
        this(plan, () -> System.nanoTime() - startedNs);
    }

    /** @param elapsedNs how much of the budget is spent */
    Measurement(Plan plan, LongSupplier elapsedNs) {
        this.plan = plan;
        this.elapsedNs = elapsedNs;
        plan.arms().forEach(arm -> rounds.put(arm, new ArrayList<>()));
    }

    /**
     * Measures.
     *
     * @throws BadInput if there is not even time for the first round; which names the time that it takes
     * @throws Problem if an arm cannot be measured
     */
    public Outcome run(Progress progress) {
        Precision precision = new Precision(plan.seed());
        Iterator<Round> order = plan.rounds().iterator();
        long longestNs = 0;
        for (int round = 1; ; round++) {
            long beforeNs = elapsedNs.getAsLong();
            try {
                measure(round, order.next(), progress);
            } catch (OutOfTime e) {
                if (round == 1) {
                    throw tooLittleTime(e.share, beforeNs);
                }
                return outcome(Stopped.BUDGET_SPENT);
            }
            boolean narrow = plan.stopping().mayStop(round) && precision.suffices(arms());
            longestNs = Math.max(longestNs, elapsedNs.getAsLong() - beforeNs);
            Optional<Stopped> stopped = plan.stopping().after(round, elapsedNs.getAsLong(), longestNs, narrow);
            if (stopped.isPresent()) {
                return outcome(stopped.get());
            }
        }
    }

    private Outcome outcome(Stopped stopped) {
        return new Outcome(arms(), MergedJmh.json(rounds.values()), stopped);
    }

    /** The budget is spent in the middle of a round. */
    private static final class OutOfTime extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final double share;

        /** @param share how much of the round is over */
        OutOfTime(double share) {
            super(null, null, false, false);
            this.share = share;
        }
    }

    private BadInput tooLittleTime(double share, long beforeNs) {
        long ns = elapsedNs.getAsLong() - beforeNs;
        // Launches come first and take longer than turns, so that a beginning says little.
        double whole = share >= TELLING_SHARE ? ns / share : 2.0 * ns;
        String least = Seconds.of(Stopping.withAfterwardsNs(beforeNs + (long) whole));
        return new BadInput("--budget "
                + Seconds.of(plan.stopping().budget().orElseThrow().toNanos())
                + " is too short here: the first round of " + plan.arms().size()
                + " arms was not over after " + Seconds.of(ns) + ", and with the report takes about " + least
                + "; choose --budget " + least
                + " or more, or measure less");
    }

    /** What a round has measured counts once it is over. */
    private void measure(int number, Round round, Progress progress) {
        Map<String, Double> medians = medians();
        Consumer<RoundReply> reached = so -> {
            long spentNs = elapsedNs.getAsLong();
            if (spentNs > plan.stopping().measuringNs()) {
                throw new OutOfTime(so.share());
            }
            progress.reached(new Reached(
                    plan.stopping().share(number - 1 + so.share(), spentNs),
                    number,
                    Optional.ofNullable(so.turn()),
                    medians));
        };
        reached.accept(RoundReply.progress(0, null));
        Map<ArmSpec, RoundReply> replies = new LinkedHashMap<>();
        try (RoundProcess process = RoundProcess.start(round)) {
            for (ArmSpec arm : round.arms()) {
                replies.put(arm, process.next(arm, reached));
            }
        }
        replies.forEach((arm, reply) ->
                rounds.computeIfAbsent(arm, any -> new ArrayList<>()).add(reply));
    }

    private Map<String, Double> medians() {
        ArmSpec first = plan.arms().get(0);
        Map<String, Double> medians = new LinkedHashMap<>();
        rounds.forEach((arm, replies) -> {
            if (!replies.isEmpty()
                    && arm.target().equals(first.target())
                    && arm.arguments().equals(first.arguments())
                    && arm.calls() == first.calls()
                    && arm.placement() == first.placement()
                    && !arm.name().endsWith(Arm.AGAIN)
                    && (arm.untraced()
                            || TechniqueRegistry.ALL
                                    .facts(arm.technique())
                                    .words()
                                    .isPresent())) {
                medians.put(
                        arm.name(),
                        Quantiles.median(replies.stream()
                                .flatMapToLong(
                                        reply -> reply.measured().bursts().all())
                                .asDoubleStream()
                                .toArray()));
            }
        });
        return medians;
    }

    private List<Arm> arms() {
        return rounds.entrySet().stream()
                .map(arm -> MergedRounds.of(
                        arm.getKey(),
                        plan.ring(),
                        arm.getValue().stream().map(RoundReply::measured).toList()))
                .toList();
    }
}
