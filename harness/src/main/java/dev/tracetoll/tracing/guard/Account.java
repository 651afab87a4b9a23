package dev.tracetoll.tracing.guard;

import dev.tracetoll.tracing.FunctionHits;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The account of a budget: what hits have cost within the last second, function by function. Not thread-safe.
 *
 * <p>The second is the one that ends with the latest reading. As long as less time has passed since tracing began, it is all of that: a budget is
 * passed as soon as it is spent, not when the second is over.
 */
final class Account {

    private static final double SECOND_NS = 1e9;
    /** Two readings are no nearer to each other than this, so that there are not too many in a second. */
    static final long STEP_NS = 10_000_000;

    /** What each function had cost until then, in ns. */
    private record Reading(long ns, double[] cost) {}

    private final List<Toll> tolls;
    private final double allowedNs;
    /** The first is the latest that is a second old or more, or the beginning. */
    private final Deque<Reading> readings = new ArrayDeque<>();

    private final boolean[] off;
    private double mostNs;
    private double[] lastSecond;

    /** @param beginNs when nothing had been hit yet */
    Account(List<Toll> tolls, double share, long beginNs) {
        this.tolls = tolls;
        allowedNs = share * SECOND_NS;
        off = new boolean[tolls.size()];
        lastSecond = new double[tolls.size()];
        readings.add(new Reading(beginNs, new double[tolls.size()]));
    }

    /**
     * Takes a reading.
     *
     * @param hits of each function so far
     * @return the numbers of the functions that have to go for the others to be within the budget, the dearest first
     */
    List<Integer> read(long nowNs, List<FunctionHits> hits) {
        double[] cost = new double[tolls.size()];
        for (int i = 0; i < cost.length; i++) {
            cost[i] = tolls.get(i).of(hits.get(i));
        }
        while (readings.size() > 1 && nowNs - second().ns >= SECOND_NS) {
            readings.remove();
        }
        Reading since = readings.element();
        double scale = Math.min(1, SECOND_NS / Math.max(1, nowNs - since.ns));
        double all = 0;
        double rest = 0;
        for (int i = 0; i < cost.length; i++) {
            lastSecond[i] = (cost[i] - since.cost[i]) * scale;
            all += lastSecond[i];
            rest += off[i] ? 0 : lastSecond[i];
        }
        mostNs = Math.max(mostNs, all);
        if (nowNs - readings.getLast().ns >= STEP_NS) {
            readings.add(new Reading(nowNs, cost));
        }
        return rest <= allowedNs ? List.of() : dearest(rest);
    }

    private Reading second() {
        return readings.stream().skip(1).findFirst().orElseThrow();
    }

    private List<Integer> dearest(double sum) {
        double rest = sum;
        List<Integer> going = new ArrayList<>();
        for (int function : IntStream.range(0, off.length)
                .filter(i -> !off[i])
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> lastSecond[i]).reversed())
                .toList()) {
            if (rest <= allowedNs) {
                break;
            }
            rest -= lastSecond[function];
            off[function] = true;
            going.add(function);
        }
        return going;
    }

    /** What a function has cost within the last second: a share of the time of one CPU. */
    double share(int function) {
        return lastSecond[function] / SECOND_NS;
    }

    /** What all have cost within the dearest second: a share of the time of one CPU. */
    double most() {
        return mostNs / SECOND_NS;
    }

    /** Whether all functions had to go. */
    boolean nothingLeft() {
        return IntStream.range(0, off.length).allMatch(i -> off[i]);
    }
}
