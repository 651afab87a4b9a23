package dev.tracetoll.compare;

import dev.tracetoll.stats.Interval;
import java.util.Collection;
import java.util.Comparator;

/** What a comparison of two runs comes to. In the order of their weight: the verdict of many is the last that any of them has. */
public enum Verdict {
    /** Tracing has become cheaper, by more than the tolerance. */
    CHEAPER("cheaper", 0),
    /** Whatever has changed is smaller than the tolerance. */
    FINE("fine", 0),
    /** The figures are too uncertain to say whether more than the tolerance has changed. */
    INCONCLUSIVE("inconclusive", 4),
    /** Tracing has become dearer, by more than the tolerance. */
    DEARER("dearer", 3);

    private final String inWords;
    private final int exitCode;

    Verdict(String inWords, int exitCode) {
        this.inWords = inWords;
        this.exitCode = exitCode;
    }

    /** The documented exit code of a command that comes to it. */
    public int exitCode() {
        return exitCode;
    }

    /** For people. */
    public String inWords() {
        return inWords;
    }

    /**
     * The verdict of many; cheaper only if nothing is as it was.
     *
     * @param verdicts at least one
     */
    public static Verdict of(Collection<Verdict> verdicts) {
        return verdicts.stream().max(Comparator.naturalOrder()).orElseThrow();
    }

    /**
     * What a ratio of new to old comes to, as {@link RunComparison} says.
     *
     * @param noise what equal measurements differ by, as a share
     * @param tolerance a change by less than this share does not matter
     */
    public static Verdict of(Interval ratio, double noise, double tolerance) {
        double clear = Math.max(tolerance, noise);
        if (ratio.low() > 1 + clear) {
            return DEARER;
        }
        if (ratio.high() < 1 - clear) {
            return CHEAPER;
        }
        return ratio.high() < 1 + tolerance && noise < tolerance ? FINE : INCONCLUSIVE;
    }
}
