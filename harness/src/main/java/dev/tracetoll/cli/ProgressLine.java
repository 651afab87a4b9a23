package dev.tracetoll.cli;

import dev.tracetoll.linux.file.Terminal;
import java.io.PrintStream;

/** How far a long command has come: a line on the terminal that rewrites itself, or a plain line now and then elsewhere. */
final class ProgressLine {

    private static final int BAR = 24;
    /** Of less, it cannot be told how long the rest takes. */
    private static final double TELLING_SHARE = 0.01;

    private static final long QUIET_NS = 15_000_000_000L;

    private final PrintStream out;
    private final boolean terminal;
    private final long started = System.nanoTime();
    private long lastPlainLine = started - QUIET_NS;
    private int width;

    ProgressLine(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** On standard error, which results do not go to. */
    static ProgressLine ofThisTerminal() {
        return new ProgressLine(System.err, Terminal.is(Terminal.STDERR));
    }

    void show(int done, int total, String doing) {
        show((double) done / total, done + "/" + total + " " + doing);
    }

    /** @param share how much is done, 0 to 1 */
    void show(double share, String doing) {
        print(share, doing + remaining(share));
    }

    /** Of rounds, from 1: how much time is left is known once one of them is over. */
    void ofRound(double share, int round, String doing) {
        print(share, "round " + round + doing + (round > 1 ? remaining(share) : ""));
    }

    private void print(double share, String line) {
        if (terminal) {
            int filled = (int) (BAR * share);
            String whole = "[" + "#".repeat(filled) + ".".repeat(BAR - filled) + "] " + line;
            // A line that the terminal breaks cannot be written over.
            String bar = whole.substring(
                    0,
                    Math.min(whole.length(), Terminal.columns(Terminal.STDERR).orElse(Integer.MAX_VALUE) - 1));
            out.print("\r" + bar + " ".repeat(Math.max(0, width - bar.length())));
            out.flush();
            width = bar.length();
        } else if (System.nanoTime() - lastPlainLine >= QUIET_NS) {
            lastPlainLine = System.nanoTime();
            out.println("tracetoll: " + line);
        }
    }

    /** Leaves the terminal as it was. */
    void clear() {
        if (terminal && width > 0) {
            out.print("\r" + " ".repeat(width) + "\r");
            out.flush();
        }
    }

    private String remaining(double share) {
        if (share < TELLING_SHARE) {
            return "";
        }
        long seconds = (long) ((System.nanoTime() - started) / share * (1 - share) / 1e9);
        return seconds < 90 ? ", " + seconds + " s left" : ", " + (seconds + 30) / 60 + " min left";
    }
}
