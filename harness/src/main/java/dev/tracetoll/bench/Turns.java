package dev.tracetoll.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Lets those who share a machine do one thing at a time, in an order that is made beforehand. Each waits for its turn, and gives the turn to
 * the next one when it is done.
 *
 * @param <T> who takes turns; equal ones are the same
 */
final class Turns<T> {

    /** Some other one has failed, and nobody gets a turn any more. */
    static final class Ended extends RuntimeException {

        private static final long serialVersionUID = 1;

        Ended() {
            super("another arm of the round has failed");
        }
    }

    /** More often than anybody waits after the end. */
    private static final int FOR_ALL = 1_000;

    private final List<T> order;
    private final Map<T, Semaphore> gates = new HashMap<>();
    private int now;
    private volatile @Nullable Throwable cause;

    /** @param order who has a turn, from the first to the last */
    Turns(List<T> order) {
        this.order = List.copyOf(order);
        order.forEach(each -> gates.computeIfAbsent(each, any -> new Semaphore(0)));
        if (!order.isEmpty()) {
            gate(order.get(0)).release();
        }
    }

    /**
     * An order: for each group one turn each to begin, then so many as each has, and one to end. The turns of a group are mixed, in a fresh random
     * order each time, and those of one who has fewer are spread among those of the others. Groups follow each other: when one begins, all of the
     * one before have ended.
     *
     * @param all in a random order
     * @param turns how many turns each has between its first and its last, at least one
     * @param group to which group each belongs
     */
    static <T> List<T> order(List<T> all, ToIntFunction<T> turns, Function<T, ?> group, Random random) {
        List<List<T>> groups = new ArrayList<>(all.stream()
                .collect(Collectors.groupingBy(group, LinkedHashMap::new, Collectors.toList()))
                .values());
        Collections.shuffle(groups, random);
        return groups.stream()
                .flatMap(each -> mixed(each, turns, random).stream())
                .toList();
    }

    private static <T> List<T> mixed(List<T> all, ToIntFunction<T> turns, Random random) {
        List<T> order = new ArrayList<>(all);
        int most = all.stream().mapToInt(turns).max().orElseThrow();
        for (int i = 0; i < most; i++) {
            long done = i;
            List<T> pass = new ArrayList<>(all.stream()
                    .filter(each -> (done + 1) * turns.applyAsInt(each) / most > done * turns.applyAsInt(each) / most)
                    .toList());
            Collections.shuffle(pass, random);
            order.addAll(pass);
        }
        order.addAll(all);
        return order;
    }

    /** Of one who is in the order. */
    private Semaphore gate(T who) {
        return Objects.requireNonNull(gates.get(who));
    }

    /**
     * Waits for a turn.
     *
     * @throws Ended if there will be none
     */
    void await(T who) {
        gate(who).acquireUninterruptibly();
        if (cause != null) {
            throw new Ended();
        }
    }

    /** Gives the turn to the next one. Only who has it calls this. */
    void pass() {
        T next;
        synchronized (this) {
            now++;
            if (now >= order.size()) {
                return;
            }
            next = order.get(now);
        }
        gate(next).release();
    }

    /** Who has the turn; empty once all have had theirs. */
    synchronized Optional<T> current() {
        return now < order.size() ? Optional.of(order.get(now)) : Optional.empty();
    }

    /** How many turns are over, of all. */
    synchronized double share() {
        return (double) now / order.size();
    }

    /** Lets nobody have a turn any more. Of several causes the first is that of the others. */
    void end(Throwable because) {
        synchronized (this) {
            if (cause != null) {
                return;
            }
            cause = because;
        }
        gates.values().forEach(gate -> gate.release(FOR_ALL));
    }

    /** Why nobody has a turn any more; empty if all went well. */
    Optional<Throwable> cause() {
        return Optional.ofNullable(cause);
    }
}
