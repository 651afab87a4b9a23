package dev.tracetoll.bench;

/**
 * How often a burst is repeated in one round of one arm.
 *
 * @param warmups iterations that are thrown away
 * @param iterations iterations that count
 * @param bursts bursts in each iteration
 * @param mostRounds in how many rounds the arm is visited at most, the first ones
 */
record Effort(int warmups, int iterations, int bursts, int mostRounds) {

    private static final int EACH_ROUND = Integer.MAX_VALUE;
    /** For what takes half a minute and has no other arm to be compared with. */
    static final Effort ONCE = new Effort(0, 1, 1, 1);

    /** An iteration is meant to take about this long, in ns, so that a round visits every arm within seconds. */
    private static final double ITERATION_NS = 6e7;
    private static final int MOST_BURSTS = 50;
    /** After so many calls the just-in-time compiler has compiled what each of them runs through, and while that lasts no longer than this. */
    private static final int WARM_CALLS = 12_000;
    private static final double MOST_WARMUP_NS = 5e8;

    Effort(int warmups, int iterations, int bursts) {
        this(warmups, iterations, bursts, EACH_ROUND);
    }

    /**
     * As many bursts as fit into a fraction of a second, once the tracer is warm: rounds are what is repeated, not bursts. Chooses them by
     * what a call roughly costs under a technique; nothing published depends on that figure.
     */
    static Effort brief(Techniques.Entry technique, int calls) {
        int bursts = bursts(technique, calls);
        double iterationNs = technique.roughNs() * calls * bursts;
        int untilWarm = (int) Math.ceil(WARM_CALLS / (double) (calls * bursts));
        int affordable = (int) (MOST_WARMUP_NS / iterationNs);
        return new Effort(Math.max(1, Math.min(untilWarm, affordable)), bursts == 1 ? 2 : 3, bursts);
    }

    /** The same with so many bursts at most before the tracer has caught up with what they left it. */
    Effort atMost(int most) {
        return new Effort(warmups, iterations, Math.max(1, Math.min(most, bursts)), mostRounds);
    }

    private static int bursts(Techniques.Entry technique, int calls) {
        return (int) Math.max(1, Math.min(MOST_BURSTS, ITERATION_NS / (technique.roughNs() * calls)));
    }
}
