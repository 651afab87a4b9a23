package dev.tracetoll.stats;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * How long bursts took, in whole ns: some rounds, each with its bursts in the order in which they ran. Rounds are the replicates; what ran in
 * one of them shares its disturbances. Neither changes.
 *
 * <p>As JSON an array of rounds, each an array of numbers.
 */
public final class Bursts {

    private final long[][] rounds;

    private Bursts(long[]... rounds) {
        this.rounds = rounds;
    }

    /** Some rounds. */
    @JsonCreator
    public static Bursts of(List<List<Long>> rounds) {
        return new Bursts(rounds.stream().map(Bursts::round).toArray(long[][]::new));
    }

    private static long[] round(List<Long> round) {
        if (round == null || round.stream().anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException("a burst without a duration");
        }
        return round.stream().mapToLong(Long::longValue).toArray();
    }

    /** One round. */
    public static Bursts ofRound(long... ns) {
        return new Bursts(ns.clone());
    }

    /** The rounds of all of them, one after the other. */
    public static Bursts joined(List<Bursts> parts) {
        return new Bursts(
                parts.stream().flatMap(each -> Arrays.stream(each.rounds)).toArray(long[][]::new));
    }

    /** One round, in which the bursts of all of them ran one after the other. */
    public static Bursts inOneRound(List<Bursts> parts) {
        return new Bursts(parts.stream().flatMapToLong(Bursts::all).toArray());
    }

    /** How many rounds there are. */
    public int rounds() {
        return rounds.length;
    }

    /** How many bursts there are, in all rounds together. */
    public int count() {
        return Stream.of(rounds).mapToInt(round -> round.length).sum();
    }

    /** Some of the rounds: those from the one number to the other, which is not among them. */
    public Bursts rounds(int from, int to) {
        return new Bursts(Arrays.copyOfRange(rounds, from, to));
    }

    /** What is left of each round after so many bursts, which it has. */
    public Bursts withoutFirst(int bursts) {
        return new Bursts(Stream.of(rounds)
                .map(round -> Arrays.copyOfRange(round, bursts, round.length))
                .toArray(long[][]::new));
    }

    /** The durations in ns, one round after the other. */
    public LongStream all() {
        return Stream.of(rounds).flatMapToLong(LongStream::of);
    }

    /** How long all bursts took together, in ns. */
    public long totalNs() {
        return all().sum();
    }

    /** A quantile of all bursts, in ns; see {@link Quantiles}. */
    public double quantileNs(double quantile) {
        return Quantiles.quantile(all().asDoubleStream().toArray(), quantile);
    }

    /** Whether there is a round without bursts. */
    public boolean hasEmptyRound() {
        return Stream.of(rounds).anyMatch(round -> round.length == 0);
    }

    /** The bursts of a round; not to be changed. */
    long[] round(int number) {
        return rounds[number];
    }

    @JsonValue
    private long[][] json() {
        return rounds;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bursts bursts && Arrays.deepEquals(rounds, bursts.rounds);
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(rounds);
    }

    @Override
    public String toString() {
        return Arrays.deepToString(rounds) + " ns";
    }
}
