package dev.tracetoll.experiment.headline;

import static dev.tracetoll.report.Lettering.SMALL;
import static dev.tracetoll.report.Lettering.SMALL_BOLD;
import static dev.tracetoll.report.Lettering.text;
import static dev.tracetoll.report.PictureHeader.MARGIN;

import dev.tracetoll.report.Fonts;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.report.Lettering;
import dev.tracetoll.report.Lettering.Piece;
import dev.tracetoll.report.LogAxis;
import dev.tracetoll.report.LogScale;
import dev.tracetoll.report.Palette;
import dev.tracetoll.report.Picture;
import dev.tracetoll.report.PictureHeader;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How bursts are spread: for each technique the share of its bursts that took no longer than so long (the empirical distribution function), on a
 * logarithmic axis. Every burst counts; of very many, as many quantiles are drawn as can be told apart.
 */
final class DistributionChart {

    private static final int PLOT_HEIGHT = 300;
    private static final int AXIS_HEIGHT = 34;
    private static final int SHARES_WIDTH = 44;
    private static final int MOST_STEPS = 200;
    private static final double[] SHARES = {0, 0.25, 0.5, 0.75, 1};
    private static final int LINE = 17;
    /** Of the picture's width, at most. */
    private static final double SHARE_OF_NAMES = 0.3;

    private final List<Headline.Row> rows;
    /** Of each row its bursts in their order, in ns. */
    private final Map<Headline.Row, double[]> sorted = new IdentityHashMap<>();

    private final Palette palette;
    private final int width;
    private final PictureHeader header;
    private final LogScale scale;

    DistributionChart(Headline headline, Palette palette, int width) {
        this.rows = headline.rows().stream().filter(row -> !row.floor()).toList();
        rows.forEach(row -> sorted.put(
                row, row.arm().bursts().all().sorted().asDoubleStream().toArray()));
        this.palette = palette;
        this.width = width;
        this.header = new PictureHeader(
                title(), List.of("share of all bursts that took no longer; none thrown away"), palette, width);
        LogAxis axis = LogAxis.over(
                sorted.values().stream().mapToDouble(each -> each[0]).min().orElseThrow(),
                sorted.values().stream()
                        .mapToDouble(each -> each[each.length - 1])
                        .max()
                        .orElseThrow());
        this.scale = new LogScale(axis, MARGIN + SHARES_WIDTH, width - MARGIN);
    }

    static String title() {
        return "How long bursts took, each technique's whole distribution";
    }

    Picture picture() {
        return new Picture(width, header.height() + PLOT_HEIGHT + AXIS_HEIGHT + MARGIN, palette, this::draw);
    }

    private void draw(Graphics2D graphics) {
        header.draw(graphics);
        grid(graphics);
        for (Headline.Row row : rows) {
            graphics.setColor(color(row));
            graphics.setStroke(new BasicStroke(2, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND));
            graphics.draw(curve(row));
        }
        List<Rectangle2D> taken = new ArrayList<>();
        rows.forEach(row -> label(graphics, row, taken));
    }

    private void grid(Graphics2D graphics) {
        scale.draw(graphics, palette, at(1), at(0), width, HumanUnits::duration);
        for (double share : SHARES) {
            graphics.setColor(palette.grid);
            graphics.draw(new Line2D.Double(scale.from(), at(share), scale.to(), at(share)));
            String label = Math.round(100 * share) + " %";
            text(
                    graphics,
                    label,
                    SMALL,
                    palette.muted,
                    scale.from() - 8 - Fonts.metrics(SMALL).stringWidth(label),
                    at(share) + 4);
        }
    }

    private double at(double share) {
        return header.height() + PLOT_HEIGHT - share * (PLOT_HEIGHT - 12);
    }

    private Path2D curve(Headline.Row row) {
        double[] bursts = bursts(row);
        int steps = Math.min(bursts.length, MOST_STEPS);
        Path2D curve = new Path2D.Double();
        curve.moveTo(scale.at(bursts[0]), at(0));
        for (int step = 1; step <= steps; step++) {
            // The shortest and the longest are always among them.
            int rank = steps == 1 ? 0 : (int) Math.round((step - 1.0) * (bursts.length - 1) / (steps - 1));
            curve.lineTo(scale.at(bursts[rank]), at((rank + 1.0) / bursts.length));
        }
        return curve;
    }

    /** Beside the middle of the curve, or as far below as is free. */
    private void label(Graphics2D graphics, Headline.Row row, List<Rectangle2D> taken) {
        String name = Lettering.fitting(row.arm().name(), SMALL_BOLD, width * SHARE_OF_NAMES);
        int labelWidth = Fonts.metrics(SMALL_BOLD).stringWidth(name);
        double[] bursts = bursts(row);
        double x = scale.at(bursts[bursts.length / 2]) + 10;
        double left = Math.max(scale.from(), Math.min(scale.to() - labelWidth - 4, x));
        Rectangle2D place = new Rectangle2D.Double(left - 4, at(0.5) - 24, labelWidth + 8, LINE);
        while (taken.stream().anyMatch(place::intersects) && place.getMaxY() + LINE < at(0)) {
            place = new Rectangle2D.Double(place.getX(), place.getY() + LINE + 2, place.getWidth(), LINE);
        }
        if (taken.stream().anyMatch(place::intersects)) {
            // Where there are so many, the table names them.
            return;
        }
        taken.add(place);
        Lettering.pieces(
                graphics, palette, left, place.getY() + LINE - 4, List.of(new Piece(name, SMALL_BOLD, color(row))));
    }

    private Color color(Headline.Row row) {
        return row.flaw().isPresent() ? palette.alarm : palette.of(row.hue());
    }

    private double[] bursts(Headline.Row row) {
        return Objects.requireNonNull(sorted.get(row));
    }
}
