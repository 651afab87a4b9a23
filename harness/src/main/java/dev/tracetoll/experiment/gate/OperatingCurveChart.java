package dev.tracetoll.experiment.gate;

import static dev.tracetoll.report.Lettering.SMALL;
import static dev.tracetoll.report.Lettering.text;
import static dev.tracetoll.report.PictureHeader.MARGIN;

import dev.tracetoll.compare.Verdict;
import dev.tracetoll.experiment.gate.GateTrial.Point;
import dev.tracetoll.experiment.gate.OperatingCurve.Series;
import dev.tracetoll.report.Fonts;
import dev.tracetoll.report.Palette;
import dev.tracetoll.report.Picture;
import dev.tracetoll.report.PictureHeader;
import dev.tracetoll.stats.Interval;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.util.List;

/**
 * The operating curve: the share of comparisons that find a slowdown, against its size in truth; dashed, the share that cannot say. What is
 * missing to 100 % was called fine.
 */
final class OperatingCurveChart {

    private static final int PLOT_HEIGHT = 300;
    private static final int LEGEND_LINE = 20;
    private static final int LABELS = 52;
    private static final int BELOW = 52;
    private static final double MARKER = 8;
    private static final double SAMPLE = 30;
    private static final List<Integer> SHARES = List.of(0, 25, 50, 75, 100);
    private static final List<Integer> SIZES = List.of(0, 5, 10, 20, 30, 40, 50);
    /** The largest slowdown that is tried may measure a little more in truth. */
    private static final double WIDEST = 0.56;

    private final OperatingCurve curve;
    private final Palette palette;
    private final int width;
    private final PictureHeader header;

    OperatingCurveChart(OperatingCurve curve, Palette palette, int width) {
        this.curve = curve;
        this.palette = palette;
        this.width = width;
        this.header = new PictureHeader(curve.title(), List.of(curve.method(), curve.environment()), palette, width);
    }

    Picture picture() {
        return new Picture(
                width,
                header.height() + 2 * curve.series().size() * LEGEND_LINE + PLOT_HEIGHT + BELOW + MARGIN,
                palette,
                this::draw);
    }

    private void draw(Graphics2D graphics) {
        header.draw(graphics);
        int baseline = header.height() + 10;
        for (Series series : curve.series()) {
            for (Verdict verdict : List.of(Verdict.DEARER, Verdict.INCONCLUSIVE)) {
                graphics.setColor(color(series.place()));
                graphics.setStroke(stroke(verdict));
                graphics.draw(new Line2D.Double(MARGIN, baseline - 4, MARGIN + SAMPLE, baseline - 4));
                text(
                        graphics,
                        "slower " + series.place().inWords() + ": "
                                + (verdict == Verdict.DEARER ? "found" : "inconclusive"),
                        SMALL,
                        palette.text,
                        MARGIN + SAMPLE + 8,
                        baseline);
                baseline += LEGEND_LINE;
            }
        }
        graphics.translate(LABELS, baseline);
        plot(graphics);
        graphics.translate(-LABELS, -baseline);
    }

    private void plot(Graphics2D graphics) {
        graphics.setStroke(new BasicStroke(1));
        for (int share : SHARES) {
            graphics.setColor(palette.grid);
            graphics.draw(new Line2D.Double(x(0), y(share / 100.0), x(WIDEST), y(share / 100.0)));
            String label = share + " %";
            text(
                    graphics,
                    label,
                    SMALL,
                    palette.muted,
                    -8 - Fonts.metrics(SMALL).stringWidth(label),
                    y(share / 100.0) + 4);
        }
        for (int size : SIZES) {
            graphics.setColor(palette.grid);
            graphics.draw(new Line2D.Double(x(size / 100.0), y(0), x(size / 100.0), y(1)));
            String label = size + " %";
            text(
                    graphics,
                    label,
                    SMALL,
                    palette.muted,
                    x(size / 100.0) - Fonts.metrics(SMALL).stringWidth(label) / 2.0,
                    y(0) + 18);
        }
        String title = "slowdown in truth, of the overhead per call";
        text(
                graphics,
                title,
                SMALL,
                palette.muted,
                x(WIDEST) - Fonts.metrics(SMALL).stringWidth(title),
                y(0) + 38);
        double tolerance = x(curve.trial().tolerance());
        graphics.setColor(palette.alarm);
        graphics.draw(new Line2D.Double(tolerance, y(0), tolerance, y(1) - 6));
        text(graphics, "tolerance", SMALL, palette.alarm, tolerance + 4, y(1) - 2);
        for (Series series : curve.series()) {
            draw(graphics, series, Verdict.INCONCLUSIVE);
        }
        for (Series series : curve.series()) {
            draw(graphics, series, Verdict.DEARER);
        }
    }

    private void draw(Graphics2D graphics, Series series, Verdict verdict) {
        Color color = color(series.place());
        Path2D path = new Path2D.Double();
        for (Point point : series.points()) {
            double x = x(size(point));
            double y = y(OperatingCurve.share(point, verdict).median());
            if (path.getCurrentPoint() == null) {
                path.moveTo(x, y);
            } else {
                path.lineTo(x, y);
            }
        }
        graphics.setColor(color);
        graphics.setStroke(stroke(verdict));
        graphics.draw(path);
        if (verdict != Verdict.DEARER) {
            return;
        }
        for (Point point : series.points()) {
            Interval share = OperatingCurve.share(point, verdict);
            double x = x(size(point));
            graphics.setStroke(new BasicStroke(1.2f));
            graphics.setColor(palette.text);
            graphics.draw(new Line2D.Double(x, y(share.low()), x, y(share.high())));
            Ellipse2D marker = new Ellipse2D.Double(x - MARKER / 2, y(share.median()) - MARKER / 2, MARKER, MARKER);
            graphics.setColor(color);
            graphics.fill(marker);
            graphics.setColor(palette.background);
            graphics.draw(marker);
        }
    }

    private static BasicStroke stroke(Verdict verdict) {
        return verdict == Verdict.DEARER
                ? new BasicStroke(2f)
                : new BasicStroke(1.4f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {5, 4}, 0);
    }

    private double size(Point point) {
        return Math.min(WIDEST, Math.max(0, point.measured().median() - 1));
    }

    private double x(double size) {
        return size / WIDEST * (width - LABELS - MARGIN);
    }

    private double y(double share) {
        return 14 + (1 - share) * (PLOT_HEIGHT - 14);
    }

    private Color color(Slowdown.Place place) {
        return palette.series(place.ordinal());
    }
}
