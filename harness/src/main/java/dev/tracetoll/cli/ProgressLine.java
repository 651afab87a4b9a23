package dev.tracetoll.cli;

import static dev.tracetoll.text.Rendering.TERMINAL;

import dev.tracetoll.bench.Measurement;
import dev.tracetoll.linux.file.Terminal;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.text.Letters;
import dev.tracetoll.text.TextWidth;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * How far a long command has come: a line on the terminal that rewrites itself, or a plain line now and then elsewhere. Nothing of it stays on the
 * terminal, also when the command is interrupted.
 */
final class ProgressLine {

    /** Where it is shown. */
    enum Where {
        TERMINAL,
        /** In a file or a pipe, where lines stay. */
        ELSEWHERE,
        NOWHERE
    }

    private static final int BAR = 24;
    private static final int SHORT_BAR = 8;
    /** Fewer columns than this have the short bar. */
    private static final int NARROW = 60;

    private static final String BETWEEN = " · ";
    /** What a terminal shows of Ctrl-C, behind the line. */
    private static final int ECHO = 2;
    /** Of less, it cannot be told how long the rest takes. */
    private static final double TELLING_SHARE = 0.01;

    private static final long QUIET_NS = 15_000_000_000L;

    private final PrintStream out;
    private final Where where;
    private final Letters letters;
    private final Supplier<OptionalInt> columns;
    private final Thread atShutdown = new Thread(this::erase, "clear-progress");
    private final long started = System.nanoTime();
    private long lastPlainLine = started - QUIET_NS;
    private int lastRound;
    private int width;
    private boolean ended;

    /**
     * @param columns how many characters a line has; empty if nobody knows
     */
    ProgressLine(PrintStream out, Where where, Letters letters, Supplier<OptionalInt> columns) {
        this.out = out;
        this.where = where;
        this.letters = letters;
        this.columns = columns;
        if (where == Where.TERMINAL) {
            Runtime.getRuntime().addShutdownHook(atShutdown);
        }
    }

    /** On standard error, which results do not go to. */
    static ProgressLine ofThisTerminal() {
        return onStandardError(Terminal.is(Terminal.STDERR) ? Where.TERMINAL : Where.ELSEWHERE);
    }

    /** On standard error. */
    static ProgressLine onStandardError(Where where) {
        return new ProgressLine(
                System.err, where, StandardOutput.letters(Terminal.STDERR), () -> Terminal.columns(Terminal.STDERR));
    }

    void show(int done, int total, String doing) {
        show((double) done / total, done + "/" + total + " " + doing);
    }

    /** @param share how much is done, 0 to 1 */
    void show(double share, String doing) {
        print(share, List.of(doing + remaining(share)));
    }

    /** Of rounds, from 1: how much time is left is known once one of them is over. */
    void ofRound(double share, int round, String doing) {
        print(share, List.of("round " + round + doing + (round > 1 ? remaining(share) : "")));
    }

    /** Of a run of rounds: what is measured now, and the medians so far, as many as fit; elsewhere than on a terminal one line each round. */
    void ofRun(Measurement.Reached so) {
        boolean begins = so.round() != lastRound;
        lastRound = so.round();
        if (where == Where.TERMINAL || begins) {
            lastPlainLine = started - QUIET_NS;
            List<String> parts = new ArrayList<>();
            parts.add("round " + so.round() + (so.round() > 1 ? remaining(so.share()) : ""));
            if (where == Where.TERMINAL) {
                so.arm().ifPresent(parts::add);
            }
            so.medianNs().forEach((arm, ns) -> parts.add(arm + " " + HumanUnits.duration(ns)));
            print(so.share(), parts);
        }
    }

    private synchronized void print(double share, List<String> parts) {
        if (where == Where.TERMINAL && !ended) {
            String line = letters.shown(line(share, parts, columns.get().orElse(Integer.MAX_VALUE)));
            out.print("\r" + line + " ".repeat(Math.max(0, width - TextWidth.of(line))));
            out.flush();
            width = TextWidth.of(line);
        } else if (where == Where.ELSEWHERE && System.nanoTime() - lastPlainLine >= QUIET_NS) {
            lastPlainLine = System.nanoTime();
            out.println(letters.shown("tracetoll: " + TERMINAL.escape(String.join(BETWEEN, parts))));
        }
    }

    /**
     * The line on a terminal.
     *
     * @param parts the first is cut if it must be; of the others as many are there as fit
     * @param columns of the terminal, of which the last one stays free: a line that the terminal breaks cannot be written over
     */
    static String line(double share, List<String> parts, int columns) {
        int all = columns < NARROW ? SHORT_BAR : BAR;
        int filled = (int) (all * share);
        String line = TextWidth.cut(
                "[" + "█".repeat(filled) + "░".repeat(all - filled) + "] " + TERMINAL.escape(parts.get(0)),
                columns - 1);
        for (String part : parts.subList(1, parts.size())) {
            String longer = line + BETWEEN + TERMINAL.escape(part);
            if (TextWidth.of(longer) > columns - 1) {
                return line;
            }
            line = longer;
        }
        return line;
    }

    /** Leaves the terminal as it was. */
    void clear() {
        erase();
        if (where == Where.TERMINAL) {
            try {
                Runtime.getRuntime().removeShutdownHook(atShutdown);
            } catch (IllegalStateException e) {
                // This process is ending, and nothing more is shown.
            }
        }
    }

    private synchronized void erase() {
        ended = true;
        if (width > 0) {
            int used = Math.min(width + ECHO, columns.get().orElse(Integer.MAX_VALUE) - 1);
            out.print("\r" + " ".repeat(used) + "\r");
            out.flush();
            width = 0;
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
