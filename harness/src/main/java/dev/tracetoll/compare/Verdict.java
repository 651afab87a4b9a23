package dev.tracetoll.compare;

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
    static Verdict of(Collection<Verdict> verdicts) {
        return verdicts.stream().max(Comparator.naturalOrder()).orElseThrow();
    }
}
