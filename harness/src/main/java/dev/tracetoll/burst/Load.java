package dev.tracetoll.burst;

import java.util.Locale;

/**
 * Calls by a schedule, whoever waits for whom: see {@code Load} in {@code targets/burst/pace.go}.
 *
 * @param calls how many, of all threads together
 * @param rate calls a second, of all threads together; 0: as fast as they can
 * @param arrivals how they follow each other
 * @param burst calls of a burst, of all threads together; 0 where there are none
 * @param peak calls a second within a burst, of all threads together; 0: as fast as they can
 * @param threads that make the calls
 * @param seed of what is random
 */
public record Load(int calls, double rate, Kind arrivals, int burst, double peak, int threads, long seed) {

    /** How calls follow each other. */
    public enum Kind {
        /** At equal distances. */
        STEADY,
        /** Independently of each other. */
        POISSON,
        /** In bursts, which begin at equal distances. */
        BURSTS;

        /** As targets and files have it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The same with another seed. */
    public Load seed(long other) {
        return new Load(calls, rate, arrivals, burst, peak, threads, other);
    }

    /** At equal distances. */
    public static Load steady(double rate, int calls, int threads) {
        return new Load(calls, rate, Kind.STEADY, 0, 0, threads, 1);
    }

    /** Independently of each other. */
    public static Load poisson(double rate, int calls, int threads, long seed) {
        return new Load(calls, rate, Kind.POISSON, 0, 0, threads, seed);
    }

    /** In bursts of so many calls, as fast as they can. */
    public static Load bursts(double rate, int burst, int calls, int threads) {
        return new Load(calls, rate, Kind.BURSTS, burst, 0, threads, 1);
    }

    /** As fast as the threads can. */
    public static Load unpaced(int calls, int threads) {
        return new Load(calls, 0, Kind.STEADY, 0, 0, threads, 1);
    }

    /** As the burst protocol has it. */
    String json() {
        return String.format(
                Locale.ROOT,
                "{\"calls\":%d,\"rate\":%s,\"arrivals\":\"%s\",\"burst\":%d,\"peak\":%s,\"threads\":%d,\"seed\":%d}",
                calls,
                rate,
                arrivals.word(),
                burst,
                peak,
                threads,
                seed);
    }
}
