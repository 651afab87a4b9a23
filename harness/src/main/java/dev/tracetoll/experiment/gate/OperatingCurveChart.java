package dev.tracetoll.experiment.gate;

import static dev.tracetoll.report.Lettering.SMALL;
import static dev.tracetoll.report.Lettering.SMALL_BOLD;
import static dev.tracetoll.report.Lettering.pieces;
import static dev.tracetoll.report.Lettering.text;
import static dev.tracetoll.report.PictureHeader.MARGIN;

import dev.tracetoll.compare.Verdict;
import dev.tracetoll.experiment.gate.GateTrial.Point;
import dev.tracetoll.experiment.gate.OperatingCurve.Series;
import dev.tracetoll.report.Fonts;
import dev.tracetoll.report.Lettering.Piece;
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

    private static final int PLOT_HEIGHT = 260;
    private static final int PANEL_TITLE = 30;
    private static final int LABELS = 52;
    private static final int BELOW = 50;
    private static final int GAP = 24;
    private static final double MARKER = 8;
    private static final List<Integer> SHARES = List.of(0, 25, 50, 75, 100);
    private static final List<Integer> SIZES = List.of(0, 1, 5, 10, 20, 50);
    /** The largest slowdown that is tried may measure a little more in truth. */
    private static final double WIDEST = 0.56;

    private final OperatingCurve curve;
    private final Palette palette;
    private final int width;
    private final int columns;
    private final PictureHeader header;

    OperatingCurveChart(OperatingCurve curve, Palette palette, int width) {
        this.curve = curve;
        this.palette = palette;
        this.width = width;
        this.columns = width < Picture.NARROW ? 1 : Math.max(1, curve.series().size());
        this.header = new PictureHeader(
                curve.title(),
                List.of("share of comparisons that came to a verdict; " + curve.method(), curve.environment()),
                palette,
                width);
    }

    Picture picture() {
        int rows = (curve.series().size() + columns - 1) / columns;
        return new Picture(width, header.height() + rows * panelHeight() + MARGIN / 2, palette, this::draw);
    }

    private static int panelHeight() {
        return PANEL_TITLE + PLOT_HEIGHT + BELOW;
    }

    private double panelWidth() {
        return (width - MARGIN - (columns - 1) * GAP) / (double) columns;
    }

    private void draw(Graphics2D graphics) {
        header.draw(graphics);
        for (int i = 0; i < curve.series().size(); i++) {
            double left = i % columns * (panelWidth() + GAP) + LABELS;
            double top = header.height() + i / columns * panelHeight() + PANEL_TITLE;
            graphics.translate(left, top);
            panel(graphics, curve.series().get(i));
            graphics.translate(-left, -top);
        }
    }

    private void panel(Graphics2D graphics, Series series) {
        text(graphics, "slower " + series.place().inWords(), SMALL_BOLD, palette.text, 0, -12);
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
        text(graphics, "slowdown in truth, of the overhead per call", SMALL, palette.muted, x(0), y(0) + 37);
        double tolerance = x(curve.trial().tolerance());
        graphics.setColor(palette.alarm);
        graphics.setStroke(new BasicStroke(1.3f));
        graphics.draw(new Line2D.Double(tolerance, y(0), tolerance, y(1)));
        line(graphics, series, Verdict.INCONCLUSIVE);
        line(graphics, series, Verdict.DEARER);
        dots(graphics, series);
        label(
                graphics,
                "tolerance",
                palette.alarm,
                tolerance - Fonts.metrics(SMALL).stringWidth("tolerance") - 8,
                y(0.94));
        Color color = color(series.place());
        label(graphics, "found", color, x(0.28), y(1) + 20);
        label(graphics, "inconclusive", color, x(0.12), y(0) - 8);
    }

    private void label(Graphics2D graphics, String words, Color color, double left, double baseline) {
        pieces(graphics, palette, left, baseline, List.of(new Piece(words, SMALL, color)));
    }

    private void line(Graphics2D graphics, Series series, Verdict verdict) {
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
        graphics.setColor(color(series.place()));
        graphics.setStroke(
                verdict == Verdict.DEARER
                        ? new BasicStroke(2f)
                        : new BasicStroke(
                                1.4f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {5, 4}, 0));
        graphics.draw(path);
    }

    private void dots(Graphics2D graphics, Series series) {
        for (Point point : series.points()) {
            Interval share = OperatingCurve.share(point, Verdict.DEARER);
            double x = x(size(point));
            graphics.setStroke(new BasicStroke(1.2f));
            graphics.setColor(palette.text);
            graphics.draw(new Line2D.Double(x, y(share.low()), x, y(share.high())));
            Ellipse2D marker = new Ellipse2D.Double(x - MARKER / 2, y(share.median()) - MARKER / 2, MARKER, MARKER);
            graphics.setColor(color(series.place()));
            graphics.fill(marker);
            graphics.setColor(palette.background);
            graphics.draw(marker);
        }
    }

    private static double size(Point point) {
        return Math.min(WIDEST, Math.max(0, point.measured().median() - 1));
    }

    /** By square roots: what matters is near the tolerance. */
    private double x(double size) {
        return Math.sqrt(size / WIDEST) * (panelWidth() - LABELS);
    }

    private static double y(double share) {
        return 6 + (1 - share) * (PLOT_HEIGHT - 6);
    }

    private Color color(Slowdown.Place place) {
        return palette.series(place.ordinal());
    }
}
