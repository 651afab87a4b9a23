package dev.tracetoll.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.compare.Comparisons;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.ArmDraft;
import dev.tracetoll.stats.HierarchicalBootstrap;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PrecisionTest {

    private static final int CALLS = 200;
    private static final int BURSTS = 5;
    private static final double UNTRACED_NS = 18_000;

    private static Arm arm(String name, String technique, List<List<Long>> rounds) {
        boolean traced = !technique.equals(Arm.UNTRACED);
        return ArmDraft.of(name, technique)
                .calls(CALLS)
                .returnsTraced(traced)
                .bursts(rounds)
                .cpuNs(1, 0)
                .peakBytes(1, 0)
                .functions(traced ? 1 : 0)
                .threads(1)
                .arm();
    }

    /** Bursts that vary, and rounds that vary besides. */
    private static List<Long> round(Random random, double medianNs, double betweenRounds, double withinRound) {
        double levelNs = medianNs * Math.exp(betweenRounds * random.nextGaussian());
        return random.doubles(BURSTS)
                .mapToObj(ignored -> Math.round(levelNs * Math.exp(withinRound * random.nextGaussian())))
                .toList();
    }

    private static Arm arm(String name, String technique, double medianNs, double variation) {
        Random random = new Random(name.hashCode());
        List<List<Long>> rounds = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            rounds.add(round(random, medianNs, variation, variation));
        }
        return arm(name, technique, rounds);
    }

    private static boolean suffices(Arm... traced) {
        List<Arm> arms = new ArrayList<>(List.of(
                arm("untraced", Arm.UNTRACED, UNTRACED_NS, 0.002),
                arm("untraced-again", Arm.UNTRACED, UNTRACED_NS, 0.002)));
        arms.addAll(List.of(traced));
        return new Precision(7).suffices(arms);
    }

    @Test
    void everyTechniqueMustBeNarrowByItsOwnMeasure() {
        assertThat(suffices(arm("ebpf", "ebpf", 4e6, 0.01), arm("ptrace", "ptrace", 3e6, 0.01)))
                .isTrue();
        assertThat(suffices(arm("ebpf", "ebpf", 4e6, 0.07), arm("ptrace", "ptrace", 3e6, 0.01)))
                .isFalse();
        assertThat(suffices(arm("ebpf", "ebpf", 4e6, 0.01), arm("ptrace", "ptrace", 3e6, 0.07)))
                .as("a wider one does for ptrace")
                .isTrue();
        assertThat(suffices(arm("ebpf", "ebpf", 4e6, 0.01), arm("ptrace", "ptrace", 3e6, 0.4)))
                .isFalse();
    }

    @Test
    void floorsAndRepetitionsAreNotWaitedFor() {
        assertThat(suffices(
                        arm("ebpf", "ebpf", 4e6, 0.01),
                        arm("ebpf-again", "ebpf", 4e6, 0.4),
                        arm("ebpf-empty", "ebpf-empty", 1e5, 0.4)))
                .isTrue();
    }

    /** Stopping at the first narrow interval must leave the interval what it claims to be, or nearly so. */
    @Test
    void anIntervalThatWasWaitedForHoldsTheTruthNearlyAsOftenAsItSays() {
        int runs = 200;
        int held = 0;
        int early = 0;
        for (int run = 0; run < runs; run++) {
            HierarchicalBootstrap bootstrap = new HierarchicalBootstrap(run, 200, 0.95);
            Precision precision = new Precision(bootstrap);
            Random random = new Random(run);
            List<List<Long>> untraced = new ArrayList<>();
            List<List<Long>> traced = new ArrayList<>();
            List<Arm> arms;
            do {
                untraced.add(round(random, UNTRACED_NS, 0.01, 0.02));
                traced.add(round(random, 4e6, 0.04, 0.04));
                arms = List.of(
                        arm("untraced", Arm.UNTRACED, untraced),
                        arm("untraced-again", Arm.UNTRACED, untraced),
                        arm("ebpf", "ebpf", traced));
            } while (untraced.size() < 60 && (untraced.size() < Precision.FEWEST_ROUNDS || !precision.suffices(arms)));
            early += untraced.size() < 60 ? 1 : 0;
            held += new Comparisons(bootstrap)
                            .overheadPerCallNs(arms.get(2), arms.get(0))
                            .contains((4e6 - UNTRACED_NS) / CALLS)
                    ? 1
                    : 0;
        }
        assertThat(early).as("runs that were stopped, of %d", runs).isGreaterThan(runs * 9 / 10);
        assertThat(held).as("intervals that hold the truth, of %d", runs).isBetween(runs * 85 / 100, runs);
    }
}
