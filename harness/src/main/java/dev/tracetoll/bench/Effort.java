package dev.tracetoll.bench;

import dev.tracetoll.tracing.registry.TechniqueFacts;

/**
 * How often a burst is repeated in one round of one arm.
 *
 * @param warmups iterations that are thrown away, before the first turn
 * @param warmupBursts bursts in each of them
 * @param turns how often the arm has its turn among the others; each is an iteration that counts
 * @param leadIns bursts at the beginning of each turn whose durations are thrown away
 * @param bursts bursts of each turn that count
 * @param mostRounds in how many rounds the arm is visited at most, the first ones
 */
public record Effort(int warmups, int warmupBursts, int turns, int leadIns, int bursts, int mostRounds) {

    /** Of what is visited in all rounds. */
    public static final int EACH_ROUND = Integer.MAX_VALUE;
    /** For what takes half a minute and has no other arm to be compared with. */
    public static final Effort ONCE = new Effort(0, 1, 1, 0, 1, 1);

    /** What the bursts of one arm that count are meant to take in a round, in ns, so that a round visits every arm within seconds. */
    private static final double ROUND_NS = 2e8;

    private static final int MOST_BURSTS = 400;
    /**
     * The more often the arms change, the more alike is what disturbs them, and the more of a round goes into changing. It was found on a 2-CPU
     * virtual machine whose host is busy: the ratio of two equal arms varied from round to round by 24 % with one turn of 150 bursts each, by 5 %
     * with 15 turns of 10, 3 % with 50 of 3 and 1.5 % with 150 of 1. On another one, where the disturbances last for some milliseconds, by 2.5 %
     * with 50 turns of 13, by 1.5 % with 150 of 4, and by no less with 300 of 2; but with
     * 150 the five rounds that a gate needs at least took 41 s there.
     */
    private static final int MOST_TURNS = 100;

    private static final int MOST_TURNS_OF_MANY = 50;
    private static final int MOST_TURNS_OF_A_YARDSTICK = 10;
    private static final int FEWEST_TURNS = 2;
    /** A burst that takes longer is hardly the dearer for coming first. */
    private static final double LONG_NS = 5e7;

    private static final int MOST_WARMUP_BURSTS = 50;
    private static final double WARMUP_ITERATION_NS = 6e7;
    /** After so many calls the just-in-time compiler has compiled what each of them runs through, and while that lasts no longer than this. */
    private static final int WARM_CALLS = 12_000;

    private static final double MOST_WARMUP_NS = 5e8;

    /**
     * As many bursts as fit into a fraction of a second, once the tracer is warm: rounds are what is repeated, not bursts. Chooses them by
     * what a call roughly costs under a technique; nothing published depends on that figure.
     */
    public static Effort brief(TechniqueFacts technique, int calls) {
        double burstNs = technique.roughNs() * calls;
        int warmupBursts = within(WARMUP_ITERATION_NS / burstNs, 1, MOST_WARMUP_BURSTS);
        int untilWarm = (int) Math.ceil(WARM_CALLS / ((double) calls * warmupBursts));
        int affordable = (int) (MOST_WARMUP_NS / (burstNs * warmupBursts));
        int all = within(ROUND_NS / burstNs, FEWEST_TURNS, MOST_BURSTS);
        int turns = Math.min(all, MOST_TURNS);
        return new Effort(
                Math.max(1, Math.min(untilWarm, affordable)),
                warmupBursts,
                turns,
                burstNs < LONG_NS ? 1 : 0,
                all / turns,
                EACH_ROUND);
    }

    /** What all bursts of a round roughly take, those that do not count included, in ns. */
    double roughNs(TechniqueFacts technique, int calls) {
        return ((double) warmups * warmupBursts + (double) turns * (leadIns + bursts)) * technique.roughNs() * calls;
    }

    private static int within(double value, int least, int most) {
        return (int) Math.max(least, Math.min(most, value));
    }

    /** The same with so many bursts at most before the tracer has caught up with what they left it. */
    public Effort atMost(int most) {
        int each = Math.max(1, most);
        int before = Math.min(leadIns, each - 1);
        return new Effort(
                warmups, Math.min(each, warmupBursts), turns, before, Math.min(each - before, bursts), mostRounds);
    }

    /** The same for a yardstick: nothing is compared with it, so that fewer turns will do. */
    public Effort ofYardstick() {
        return inTurns(MOST_TURNS_OF_A_YARDSTICK);
    }

    /** The same for one of many arms, so that a round does not take minutes. */
    public Effort ofMany() {
        return inTurns(MOST_TURNS_OF_MANY);
    }

    private Effort inTurns(int most) {
        return new Effort(warmups, warmupBursts, Math.min(turns, most), leadIns, bursts, mostRounds);
    }
}
