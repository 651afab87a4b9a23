package dev.tracetoll.report;

import dev.tracetoll.text.Invisible;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/** Text in pictures: its fonts, and how it is set. */
public final class Lettering {

    /** Of what a picture is about. */
    public static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 20);
    /** Of the names of what is shown. */
    public static final Font NAME = new Font(Font.SANS_SERIF, Font.BOLD, 15);
    /** Of figures that are to be read first. */
    public static final Font NUMBER = new Font(Font.SANS_SERIF, Font.BOLD, 16);
    /** Of small print. */
    public static final Font SMALL = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    /** Of names and figures in small print. */
    public static final Font SMALL_BOLD = new Font(Font.SANS_SERIF, Font.BOLD, 12);

    private static final int PIECE_GAP = 10;
    /** Characters of a line; small print of so many is as wide as the widest picture. */
    private static final int LONGEST = 160;

    /** A piece of a line that is set in several fonts or colours. */
    public record Piece(String text, Font font, Color color) {

        public Piece {
            text = legible(text);
        }

        /** Its width in units of length of a {@link Picture}. */
        public int width() {
            return Fonts.metrics(font).stringWidth(text);
        }
    }

    private Lettering() {}

    /** Sets a line of text; {@code x} is where it begins, {@code baseline} what it stands on, in units of length of a {@link Picture}. */
    public static void text(Graphics2D graphics, String text, Font font, Color color, double x, double baseline) {
        graphics.setFont(font);
        graphics.setColor(color);
        graphics.drawString(legible(text), (float) x, (float) baseline);
    }

    /** What is invisible is marked, and a name that is longer than any picture is wide is cut. */
    public static String legible(String text) {
        String visible = Invisible.marked(text);
        return visible.codePointCount(0, visible.length()) <= LONGEST
                ? visible
                : visible.substring(0, visible.offsetByCodePoints(0, LONGEST - 1)) + "…";
    }

    /** As much of a text as fits into a width, in units of length of a {@link Picture}. */
    public static String fitting(String text, Font font, double width) {
        String whole = legible(text);
        if (Fonts.metrics(font).stringWidth(whole) <= width) {
            return whole;
        }
        int kept = whole.codePointCount(0, whole.length());
        String cut = "…";
        while (kept > 0) {
            kept--;
            cut = whole.substring(0, whole.offsetByCodePoints(0, kept)) + "…";
            if (Fonts.metrics(font).stringWidth(cut) <= width) {
                break;
            }
        }
        return cut;
    }

    /** A line of pieces on a ground of its own: grid lines must not strike the text through. */
    public static void pieces(Graphics2D graphics, Palette palette, double left, double baseline, List<Piece> pieces) {
        int size =
                pieces.stream().mapToInt(piece -> piece.font().getSize()).max().orElse(0);
        graphics.setColor(palette.background);
        graphics.fill(new Rectangle2D.Double(left - 4, baseline - size + 1, widthOf(pieces) + 8, size + 4));
        double next = left;
        for (Piece piece : pieces) {
            text(graphics, piece.text(), piece.font(), piece.color(), next, baseline);
            next += piece.width() + PIECE_GAP;
        }
    }

    /** What a line of pieces is wide, with the gaps between them, in units of length of a {@link Picture}. */
    public static int widthOf(List<Piece> pieces) {
        return pieces.stream().mapToInt(Piece::width).sum() + PIECE_GAP * (pieces.size() - 1);
    }

    /** The lines of a text that is not to be wider than that. */
    public static List<String> wrapped(String text, Font font, int width) {
        List<String> lines = new ArrayList<>();
        String line = "";
        for (String any : Invisible.marked(text).split(" ")) {
            String word = fitting(any, font, width);
            String longer = line.isEmpty() ? word : line + " " + word;
            if (!line.isEmpty() && Fonts.metrics(font).stringWidth(longer) > width) {
                lines.add(line);
                longer = word;
            }
            line = longer;
        }
        lines.add(line);
        return lines;
    }
}
