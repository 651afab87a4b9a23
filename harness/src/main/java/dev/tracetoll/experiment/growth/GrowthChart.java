package dev.tracetoll.experiment.growth;

import static dev.tracetoll.report.Lettering.NAME;
import static dev.tracetoll.report.Lettering.SMALL;
import static dev.tracetoll.report.Lettering.text;
import static dev.tracetoll.report.PictureHeader.MARGIN;

import dev.tracetoll.experiment.growth.GrowthFigures.Point;
import dev.tracetoll.experiment.growth.GrowthFigures.Series;
import dev.tracetoll.report.Fonts;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.report.LogAxis;
import dev.tracetoll.report.Palette;
import dev.tracetoll.report.Picture;
import dev.tracetoll.report.PictureHeader;
import dev.tracetoll.tracing.registry.TechniqueRegistry;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.knowm.xchart.XYChart;

/**
 * Growth as a picture: for each axis a panel of the overhead per call against what grows, both logarithmic. A value of 0 stands at the left
 * edge, where a logarithm has no place for it, and says so; an overhead that is not above zero is left out.
 */
final class GrowthChart {

    private static final int PANEL_HEIGHT = 250;
    private static final int PANEL_GAP = 62;
    private static final int LABELS = 62;
    private static final int LEGEND_HEIGHT = 26;
    private static final double MARKER = 7;

    private final GrowthFigures growth;
    private final Palette palette;
    private final int width;
    private final int columns;
    private final PictureHeader header;
    private final List<String> techniques;
    private final LogAxis costs;

    GrowthChart(GrowthFigures growth, Palette palette, int width) {
        this.growth = growth;
        this.palette = palette;
        this.width = width;
        this.columns = width < Picture.NARROW ? 1 : 2;
        this.header = new PictureHeader(growth.title(), List.of(growth.method(), growth.environment()), palette, width);
        this.techniques =
                growth.series().stream().map(Series::technique).distinct().toList();
        this.costs = LogAxis.over(
                drawn().mapToDouble(point -> point.costNs().median()).min().orElse(1),
                drawn().mapToDouble(point -> point.costNs().median()).max().orElse(1));
    }

    private Stream<Point> drawn() {
        return growth.series().stream()
                .flatMap(series -> series.points().stream())
                .filter(point -> point.costNs().median() > 0);
    }

    Picture picture() {
        int rows = (growth.axes().size() + columns - 1) / columns;
        return new Picture(
                width,
                header.height() + LEGEND_HEIGHT + rows * (PANEL_HEIGHT + PANEL_GAP) + MARGIN,
                palette,
                this::draw);
    }

    private void draw(Graphics2D graphics) {
        header.draw(graphics);
        double x = MARGIN;
        for (String technique : techniques) {
            graphics.setColor(color(technique));
            graphics.fill(new Rectangle2D.Double(x, header.height() + 3, 14, 10));
            text(graphics, technique, SMALL, palette.text, x + 20, header.height() + 12);
            x += 42 + Fonts.metrics(SMALL).stringWidth(technique);
        }
        int panelWidth = (width - MARGIN) / columns;
        int panel = 0;
        for (GrowthAxis axis : growth.axes()) {
            int left = panel % columns * panelWidth + LABELS;
            int top = header.height() + LEGEND_HEIGHT + panel / columns * (PANEL_HEIGHT + PANEL_GAP) + 30;
            graphics.translate(left, top);
            drawPanel(graphics, axis, panelWidth - LABELS);
            graphics.translate(-left, -top);
            panel++;
        }
    }

    private void drawPanel(Graphics2D graphics, GrowthAxis axis, int panelWidth) {
        double[] values = growth.on(axis).stream()
                .flatMap(series -> series.points().stream())
                .mapToDouble(Point::value)
                .toArray();
        double smallest = Arrays.stream(values).filter(value -> value > 0).min().orElse(1);
        double largest = Arrays.stream(values).max().orElse(1);
        LogAxis across = LogAxis.over(Math.max(1, smallest), Math.max(1, largest));
        XYChart chart = across.chart(panelWidth, PANEL_HEIGHT - 30, 1, palette);
        chart.getStyler().setYAxisLogarithmic(true);
        chart.getStyler().setYAxisMin(costs.first());
        chart.getStyler().setYAxisMax(costs.last());
        // The grid that the horizontal axis has drawn for lanes from 0 to 1 has no place on a logarithmic one.
        List.copyOf(chart.getSeriesMap().keySet()).forEach(chart::removeSeries);
        for (double tick : across.ticks()) {
            LogAxis.line(
                    chart, "x " + tick, new double[] {tick, tick}, new double[] {costs.first(), costs.last()}, palette);
        }
        for (double tick : costs.ticks()) {
            LogAxis.line(
                    chart,
                    "y " + tick,
                    new double[] {across.first(), across.last()},
                    new double[] {tick, tick},
                    palette);
        }
        chart.paint(graphics, chart.getWidth(), chart.getHeight());
        graphics.setClip(null);
        text(graphics, axis.title(), NAME, palette.text, 0, -8);
        across.label(graphics, chart, palette, HumanUnits::count);
        for (double tick : costs.ticks()) {
            String label = HumanUnits.duration(tick);
            text(
                    graphics,
                    label,
                    SMALL,
                    palette.muted,
                    -6 - Fonts.metrics(SMALL).stringWidth(label),
                    chart.getScreenYFromChart(tick) + 4);
        }
        growth.on(axis).forEach(series -> drawSeries(graphics, chart, across, series));
    }

    private void drawSeries(Graphics2D graphics, XYChart chart, LogAxis across, Series series) {
        Path2D path = new Path2D.Double();
        List<Point> points = series.points().stream()
                .filter(point -> point.costNs().median() > 0)
                .toList();
        for (Point point : points) {
            double x = x(chart, across, point);
            double y = chart.getScreenYFromChart(point.costNs().median());
            if (path.getCurrentPoint() == null) {
                path.moveTo(x, y);
            } else {
                path.lineTo(x, y);
            }
        }
        Color color = color(series.technique());
        graphics.setColor(color);
        graphics.setStroke(new BasicStroke(1.6f));
        graphics.draw(path);
        for (Point point : points) {
            double x = x(chart, across, point);
            double y = chart.getScreenYFromChart(point.costNs().median());
            double low = chart.getScreenYFromChart(
                    Math.max(costs.first(), point.costNs().low()));
            double high = chart.getScreenYFromChart(
                    Math.min(costs.last(), point.costNs().high()));
            graphics.setColor(palette.text);
            graphics.setStroke(new BasicStroke(1.2f));
            graphics.draw(new Line2D.Double(x, low, x, high));
            Ellipse2D marker = new Ellipse2D.Double(x - MARKER / 2, y - MARKER / 2, MARKER, MARKER);
            graphics.setColor(point.flaw().isPresent() ? palette.background : color);
            graphics.fill(marker);
            graphics.setColor(point.flaw().isPresent() ? palette.alarm : palette.background);
            graphics.draw(marker);
            if (point.value() == 0) {
                text(graphics, "at 0", SMALL, palette.muted, x + 6, y - 6);
            }
        }
    }

    private static double x(XYChart chart, LogAxis across, Point point) {
        return chart.getScreenXFromChart(Math.max(across.first(), point.value()));
    }

    private Color color(String technique) {
        return palette.of(TechniqueRegistry.ALL.facts(technique).hue());
    }
}
