package dev.tracetoll.report;

import java.awt.BasicStroke;
import java.awt.Graphics2D;
import java.util.Arrays;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A logarithmic axis of whole decades.
 *
 * @param first its lowest value
 * @param last its highest value
 */
public record LogAxis(double first, double last) {

    private static final int FEW_DECADES = 2;

    /** The decades that hold all values from the smallest to the largest, one at least. */
    public static LogAxis over(double smallest, double largest) {
        double first = Math.pow(10, Math.floor(Math.log10(smallest)));
        return new LogAxis(first, Math.max(Math.pow(10, Math.ceil(Math.log10(largest))), 10 * first));
    }

    /** Decades, and within few of them their doubles and fivefolds too. */
    public double[] ticks() {
        int from = (int) Math.round(Math.log10(first));
        int to = (int) Math.round(Math.log10(last));
        double[] steps = to - from <= FEW_DECADES ? new double[] {1, 2, 5} : new double[] {1};
        return IntStream.rangeClosed(from, to)
                .mapToDouble(exponent -> Math.pow(10, exponent))
                .flatMap(decade -> Arrays.stream(steps).map(step -> step * decade))
                .filter(tick -> tick <= last)
                .toArray();
    }

    /** A chart with this horizontal axis and its grid, lanes from 0 to {@code lanes} above each other. */
    public XYChart chart(int width, int height, double lanes, Palette palette) {
        XYChart chart = new XYChartBuilder().width(width).height(height).build();
        XYStyler styler = chart.getStyler();
        styler.setChartBackgroundColor(palette.background)
                .setPlotBackgroundColor(palette.background)
                .setPlotBorderVisible(false)
                .setChartTitleVisible(false)
                .setLegendVisible(false)
                .setChartPadding(4)
                .setPlotContentSize(1)
                .setAntiAlias(true);
        styler.setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
        styler.setMarkerSize(5);
        styler.setAxisTitlesVisible(false);
        // The labels are drawn apart: a formatter of one's own makes xchart place its ticks as if the axis were linear.
        styler.setAxisTicksVisible(false);
        styler.setYAxisMin(0.0);
        styler.setYAxisMax(lanes);
        styler.setPlotGridLinesVisible(false);
        styler.setPlotMargin(0);
        styler.setXAxisLogarithmic(true);
        styler.setXAxisMin(first);
        styler.setXAxisMax(last);
        for (double tick : ticks()) {
            line(chart, "grid " + tick, new double[] {tick, tick}, new double[] {0, lanes}, palette);
        }
        return chart;
    }

    /** A line of a grid. */
    public static void line(XYChart chart, String name, double[] x, double[] y, Palette palette) {
        chart.addSeries(name, x, y)
                .setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Line)
                .setMarker(SeriesMarkers.NONE)
                .setLineColor(palette.grid)
                .setLineStyle(new BasicStroke(1));
    }

    /** Labels the ticks below a painted chart, leaving out those that would run into their neighbour. */
    public void label(Graphics2D graphics, XYChart chart, Palette palette, DoubleFunction<String> text) {
        double free = Double.NEGATIVE_INFINITY;
        for (double tick : ticks()) {
            String label = text.apply(tick);
            int labelWidth = Fonts.metrics(Lettering.SMALL).stringWidth(label);
            double left = Math.min(
                    chart.getWidth() - labelWidth, Math.max(0, chart.getScreenXFromChart(tick) - labelWidth / 2.0));
            if (left >= free) {
                Lettering.text(graphics, label, Lettering.SMALL, palette.muted, left, chart.getHeight() + 14);
                free = left + labelWidth + 10;
            }
        }
    }
}
