package dev.tracetoll.report;

import java.awt.BasicStroke;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.util.function.DoubleFunction;

/**
 * Where values stand on a logarithmic axis.
 *
 * @param axis its ends and ticks
 * @param from where the lowest stands, in units of length of a {@link Picture}
 * @param to where the highest stands; less than {@code from} on an axis that goes up
 */
public record LogScale(LogAxis axis, double from, double to) {

    /** From the end of the plot to what its labels stand on. */
    private static final int LABEL_DROP = 17;
    /** Between two labels, at least. */
    private static final int LABEL_GAP = 10;

    /** Where a value stands; one that is off the axis stands at its end. */
    public double at(double value) {
        double share = Math.log(value / axis.first()) / Math.log(axis.last() / axis.first());
        return from + Math.max(0, Math.min(1, share)) * (to - from);
    }

    /**
     * Draws the axis below a plot: a line at each tick, and labels, without those that would run into their neighbour.
     *
     * @param top where the lines begin, in units of length of a {@link Picture}
     * @param bottom where they end, with the labels below
     * @param width of the picture, which the labels stay within
     * @param text what a label says of a value
     */
    public void draw(
            Graphics2D graphics, Palette palette, double top, double bottom, int width, DoubleFunction<String> text) {
        graphics.setStroke(new BasicStroke(1));
        double free = Double.NEGATIVE_INFINITY;
        for (double tick : axis.ticks()) {
            double x = at(tick);
            graphics.setColor(palette.grid);
            graphics.draw(new Line2D.Double(x, top, x, bottom));
            String label = text.apply(tick);
            int labelWidth = Fonts.metrics(Lettering.SMALL).stringWidth(label);
            double left = Math.max(2, Math.min(width - 4.0 - labelWidth, x - labelWidth / 2.0));
            if (left >= free) {
                Lettering.text(graphics, label, Lettering.SMALL, palette.muted, left, bottom + LABEL_DROP);
                free = left + labelWidth + LABEL_GAP;
            }
        }
    }
}
