package dev.tracetoll.report;

import static dev.tracetoll.text.Rendering.TERMINAL;

import dev.tracetoll.stats.Interval;
import dev.tracetoll.text.Screen;
import dev.tracetoll.text.TextWidth;
import dev.tracetoll.tracing.registry.Hue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Intervals above each other on a logarithmic axis of time, on a terminal. */
public final class TerminalChart {

    /**
     * A line of it.
     *
     * @param name what it is of; cut where it is long
     * @param hue its colour
     * @param ns the median and its interval, greater than 0, in ns; nothing of one with a flaw is drawn
     * @param flaw what is said in place of a figure
     */
    public record Lane(String name, Hue hue, Interval ns, Optional<String> flaw) {}

    private static final int WIDEST = 100;
    /** Of the width, that names have at most. */
    private static final int SHARE_OF_NAMES = 3;

    private static final int WIDEST_NAME = 24;
    private static final String GAP = "  ";

    private final Screen screen;
    private final List<Lane> lanes;
    private final int names;
    private final int plot;

    /**
     * @param lanes from top to bottom
     * @param screen where it is shown
     */
    public TerminalChart(List<Lane> lanes, Screen screen) {
        this.lanes = lanes;
        this.screen = screen;
        int width = Math.min(screen.columns(), WIDEST);
        names = Math.min(
                Math.min(width / SHARE_OF_NAMES, WIDEST_NAME),
                lanes.stream().mapToInt(lane -> TextWidth.of(name(lane))).max().orElse(0));
        plot = width - names - GAP.length();
    }

    /** The lines, the axis with its labels last; none if there is no interval to draw. */
    public List<String> lines() {
        List<Interval> drawn = lanes.stream()
                .filter(lane -> lane.flaw().isEmpty())
                .map(Lane::ns)
                .toList();
        if (drawn.isEmpty()) {
            return List.of();
        }
        LogAxis axis = LogAxis.over(
                drawn.stream().mapToDouble(Interval::low).min().orElseThrow(),
                drawn.stream().mapToDouble(Interval::high).max().orElseThrow());
        LogScale scale = new LogScale(axis, 0, plot - 1);
        List<String> lines = new ArrayList<>();
        lanes.forEach(lane -> lines.add(line(lane, scale)));
        String margin = " ".repeat(names) + GAP;
        lines.add(margin + ruler(scale));
        lines.add((margin + labels(scale)).stripTrailing());
        return lines;
    }

    private String line(Lane lane, LogScale scale) {
        String name = TextWidth.cut(name(lane), names);
        String named = name + " ".repeat(names - TextWidth.of(name)) + GAP;
        if (lane.flaw().isPresent()) {
            return screen.style()
                    .red(named + TextWidth.cut(TERMINAL.escape(lane.flaw().get()), plot));
        }
        int low = column(lane.ns().low(), scale);
        String mark = mark(lane.ns(), scale);
        return named + " ".repeat(low) + screen.style().rendered(rendition(lane.hue()), mark);
    }

    private static String mark(Interval ns, LogScale scale) {
        int low = column(ns.low(), scale);
        char[] mark = new char[column(ns.high(), scale) - low + 1];
        Arrays.fill(mark, '─');
        mark[0] = '├';
        mark[mark.length - 1] = '┤';
        mark[Math.max(0, Math.min(mark.length - 1, column(ns.median(), scale) - low))] = '●';
        return new String(mark);
    }

    private static int column(double ns, LogScale scale) {
        return (int) Math.round(scale.at(ns));
    }

    private String ruler(LogScale scale) {
        char[] ruler = new char[plot];
        Arrays.fill(ruler, '─');
        for (double tick : scale.axis().ticks()) {
            ruler[column(tick, scale)] = '┴';
        }
        return new String(ruler);
    }

    /** Below their ticks, leaving out those that would run into their neighbour. */
    private String labels(LogScale scale) {
        StringBuilder labels = new StringBuilder();
        for (double tick : scale.axis().ticks()) {
            String label = HumanUnits.duration(tick);
            int left = Math.max(0, Math.min(plot - label.length(), column(tick, scale) - label.length() / 2));
            if (labels.length() == 0 || left > labels.length() + 1) {
                labels.append(" ".repeat(left - labels.length())).append(label);
            }
        }
        return labels.toString();
    }

    /** What would turn the rest of the line round in some terminals is a question mark; the table has the name as it is. */
    private static String name(Lane lane) {
        return TERMINAL.escape(lane.name())
                .codePoints()
                .map(letter -> switch (Character.getDirectionality(letter)) {
                    case Character.DIRECTIONALITY_RIGHT_TO_LEFT, Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC -> '?';
                    default -> letter;
                })
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** Like the colours of a {@link Palette}; those that the first sixteen lack are of the 256 that xterm has. */
    private static String rendition(Hue hue) {
        return switch (hue) {
            case GREY -> "37";
            case BLUE -> "34";
            case TEAL -> "36";
            case ORANGE -> "38;5;208";
            case AMBER -> "33";
            case VIOLET -> "35";
            case GREEN -> "32";
            case PINK -> "38;5;205";
            case OLIVE -> "38;5;142";
        };
    }
}
