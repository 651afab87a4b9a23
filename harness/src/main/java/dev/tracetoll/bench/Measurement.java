package dev.tracetoll.bench;

import dev.tracetoll.problem.Problem;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Stopped;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleConsumer;

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
        /**
         * A round begins or goes on.
         *
         * @param share how much of the run is over, 0 to 1; where it ends with a budget, how much of that is spent
         * @param round from 1
         */
        void reached(double share, int round);
    }

    /**
     * What was measured.
     *
     * @param arms in the plan's order
     * @param jmhJson JMH's own results, one benchmark an arm, one fork a round
     * @param stopped why there are not more rounds
     */
    public record Outcome(List<Arm> arms, byte[] jmhJson, Stopped stopped) {}

    private final Plan plan;
    private final long startedNs;
    private final Map<ArmSpec, List<RoundReply>> rounds = new LinkedHashMap<>();

    /** A measurement whose budget counts from now. */
    public Measurement(Plan plan) {
        this(plan, System.nanoTime());
    }

    /** @param startedNs when the budget began to count, by {@link System#nanoTime()} */
    public Measurement(Plan plan, long startedNs) {
        this.plan = plan;
        this.startedNs = startedNs;
        plan.arms().forEach(arm -> rounds.put(arm, new ArrayList<>()));
    }

    /**
     * Measures.
     *
     * @throws Problem if an arm cannot be measured
     */
    public Outcome run(Progress progress) {
        Precision precision = new Precision(plan.seed());
        Iterator<Round> order = plan.rounds().iterator();
        long longestNs = 0;
        for (int round = 1; ; round++) {
            long roundStartedNs = System.nanoTime();
            measure(round, order.next(), progress);
            boolean narrow = plan.stopping().mayStop(round) && precision.suffices(arms());
            longestNs = Math.max(longestNs, System.nanoTime() - roundStartedNs);
            Optional<Stopped> stopped = plan.stopping().after(round, System.nanoTime() - startedNs, longestNs, narrow);
            if (stopped.isPresent()) {
                return new Outcome(arms(), MergedJmh.json(rounds.values().stream()
                        .map(replies -> replies.stream().map(RoundReply::runResult).toList()).toList()), stopped.get());
            }
        }
    }

    private void measure(int number, Round round, Progress progress) {
        DoubleConsumer reached = share -> progress.reached(plan.stopping().share(number - 1 + share, System.nanoTime() - startedNs), number);
        reached.accept(0);
        try (RoundProcess process = RoundProcess.start(round)) {
            for (ArmSpec arm : round.arms()) {
                rounds.get(arm).add(process.next(arm, reached));
            }
        }
    }

    private List<Arm> arms() {
        return rounds.entrySet().stream()
                .map(arm -> MergedRounds.of(arm.getKey(), arm.getValue().stream().map(RoundReply::sample).toList())).toList();
    }
}
