package dev.tracetoll.report;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The headline as a picture: the time of the same burst under each technique on a logarithmic axis, its interval, every burst as a
 * faint dot. A flawed technique is drawn hollow and says what is wrong with it instead of a ratio.
 */
final class HeadlineChart {

    static final int DEFAULT_WIDTH = 960;
    static final int NARROW_WIDTH = 400;

    /** Pixels of a PNG for each unit of length, for screens of high resolution. */
    private static final int PNG_SCALE = 2;

    /** What a browser takes for Java's logical font; the first is what the logical font is on Debian. */
    private static final String SVG_FONTS = "'DejaVu Sans',Verdana,sans-serif";

    private static final int MARGIN = 20;
    private static final int ROW_HEIGHT = 82;
    private static final int AXIS_HEIGHT = 34;
    private static final int NARROW = 640;
    private static final int FEW_DECADES = 2;
    private static final int PIECE_GAP = 10;
    private static final int MOST_DOTS = 300;
    private static final double DOT_LANE = 0.11;

    private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 20);
    private static final Font NAME = new Font(Font.SANS_SERIF, Font.BOLD, 15);
    private static final Font NUMBER = new Font(Font.SANS_SERIF, Font.BOLD, 16);
    private static final Font SMALL = new Font(Font.SANS_SERIF, Font.PLAIN, 12);

    private final Headline headline;
    private final Palette palette;
    private final int width;
    private final boolean narrow;
    private final List<TextLine> header;
    private final int headerHeight;

    private record TextLine(String text, Font font, Color color, int baseline) {}

    HeadlineChart(Headline headline, Palette palette, int width) {
        this.headline = headline;
        this.palette = palette;
        this.width = width;
        this.narrow = width < NARROW;
        this.header = header();
        this.headerHeight = header.get(header.size() - 1).baseline() + 14;
    }

    /** The picture as PNG, at twice the resolution of its size. */
    byte[] png() {
        BufferedImage image = new BufferedImage(width * PNG_SCALE, height() * PNG_SCALE, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.scale(PNG_SCALE, PNG_SCALE);
            draw(graphics);
        } finally {
            graphics.dispose();
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try {
            ImageIO.setUseCache(false);
            ImageIO.write(image, "png", png);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return png.toByteArray();
    }

    /** The picture as SVG. */
    String svg() {
        VectorGraphics2D graphics = new VectorGraphics2D();
        draw(graphics);
        ByteArrayOutputStream svg = new ByteArrayOutputStream();
        try {
            new SVGProcessor().getDocument(graphics.getCommands(), new PageSize(width, height())).writeTo(svg);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return portable(svg.toString(StandardCharsets.UTF_8));
    }

    /** The library leaves out what it takes for the default font size, and names the one font that Java found on this machine. */
    private static String portable(String svg) {
        return svg.replace("\r\n", "\n")
                .replaceAll("font-family:&quot;[^&]*&quot;", "font-family:" + SVG_FONTS)
                .replaceFirst("<svg ", "<svg style=\"font-size:" + SMALL.getSize() + "px;font-family:" + SVG_FONTS + "\" ");
    }

    int height() {
        return headerHeight + headline.rows().size() * rowHeight() + AXIS_HEIGHT + MARGIN;
    }

    private int rowHeight() {
        return narrow ? ROW_HEIGHT + 22 : ROW_HEIGHT;
    }

    private void draw(Graphics2D graphics) {
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.setColor(palette.background);
        graphics.fill(new Rectangle2D.Double(0, 0, width, height()));
        for (TextLine line : header) {
            text(graphics, line.text(), line.font(), line.color(), MARGIN, line.baseline());
        }
        int plotLeft = narrow ? MARGIN / 2 : MARGIN + namesWidth();
        XYChart chart = chart(width - plotLeft - MARGIN / 2, height() - headerHeight - AXIS_HEIGHT);
        graphics.translate(plotLeft, headerHeight);
        chart.paint(graphics, chart.getWidth(), chart.getHeight());
        graphics.setClip(null);
        drawAxis(graphics, chart);
        for (int row = 0; row < headline.rows().size(); row++) {
            drawRow(graphics, chart, row, plotLeft);
        }
        graphics.translate(-plotLeft, -headerHeight);
    }

    /** Labels the ticks, leaving out those that would run into their neighbour. */
    private void drawAxis(Graphics2D graphics, XYChart chart) {
        double free = Double.NEGATIVE_INFINITY;
        for (double tick : ticks()) {
            String label = HumanUnits.duration(tick);
            int labelWidth = Fonts.metrics(SMALL).stringWidth(label);
            double left = Math.min(chart.getWidth() - labelWidth, Math.max(0, chart.getScreenXFromChart(tick) - labelWidth / 2.0));
            if (left >= free) {
                text(graphics, label, SMALL, palette.muted, left, chart.getHeight() + 14);
                free = left + labelWidth + 10;
            }
        }
    }

    private void drawRow(Graphics2D graphics, XYChart chart, int index, int plotLeft) {
        Headline.Row row = headline.rows().get(index);
        Color color = row.flaw().isPresent() ? palette.alarm : palette.row(index);
        double x = chart.getScreenXFromChart(row.burstNs().median());
        double y = chart.getScreenYFromChart(level(index));
        double low = chart.getScreenXFromChart(row.burstNs().low());
        double high = chart.getScreenXFromChart(row.burstNs().high());

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
            drawPieces(graphics, 12, y - 42,
                    List.of(new Piece(row.arm().name(), NAME, color), new Piece(row.eventsInWords(), SMALL, eventsColor)));
        } else {
            text(graphics, row.arm().name(), NAME, color, MARGIN - plotLeft, y - 2);
            text(graphics, row.eventsInWords(), SMALL, eventsColor, MARGIN - plotLeft, y + 16);
        }
        drawNumbers(graphics, row, x, y - 18, chart.getWidth());
    }

    /** The numbers stand centred above their point, moved sideways where they would leave the picture. */
    private void drawNumbers(Graphics2D graphics, Headline.Row row, double x, double baseline, int chartWidth) {
        List<Piece> pieces = new ArrayList<>();
        pieces.add(new Piece(HumanUnits.duration(row.burstNs().median()), NUMBER, palette.text));
        row.flaw().ifPresentOrElse(
                flaw -> pieces.add(new Piece(flaw, NAME, palette.alarm)),
                () -> row.comparison().ifPresent(of -> pieces.add(
                        new Piece(HumanUnits.ratio(of.ratio().median()), NAME, palette.muted))));
        pieces.add(new Piece(HumanUnits.durationRange(row.burstNs()), SMALL, palette.muted));
        int whole = widthOf(pieces);
        drawPieces(graphics, Math.max(12, Math.min(chartWidth - 8 - whole, x - whole / 2.0)), baseline, pieces);
    }

    private void drawPieces(Graphics2D graphics, double left, double baseline, List<Piece> pieces) {
        // Grid lines must not strike the text through.
        graphics.setColor(palette.background);
        graphics.fill(new Rectangle2D.Double(left - 4, baseline - 15, widthOf(pieces) + 8, 20));
        double next = left;
        for (Piece piece : pieces) {
            text(graphics, piece.text(), piece.font(), piece.color(), next, baseline);
            next += piece.width() + PIECE_GAP;
        }
    }

    private static int widthOf(List<Piece> pieces) {
        return pieces.stream().mapToInt(Piece::width).sum() + PIECE_GAP * (pieces.size() - 1);
    }

    private record Piece(String text, Font font, Color color) {

        int width() {
            return Fonts.metrics(font).stringWidth(text);
        }
    }

    private XYChart chart(int chartWidth, int chartHeight) {
        XYChart chart = new XYChartBuilder().width(chartWidth).height(chartHeight).build();
        XYStyler styler = chart.getStyler();
        styler.setChartBackgroundColor(palette.background).setPlotBackgroundColor(palette.background)
                .setPlotBorderVisible(false).setChartTitleVisible(false).setLegendVisible(false).setChartPadding(4)
                .setPlotContentSize(1).setAntiAlias(true);
        styler.setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
        styler.setMarkerSize(5);
        styler.setAxisTitlesVisible(false);
        // The labels are drawn below: a formatter of one's own makes xchart place its ticks as if the axis were linear.
        styler.setAxisTicksVisible(false);
        styler.setYAxisMin(0.0);
        styler.setYAxisMax((double) headline.rows().size());
        styler.setPlotGridLinesVisible(false);
        styler.setPlotMargin(0);
        styler.setXAxisLogarithmic(true);
        styler.setXAxisMin(firstDecade());
        styler.setXAxisMax(lastDecade());
        for (double tick : ticks()) {
            chart.addSeries("grid " + tick, new double[] {tick, tick}, new double[] {0, headline.rows().size()})
                    .setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Line)
                    .setMarker(SeriesMarkers.NONE)
                    .setLineColor(palette.grid)
                    .setLineStyle(new BasicStroke(1));
        }
        for (int row = 0; row < headline.rows().size(); row++) {
            addDots(chart, row);
        }
        return chart;
    }

    private void addDots(XYChart chart, int row) {
        double[] burstsNs = dots(headline.rows().get(row));
        double[] levels = new double[burstsNs.length];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = level(row) + DOT_LANE * (2 * spread(i) - 1);
        }
        Color color = palette.row(row);
        chart.addSeries(headline.rows().get(row).arm().name(), burstsNs, levels)
                .setMarker(SeriesMarkers.CIRCLE)
                .setMarkerColor(new Color(color.getRed(), color.getGreen(), color.getBlue(), 45));
    }

    /** All bursts, or where they are too many as many of their quantiles, the smallest and the largest among them. */
    private static double[] dots(Headline.Row row) {
        double[] sorted = Arrays.stream(row.arm().burstsNs()).flatMapToDouble(Arrays::stream).sorted().toArray();
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
        return headline.rows().size() - row - (narrow ? 0.68 : 0.6);
    }

    private double firstDecade() {
        double smallest = headline.rows().stream().mapToDouble(row -> dots(row)[0]).min().orElseThrow();
        return Math.pow(10, Math.floor(Math.log10(smallest)));
    }

    private double lastDecade() {
        double largest = headline.rows().stream().map(HeadlineChart::dots).mapToDouble(dots -> dots[dots.length - 1]).max().orElseThrow();
        return Math.max(Math.pow(10, Math.ceil(Math.log10(largest))), 10 * firstDecade());
    }

    /** Decades, and within few of them their doubles and fivefolds too. */
    private double[] ticks() {
        int first = (int) Math.round(Math.log10(firstDecade()));
        int last = (int) Math.round(Math.log10(lastDecade()));
        double[] steps = last - first <= FEW_DECADES ? new double[] {1, 2, 5} : new double[] {1};
        return IntStream.rangeClosed(first, last)
                .mapToDouble(exponent -> Math.pow(10, exponent))
                .flatMap(decade -> Arrays.stream(steps).map(step -> step * decade))
                .filter(tick -> tick <= lastDecade())
                .toArray();
    }

    private int namesWidth() {
        return 12 + headline.rows().stream()
                .mapToInt(row -> Math.max(Fonts.metrics(NAME).stringWidth(row.arm().name()), Fonts.metrics(SMALL).stringWidth(row.eventsInWords())))
                .max().orElse(0);
    }

    private List<TextLine> header() {
        List<TextLine> lines = new ArrayList<>();
        int baseline = 16;
        for (String text : wrapped(headline.title(), TITLE)) {
            baseline += 24;
            lines.add(new TextLine(text, TITLE, palette.text, baseline));
        }
        baseline += 6;
        for (String paragraph : List.of(headline.method(), headline.environment())) {
            for (String text : wrapped(paragraph, SMALL)) {
                baseline += 17;
                lines.add(new TextLine(text, SMALL, palette.muted, baseline));
            }
        }
        return lines;
    }

    private List<String> wrapped(String text, Font font) {
        List<String> lines = new ArrayList<>();
        String line = "";
        for (String word : text.split(" ")) {
            String longer = line.isEmpty() ? word : line + " " + word;
            if (!line.isEmpty() && Fonts.metrics(font).stringWidth(longer) > width - 2 * MARGIN) {
                lines.add(line);
                longer = word;
            }
            line = longer;
        }
        lines.add(line);
        return lines;
    }

    private static void text(Graphics2D graphics, String text, Font font, Color color, double x, double baseline) {
        graphics.setFont(font);
        graphics.setColor(color);
        graphics.drawString(text, (float) x, (float) baseline);
    }
}
