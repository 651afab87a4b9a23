package dev.tracetoll.experiment.ladder;

import static dev.tracetoll.report.Lettering.NAME;
import static dev.tracetoll.report.Lettering.SMALL;
import static dev.tracetoll.report.Lettering.SMALL_BOLD;
import static dev.tracetoll.report.Lettering.pieces;
import static dev.tracetoll.report.Lettering.text;
import static dev.tracetoll.report.Lettering.widthOf;
import static dev.tracetoll.report.PictureHeader.MARGIN;

import dev.tracetoll.experiment.ladder.LadderFigures.Row;
import dev.tracetoll.report.Fonts;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.report.Lettering.Piece;
import dev.tracetoll.report.LogAxis;
import dev.tracetoll.report.Palette;
import dev.tracetoll.report.Picture;
import dev.tracetoll.report.PictureHeader;
import dev.tracetoll.results.CpuPlacement;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.knowm.xchart.XYChart;

/**
 * The ladder as a waterfall: for each rung and placement a bar from what a call costs on the rung below to what it costs on this one, on a
 * logarithmic axis. Beside it stand the overhead, what that is to its floor, and the residue where there is one. Below are the bounds.
 */
final class LadderChart {

    private static final int LANE_HEIGHT = 22;
    private static final int RUNG_GAP = 12;
    private static final int GROUP_HEIGHT = 34;
    private static final int NAME_HEIGHT = 18;
    private static final int BAR = 12;
    private static final int AXIS_HEIGHT = 34;
    private static final int LEGEND_HEIGHT = 26;

    private final LadderFigures ladder;
    private final Palette palette;
    private final int width;
    private final boolean narrow;
    private final PictureHeader header;
    private final LogAxis axis;
    private final List<CpuPlacement> placements;
    private final List<Band> bands = new ArrayList<>();
    private final int bodyHeight;
    private final ClaimPanel claims;

    /** A group's title, or a rung with its lanes; {@code top} from the top of the chart's body. */
    private record Band(int top, Optional<Rung.Group> group, List<Row> lanes) {}

    LadderChart(LadderFigures ladder, Palette palette, int width) {
        this.ladder = ladder;
        this.palette = palette;
        this.width = width;
        this.narrow = width < Picture.NARROW;
        this.header = new PictureHeader(ladder.title(), List.of(ladder.method(), ladder.environment()), palette, width);
        this.placements =
                ladder.rows().stream().map(Row::placement).distinct().sorted().toList();
        this.axis = LogAxis.over(
                ladder.rows().stream()
                        .mapToDouble(row -> row.wholeNs().low())
                        .min()
                        .orElseThrow(),
                ladder.rows().stream()
                        .mapToDouble(row -> row.wholeNs().high())
                        .max()
                        .orElseThrow());
        this.bodyHeight = layOut();
        this.claims = new ClaimPanel(ladder.claims(), palette, MARGIN, width - 2 * MARGIN);
    }

    private int layOut() {
        int top = 0;
        for (Rung.Group group : Rung.Group.values()) {
            Map<Rung, List<Row>> rungs = new LinkedHashMap<>();
            ladder.rows().stream()
                    .filter(row -> row.rung().group() == group)
                    .forEach(row -> rungs.computeIfAbsent(row.rung(), ignored -> new ArrayList<>())
                            .add(row));
            if (!rungs.isEmpty()) {
                bands.add(new Band(top, Optional.of(group), List.of()));
                top += GROUP_HEIGHT;
            }
            for (List<Row> lanes : rungs.values()) {
                bands.add(new Band(top, Optional.empty(), lanes));
                int linesOfName = narrow || lanes.get(0).siteClasses().isEmpty() ? 1 : 2;
                top += (narrow ? NAME_HEIGHT : 0) + Math.max(linesOfName, lanes.size()) * LANE_HEIGHT + RUNG_GAP;
            }
        }
        return top;
    }

    Picture picture() {
        return new Picture(
                width,
                header.height() + LEGEND_HEIGHT + bodyHeight + AXIS_HEIGHT + claims.height() + MARGIN,
                palette,
                this::draw);
    }

    private void draw(Graphics2D graphics) {
        header.draw(graphics);
        drawLegend(graphics, header.height() + 12);
        int bodyTop = header.height() + LEGEND_HEIGHT;
        int plotLeft = narrow ? MARGIN / 2 : MARGIN + namesWidth();
        XYChart chart = axis.chart(width - plotLeft - MARGIN / 2, bodyHeight, 1, palette);
        graphics.translate(plotLeft, bodyTop);
        chart.paint(graphics, chart.getWidth(), chart.getHeight());
        graphics.setClip(null);
        axis.label(graphics, chart, palette, HumanUnits::duration);
        bands.forEach(band -> draw(graphics, chart, band, plotLeft));
        graphics.translate(-plotLeft, -bodyTop);
        claims.draw(graphics, bodyTop + bodyHeight + AXIS_HEIGHT);
    }

    private void drawLegend(Graphics2D graphics, int baseline) {
        double x = MARGIN;
        for (CpuPlacement placement : placements) {
            graphics.setColor(color(placement));
            graphics.fill(new Rectangle2D.Double(x, baseline - 9, 14, 10));
            text(graphics, placement.inWords(), SMALL, palette.text, x + 20, baseline);
            x += 20 + Fonts.metrics(SMALL).stringWidth(placement.inWords()) + 22;
        }
        text(
                graphics,
                narrow ? "time of a call" : "time of a call, from the rung below to this one",
                SMALL,
                palette.muted,
                x,
                baseline);
    }

    private void draw(Graphics2D graphics, XYChart chart, Band band, int plotLeft) {
        int left = narrow ? 8 : MARGIN - plotLeft;
        if (band.group().isPresent()) {
            pieces(
                    graphics,
                    palette,
                    left,
                    band.top() + 22,
                    List.of(new Piece(band.group().get().title(), NAME, palette.text)));
            return;
        }
        Row first = band.lanes().get(0);
        List<Piece> name = List.of(
                new Piece(first.name(), SMALL_BOLD, palette.text),
                new Piece(first.siteClasses(), SMALL, palette.muted));
        int lanesTop = band.top();
        if (narrow) {
            pieces(graphics, palette, left, band.top() + 13, name);
            lanesTop += NAME_HEIGHT;
        } else {
            text(graphics, first.name(), SMALL_BOLD, palette.text, left, band.top() + 16);
            text(graphics, first.siteClasses(), SMALL, palette.muted, left, band.top() + 33);
        }
        for (int lane = 0; lane < band.lanes().size(); lane++) {
            drawLane(graphics, chart, band.lanes().get(lane), lanesTop + lane * LANE_HEIGHT + LANE_HEIGHT / 2.0);
        }
    }

    private void drawLane(Graphics2D graphics, XYChart chart, Row row, double y) {
        Color color = row.flaw().isPresent() ? palette.alarm : color(row.placement());
        double end = chart.getScreenXFromChart(row.wholeNs().median());
        double start = row.below()
                .map(below -> chart.getScreenXFromChart(ladder.whole(below)))
                .orElse(chart.getScreenXFromChart(axis.first()));
        double left = Math.min(start, end);
        Rectangle2D bar = new Rectangle2D.Double(left, y - BAR / 2.0, Math.max(2, Math.abs(end - start)), BAR);
        // A rung that costs less than the one below is only an outline; one that is flawed too.
        if (end >= start && row.flaw().isEmpty()) {
            graphics.setColor(color);
            graphics.fill(bar);
        } else {
            graphics.setColor(palette.background);
            graphics.fill(bar);
            graphics.setColor(color);
            graphics.setStroke(new BasicStroke(1.2f));
            graphics.draw(bar);
        }
        double low = chart.getScreenXFromChart(row.wholeNs().low());
        double high = chart.getScreenXFromChart(row.wholeNs().high());
        graphics.setColor(palette.text);
        graphics.setStroke(new BasicStroke(1.4f));
        graphics.draw(new Line2D.Double(low, y, high, y));
        graphics.draw(new Line2D.Double(low, y - 4, low, y + 4));
        graphics.draw(new Line2D.Double(high, y - 4, high, y + 4));
        drawNumbers(graphics, chart, row, Math.max(high, left + bar.getWidth()), Math.min(left, low), y + 4);
    }

    /** The numbers stand right of the bar, or left of it where they would leave the picture. */
    private void drawNumbers(Graphics2D graphics, XYChart chart, Row row, double right, double left, double baseline) {
        List<Piece> numbers = new ArrayList<>();
        row.flaw().ifPresentOrElse(flaw -> numbers.add(new Piece(flaw, SMALL_BOLD, palette.alarm)), () -> {
            numbers.add(new Piece(row.cost(), SMALL_BOLD, palette.text));
            row.ofFloor()
                    .ifPresent(ratio -> numbers.add(new Piece(
                            HumanUnits.ratio(ratio.median()) + (narrow ? "" : " its floor"), SMALL, palette.muted)));
            row.residueNs()
                    .filter(ignored -> !narrow)
                    .ifPresent(residue -> numbers.add(
                            new Piece("residue " + HumanUnits.duration(residue.median()), SMALL, palette.muted)));
        });
        double whole = widthOf(numbers);
        boolean fits = right + 8 + whole <= chart.getWidth() - 4;
        pieces(graphics, palette, fits ? right + 10 : Math.max(6, left - 10 - whole), baseline, numbers);
    }

    private Color color(CpuPlacement placement) {
        return palette.series(placements.indexOf(placement));
    }

    private int namesWidth() {
        return 16
                + bands.stream()
                        .flatMap(band -> band.lanes().stream())
                        .mapToInt(row -> Math.max(
                                Fonts.metrics(SMALL_BOLD).stringWidth(row.name()),
                                Fonts.metrics(SMALL).stringWidth(row.siteClasses())))
                        .max()
                        .orElse(0);
    }
}
