package dev.tracetoll.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.util.ArrayList;
import java.util.List;

/** What stands above a chart: a title, and small print on what it shows. */
public final class PictureHeader {

    /** What is left free at each side, in units of length of a {@link Picture}. */
    public static final int MARGIN = 20;

    private record TextLine(String text, Font font, Color color, int baseline) {}

    private final List<TextLine> lines = new ArrayList<>();

    /**
     * A header that fits into a picture.
     *
     * @param paragraphs the small print
     * @param width of the picture, in its units of length
     */
    public PictureHeader(String title, List<String> paragraphs, Palette palette, int width) {
        int baseline = 16;
        for (String text : Lettering.wrapped(title, Lettering.TITLE, width - 2 * MARGIN)) {
            baseline += 24;
            lines.add(new TextLine(text, Lettering.TITLE, palette.text, baseline));
        }
        baseline += 6;
        for (String paragraph : paragraphs) {
            for (String text : Lettering.wrapped(paragraph, Lettering.SMALL, width - 2 * MARGIN)) {
                baseline += 17;
                lines.add(new TextLine(text, Lettering.SMALL, palette.muted, baseline));
            }
        }
    }

    /** How much room it takes, in units of length of a {@link Picture}. */
    public int height() {
        return lines.get(lines.size() - 1).baseline() + 14;
    }

    /** Draws it at the top of a picture. */
    public void draw(Graphics2D graphics) {
        lines.forEach(
                line -> Lettering.text(graphics, line.text(), line.font(), line.color(), MARGIN, line.baseline()));
    }
}
