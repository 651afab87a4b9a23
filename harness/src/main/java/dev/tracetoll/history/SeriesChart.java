package dev.tracetoll.history;

import dev.tracetoll.report.Fonts;
import dev.tracetoll.report.Lettering;
import dev.tracetoll.report.Palette;
import dev.tracetoll.report.Picture;
import dev.tracetoll.results.Run;
import dev.tracetoll.stats.ChangePoints.ChangePoint;
import dev.tracetoll.stats.Interval;
import dev.tracetoll.tracing.registry.Hue;
import dev.tracetoll.tracing.registry.TechniqueRegistry;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/** A figure from run to run: a point with its interval for each, a line for each level, and where one began. */
final class SeriesChart {

    /** In units of length of a {@link Picture}. */
    static final int WIDTH = 440;

    private static final int HEIGHT = 200;
    private static final int LEFT = 64;
    private static final int RIGHT = 14;
    private static final int TOP = 26;
    private static final int BOTTOM = 26;
    private static final double DOT = 3;
    /** Below, at either side of the middle, noise would fill a chart as if it were a change. */
    private static final double LEAST_SHARE = 0.1;

    private static final double AROUND = 0.08;
    private static final int TICKS = 5;
    private static final float[] DASHES = {4, 3};

    private final List<Run> runs;
    private final Series series;
    private final Palette palette;
    private final Color color;
    private final double lowest;
    private final double highest;

    SeriesChart(List<Run> runs, ArmHistory arm, Series series, Palette palette) {
        this.runs = runs;
        this.series = series;
        this.palette = palette;
        this.color = palette.of(TechniqueRegistry.ALL.facts(arm.technique()).hue());
        double middle = series.last().median();
        double[] shown = series.readings().stream()
                .map(Series.Reading::value)
                .flatMapToDouble(value -> DoubleStream.of(value.low(), value.high(), value.median()))
                .toArray();
        double low = Math.min(DoubleStream.of(shown).min().orElseThrow(), middle - LEAST_SHARE * Math.abs(middle));
        double high = Math.max(DoubleStream.of(shown).max().orElseThrow(), middle + LEAST_SHARE * Math.abs(middle));
        double margin = Math.max(AROUND * (high - low), Double.MIN_NORMAL);
        lowest = low - margin;
        highest = high + margin;
    }

    Picture picture() {
        return new Picture(WIDTH, HEIGHT, palette, this::draw);
    }

    private void draw(Graphics2D graphics) {
        grid(graphics);
        series.changes().forEach(change -> beginning(graphics, change));
        levels(graphics);
        for (Series.Reading reading : series.readings()) {
            double x = x(reading.run());
            Interval value = reading.value();
            graphics.setColor(color);
            graphics.setStroke(new BasicStroke(1.5f));
            graphics.draw(new Line2D.Double(x, y(value.low()), x, y(value.high())));
            graphics.fill(new Ellipse2D.Double(x - DOT, y(value.median()) - DOT, 2 * DOT, 2 * DOT));
        }
        days(graphics);
    }

    private void grid(Graphics2D graphics) {
        for (double tick : ticks(lowest, highest)) {
            double y = y(tick);
            graphics.setColor(palette.grid);
            graphics.setStroke(new BasicStroke(1));
            graphics.draw(new Line2D.Double(LEFT, y, WIDTH - RIGHT, y));
            String label = series.measure().value(tick);
            Lettering.text(
                    graphics,
                    label,
                    Lettering.SMALL,
                    palette.muted,
                    LEFT - 8 - Fonts.metrics(Lettering.SMALL).stringWidth(label),
                    y + 4);
        }
    }

    /** Round numbers in a range, a few of them. */
    static List<Double> ticks(double low, double high) {
        double rough = (high - low) / TICKS;
        double decade = Math.pow(10, Math.floor(Math.log10(rough)));
        double step = DoubleStream.of(1, 2, 5, 10)
                .map(each -> each * decade)
                .filter(each -> each >= rough)
                .findFirst()
                .orElse(10 * decade);
        List<Double> ticks = new ArrayList<>();
        for (double number = Math.ceil(low / step); number * step <= high; number++) {
            ticks.add(number * step);
        }
        return ticks;
    }

    private void beginning(Graphics2D graphics, ChangePoint change) {
        Color alarm = change.after() > change.before() ? palette.alarm : palette.of(Hue.GREEN);
        double x = (x(series.runOf(change))
                        + x(series.readings().get(change.at() - 1).run()))
                / 2;
        graphics.setColor(alarm);
        graphics.setStroke(new BasicStroke(1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, DASHES, 0));
        graphics.draw(new Line2D.Double(x, TOP, x, HEIGHT - BOTTOM));
        String label = HistoryColumns.share(change);
        int width = Fonts.metrics(Lettering.SMALL_BOLD).stringWidth(label);
        double left = Math.max(LEFT, Math.min(WIDTH - RIGHT - width, x - width / 2.0));
        Lettering.text(graphics, label, Lettering.SMALL_BOLD, alarm, left, TOP - 8);
    }

    private void levels(Graphics2D graphics) {
        List<Series.Reading> readings = series.readings();
        List<ChangePoint> changes = series.changes();
        graphics.setColor(palette.muted);
        graphics.setStroke(new BasicStroke(1));
        for (int i = 0; i < changes.size(); i++) {
            int from = i == 0 ? 0 : changes.get(i - 1).at();
            level(
                    graphics,
                    changes.get(i).before(),
                    readings.get(from).run(),
                    readings.get(changes.get(i).at() - 1).run());
        }
        if (!changes.isEmpty()) {
            ChangePoint last = changes.get(changes.size() - 1);
            level(
                    graphics,
                    last.after(),
                    series.runOf(last),
                    readings.get(readings.size() - 1).run());
        }
    }

    private void level(Graphics2D graphics, double value, int from, int to) {
        graphics.draw(new Line2D.Double(x(from) - DOT, y(value), x(to) + DOT, y(value)));
    }

    private void days(Graphics2D graphics) {
        String first = RunName.day(runs.get(0));
        String last = RunName.day(runs.get(runs.size() - 1));
        Lettering.text(graphics, first, Lettering.SMALL, palette.muted, LEFT, HEIGHT - 8);
        Lettering.text(
                graphics,
                last,
                Lettering.SMALL,
                palette.muted,
                WIDTH - RIGHT - Fonts.metrics(Lettering.SMALL).stringWidth(last),
                HEIGHT - 8);
    }

    /** Runs stand equally far apart, however much time was between them. */
    private double x(int run) {
        double inset = 12;
        double share = (double) run / (runs.size() - 1);
        return LEFT + inset + share * (WIDTH - RIGHT - LEFT - 2 * inset);
    }

    private double y(double value) {
        return HEIGHT - BOTTOM - (value - lowest) / (highest - lowest) * (HEIGHT - BOTTOM - TOP);
    }
}
