package dev.tracetoll.experiment.ladder;

import static dev.tracetoll.report.Lettering.SMALL;
import static dev.tracetoll.report.Lettering.SMALL_BOLD;
import static dev.tracetoll.report.Lettering.pieces;
import static dev.tracetoll.report.Lettering.text;

import dev.tracetoll.report.Lettering;
import dev.tracetoll.report.Lettering.Piece;
import dev.tracetoll.report.Palette;
import dev.tracetoll.report.Picture;
import dev.tracetoll.tracing.registry.Hue;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/**
 * Bounds as bars: for each a bar that says how much of what the bound allows is used, beside a line where all of it is. Where a bound is a
 * least, it is the bound's share of the figure.
 */
final class ClaimPanel {

    private static final int HEAD = 50;
    private static final int ROW = 42;
    private static final int BAR = 8;
    /** Where the bars end: half as much again as is allowed. */
    private static final double MOST = 1.5;

    private final List<ClaimWords> claims;
    private final Palette palette;
    private final int left;
    private final int width;

    ClaimPanel(List<ClaimWords> claims, Palette palette, int left, int width) {
        this.claims = claims;
        this.palette = palette;
        this.left = left;
        this.width = width;
    }

    int height() {
        return claims.isEmpty() ? 0 : HEAD + claims.size() * ROW + 10;
    }

    void draw(Graphics2D graphics, int top) {
        if (claims.isEmpty()) {
            return;
        }
        text(graphics, "Bounds that we set ourselves", Lettering.NAME, palette.text, left, top + 18);
        text(graphics, "used of what is allowed; the line is all of it", SMALL, palette.muted, left, top + 36);
        double bound = x(1);
        graphics.setColor(palette.muted);
        graphics.setStroke(new BasicStroke(1));
        graphics.draw(new Line2D.Double(bound, top + HEAD + 14, bound, top + HEAD + claims.size() * ROW - 6));
        for (int i = 0; i < claims.size(); i++) {
            draw(graphics, claims.get(i), top + HEAD + i * ROW);
        }
    }

    private void draw(Graphics2D graphics, ClaimWords words, int top) {
        boolean missed = words.claim().outcome().missed();
        Color color = missed ? palette.alarm : palette.of(Hue.BLUE);
        boolean narrow = width < Picture.NARROW;
        List<Piece> pieces = new ArrayList<>(List.of(
                new Piece(words.what(), narrow ? SMALL : SMALL_BOLD, palette.text),
                new Piece(words.figure(), SMALL_BOLD, missed ? palette.alarm : palette.text),
                new Piece(words.asked(), SMALL, palette.muted)));
        if (!narrow) {
            pieces.add(new Piece(words.outcome(), SMALL, missed ? palette.alarm : palette.muted));
        }
        pieces(graphics, palette, left, top + 12, pieces);
        words.claim().figure().ifPresent(figure -> {
            double y = top + 24;
            graphics.setColor(color);
            graphics.fill(new Rectangle2D.Double(
                    left, y - BAR / 2.0, Math.max(2, x(used(words.claim(), figure.median())) - left), BAR));
            if (!words.claim().once()) {
                double one = x(used(words.claim(), figure.low()));
                double other = x(used(words.claim(), figure.high()));
                graphics.setColor(palette.text);
                graphics.setStroke(new BasicStroke(1.4f));
                graphics.draw(new Line2D.Double(one, y, other, y));
                graphics.draw(new Line2D.Double(one, y - 4, one, y + 4));
                graphics.draw(new Line2D.Double(other, y - 4, other, y + 4));
            }
        });
    }

    private double x(double used) {
        return left + width * Math.max(0, Math.min(MOST, used)) / MOST;
    }

    /** What is allowed may be nothing. */
    private static double used(Claim claim, double value) {
        double part = claim.limit() == Claim.Limit.AT_MOST ? value : claim.bound();
        double whole = claim.limit() == Claim.Limit.AT_MOST ? claim.bound() : value;
        return part <= 0 ? 0 : whole <= 0 ? MOST : part / whole;
    }
}
