package dev.tracetoll.experiment.headline;

import static dev.tracetoll.report.Lettering.NAME;
import static dev.tracetoll.report.Lettering.NUMBER;
import static dev.tracetoll.report.Lettering.SMALL;
import static dev.tracetoll.report.Lettering.fitting;
import static dev.tracetoll.report.Lettering.pieces;
import static dev.tracetoll.report.Lettering.text;
import static dev.tracetoll.report.Lettering.widthOf;
import static dev.tracetoll.report.PictureHeader.MARGIN;

import dev.tracetoll.report.Fonts;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.report.Lettering.Piece;
import dev.tracetoll.report.LogAxis;
import dev.tracetoll.report.Palette;
import dev.tracetoll.report.Picture;
import dev.tracetoll.report.PictureHeader;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The headline as a picture: the time of the same burst under each technique on a logarithmic axis, its interval, every burst as a
 * faint dot. A flawed technique is drawn hollow and says what is wrong with it instead of a ratio. Floors have no rows of their own: they
 * are dashed lines in the rows of the techniques that stand on them.
 */
final class HeadlineChart {

    private static final int ROW_HEIGHT = 82;
    private static final int AXIS_HEIGHT = 34;
    private static final int MOST_DOTS = 300;
    private static final double DOT_LANE = 0.11;
    /** Of the picture's width, at most. */
    private static final double SHARE_OF_NAMES = 0.3;

    private static final String FLOOR = "floor";
    private static final int FLOOR_RISE = 12;
    private static final int FLOOR_DROP = 24;

    private final Headline headline;
    private final List<Headline.Row> rows;
    private final Palette palette;
    private final int width;
    private final boolean narrow;
    private final PictureHeader header;
    private final LogAxis axis;

    HeadlineChart(Headline headline, Palette palette, int width) {
        this.headline = headline;
        this.rows = headline.rows().stream().filter(row -> !row.floor()).toList();
        this.palette = palette;
        this.width = width;
        this.narrow = width < Picture.NARROW;
        this.header =
                new PictureHeader(headline.title(), List.of(method(headline), headline.environment()), palette, width);
        this.axis = LogAxis.over(
                rows.stream().mapToDouble(row -> dots(row)[0]).min().orElseThrow(),
                rows.stream()
                        .map(HeadlineChart::dots)
                        .mapToDouble(dots -> dots[dots.length - 1])
                        .max()
                        .orElseThrow());
    }

    private static String method(Headline headline) {
        boolean floors = headline.rows().stream()
                .anyMatch(row -> headline.floorBurstNs(row).isPresent());
        return headline.method() + (floors ? " · floor: the least that the mechanism costs" : "");
    }

    Picture picture() {
        return new Picture(width, height(), palette, this::draw);
    }

    private int height() {
        return header.height() + rows.size() * rowHeight() + AXIS_HEIGHT + MARGIN;
    }

    private int rowHeight() {
        return narrow ? ROW_HEIGHT + 22 : ROW_HEIGHT;
    }

    private void draw(Graphics2D graphics) {
        header.draw(graphics);
        int plotLeft = narrow ? MARGIN / 2 : MARGIN + namesWidth();
        XYChart chart = chart(width - plotLeft - MARGIN / 2, height() - header.height() - AXIS_HEIGHT);
        graphics.translate(plotLeft, header.height());
        chart.paint(graphics, chart.getWidth(), chart.getHeight());
        graphics.setClip(null);
        axis.label(graphics, chart, palette, HumanUnits::duration);
        for (int row = 0; row < rows.size(); row++) {
            drawRow(graphics, chart, row, plotLeft);
        }
        graphics.translate(-plotLeft, -header.height());
    }

    private void drawRow(Graphics2D graphics, XYChart chart, int index, int plotLeft) {
        Headline.Row row = rows.get(index);
        Color color = row.flaw().isPresent() ? palette.alarm : color(rows.get(index));
        double x = chart.getScreenXFromChart(row.burstNs().median());
        double y = chart.getScreenYFromChart(level(index));
        double low = chart.getScreenXFromChart(row.burstNs().low());
        double high = chart.getScreenXFromChart(row.burstNs().high());

        headline.floorBurstNs(row).ifPresent(floorNs -> drawFloor(graphics, chart.getScreenXFromChart(floorNs), y));
        graphics.setColor(palette.text);
        graphics.setStroke(new BasicStroke(2));
        graphics.draw(new Line2D.Double(low, y, high, y));
        graphics.draw(new Line2D.Double(low, y - 10, low, y + 10));
        graphics.draw(new Line2D.Double(high, y - 10, high, y + 10));
        Ellipse2D marker = new Ellipse2D.Double(x - 5.5, y - 5.5, 11, 11);
        graphics.setColor(row.flaw().isPresent() ? palette.background : color);
        graphics.fill(marker);
        graphics.setColor(row.flaw().isPresent() ? color : palette.background);
        graphics.draw(marker);

        Color eventsColor = row.flaw().isPresent() ? palette.alarm : palette.muted;
        if (narrow) {
            pieces(
                    graphics,
                    palette,
                    12,
                    y - 42,
                    List.of(
                            new Piece(fitting(row.arm().name(), NAME, width * SHARE_OF_NAMES), NAME, color),
                            new Piece(row.eventsInWords(), SMALL, eventsColor)));
        } else {
            text(
                    graphics,
                    fitting(row.arm().name(), NAME, width * SHARE_OF_NAMES),
                    NAME,
                    color,
                    MARGIN - plotLeft,
                    y - 2);
            text(graphics, row.eventsInWords(), SMALL, eventsColor, MARGIN - plotLeft, y + 16);
        }
        drawNumbers(graphics, row, x, y - 18, chart.getWidth());
    }

    private void drawFloor(Graphics2D graphics, double x, double y) {
        graphics.setColor(palette.muted);
        graphics.setStroke(
                new BasicStroke(1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {3, 3}, 0));
        graphics.draw(new Line2D.Double(x, y - FLOOR_RISE, x, y + FLOOR_DROP));
        text(graphics, FLOOR, SMALL, palette.muted, x - Fonts.metrics(SMALL).stringWidth(FLOOR) - 4, y + FLOOR_DROP);
    }

    /** The numbers stand centred above their point, moved sideways where they would leave the picture. */
    private void drawNumbers(Graphics2D graphics, Headline.Row row, double x, double baseline, int chartWidth) {
        List<Piece> line = new ArrayList<>();
        line.add(new Piece(HumanUnits.duration(row.burstNs().median()), NUMBER, palette.text));
        row.flaw()
                .ifPresentOrElse(
                        flaw -> line.add(new Piece(flaw, NAME, palette.alarm)),
                        () -> row.comparison()
                                .ifPresent(of -> line.add(
                                        new Piece(HumanUnits.ratio(of.ratio().median()), NAME, palette.muted))));
        line.add(new Piece(HumanUnits.durationRange(row.burstNs()), SMALL, palette.muted));
        int whole = widthOf(line);
        pieces(graphics, palette, Math.max(12, Math.min(chartWidth - 8 - whole, x - whole / 2.0)), baseline, line);
    }

    private XYChart chart(int chartWidth, int chartHeight) {
        XYChart chart = axis.chart(chartWidth, chartHeight, rows.size(), palette);
        for (int row = 0; row < rows.size(); row++) {
            addDots(chart, row);
        }
        return chart;
    }

    private void addDots(XYChart chart, int row) {
        double[] burstsNs = dots(rows.get(row));
        double[] levels = new double[burstsNs.length];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = level(row) + DOT_LANE * (2 * spread(i) - 1);
        }
        Color color = color(rows.get(row));
        chart.addSeries(rows.get(row).arm().name(), burstsNs, levels)
                .setMarker(SeriesMarkers.CIRCLE)
                .setMarkerColor(new Color(color.getRed(), color.getGreen(), color.getBlue(), 45));
    }

    private Color color(Headline.Row row) {
        return palette.of(row.hue());
    }

    /** All bursts, or where they are too many as many of their quantiles, the smallest and the largest among them. */
    private static double[] dots(Headline.Row row) {
        double[] sorted = row.arm().bursts().all().sorted().asDoubleStream().toArray();
        if (sorted.length <= MOST_DOTS) {
            return sorted;
        }
        double[] chosen = new double[MOST_DOTS];
        for (int i = 0; i < MOST_DOTS; i++) {
            chosen[i] = sorted[(int) Math.round((double) i * (sorted.length - 1) / (MOST_DOTS - 1))];
        }
        return chosen;
    }

    /** Spreads neighbours evenly between 0 and 1, the same way every time: the golden ratio's multiples modulo 1. */
    private static double spread(int i) {
        double golden = (Math.sqrt(5) - 1) / 2;
        return (i * golden) % 1;
    }

    /** Rows from top to bottom; a little below the middle of their lane, for the numbers stand above. */
    private double level(int row) {
        return rows.size() - row - (narrow ? 0.68 : 0.6);
    }

    private int namesWidth() {
        return 12
                + rows.stream()
                        .mapToInt(row -> Math.max(
                                Fonts.metrics(NAME)
                                        .stringWidth(fitting(row.arm().name(), NAME, width * SHARE_OF_NAMES)),
                                Fonts.metrics(SMALL).stringWidth(row.eventsInWords())))
                        .max()
                        .orElse(0);
    }
}
