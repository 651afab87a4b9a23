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
import dev.tracetoll.report.LogScale;
import dev.tracetoll.report.Palette;
import dev.tracetoll.report.Picture;
import dev.tracetoll.report.PictureHeader;
import dev.tracetoll.results.CpuPlacement;
import dev.tracetoll.tracing.registry.TechniqueRegistry;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rungs of one group as a waterfall of dots: what a call takes on each rung, tracing included, on a logarithmic axis, with a line from where the
 * rung below stands. A full dot is one core, a hollow one two.
 */
final class LadderChart {

    private static final int LANE = 46;
    private static final int NAME_HEIGHT = 20;
    private static final int AXIS_HEIGHT = 34;
    private static final double RADIUS = 5.5;
    /** By less than this share dots cannot be told apart, nor need their labels be. */
    private static final double ABOUT_THE_SAME = 0.05;

    private final LadderFigures ladder;
    private final Map<Rung, List<Row>> rungs = new LinkedHashMap<>();
    private final Palette palette;
    private final int width;
    private final boolean narrow;
    private final PictureHeader header;
    private final LogScale scale;

    /** @param group one that the ladder has rungs of */
    LadderChart(LadderFigures ladder, Rung.Group group, Palette palette, int width) {
        this.ladder = ladder;
        this.palette = palette;
        this.width = width;
        this.narrow = width < Picture.NARROW;
        List<Row> rows = ladder.rows().stream()
                .filter(row -> row.rung().group() == group)
                .toList();
        rows.forEach(row ->
                rungs.computeIfAbsent(row.rung(), ignored -> new ArrayList<>()).add(row));
        boolean twoCores = rows.stream().map(Row::placement).distinct().count() > 1;
        this.header = new PictureHeader(
                title(group),
                List.of(
                        ladder.method()
                                + (twoCores ? " · full dot: tracer and program on one core, hollow: on two" : ""),
                        ladder.environment()),
                palette,
                width);
        LogAxis axis = LogAxis.over(
                rows.stream().mapToDouble(row -> row.wholeNs().low()).min().orElseThrow(),
                rows.stream().mapToDouble(row -> row.wholeNs().high()).max().orElseThrow());
        int names = narrow
                ? 0
                : rungs.values().stream()
                        .mapToInt(lanes -> Math.max(
                                Fonts.metrics(NAME).stringWidth(lanes.get(0).name()),
                                Fonts.metrics(SMALL).stringWidth(lanes.get(0).siteClasses())))
                        .max()
                        .orElse(0);
        this.scale = new LogScale(axis, MARGIN + names + (narrow ? 0 : 20), width - MARGIN);
    }

    static String title(Rung.Group group) {
        return "What a call takes, rung by rung: " + group.title();
    }

    Picture picture() {
        return new Picture(width, bottom() + AXIS_HEIGHT + MARGIN / 2, palette, this::draw);
    }

    private int laneHeight() {
        return narrow ? LANE + NAME_HEIGHT : LANE;
    }

    private int bottom() {
        return header.height() + rungs.size() * laneHeight() + MARGIN / 2;
    }

    private void draw(Graphics2D graphics) {
        header.draw(graphics);
        scale.draw(graphics, palette, header.height(), bottom(), width, HumanUnits::duration);
        int top = header.height();
        for (List<Row> lanes : rungs.values()) {
            draw(graphics, lanes, top);
            top += laneHeight();
        }
    }

    private void draw(Graphics2D graphics, List<Row> lanes, int top) {
        Row first = lanes.get(0);
        Color color = color(first);
        double y = top + (narrow ? NAME_HEIGHT : 0) + 30;
        if (narrow) {
            pieces(
                    graphics,
                    palette,
                    MARGIN,
                    top + 20,
                    List.of(
                            new Piece(first.name(), NAME, color),
                            new Piece(first.siteClasses(), SMALL, palette.muted)));
        } else {
            text(graphics, first.name(), NAME, color, MARGIN, y);
            text(graphics, first.siteClasses(), SMALL, palette.muted, MARGIN, y + 15);
        }
        label(graphics, lanes, y - 12);
        lanes.forEach(row -> row.below().ifPresent(below -> {
            graphics.setColor(palette.muted);
            graphics.setStroke(new BasicStroke(1.5f));
            graphics.draw(new Line2D.Double(
                    scale.at(ladder.whole(below)), y, scale.at(row.wholeNs().median()), y));
        }));
        // The hollow ones first: where both are at one place the full one is seen within.
        for (int i = lanes.size() - 1; i >= 0; i--) {
            dot(graphics, lanes.get(i), y);
        }
    }

    private void dot(Graphics2D graphics, Row row, double y) {
        Color color = color(row);
        boolean full = row.placement() != CpuPlacement.TWO_CORES;
        double radius = full ? RADIUS : RADIUS + 2;
        double low = scale.at(row.wholeNs().low());
        double high = scale.at(row.wholeNs().high());
        graphics.setColor(palette.text);
        graphics.setStroke(new BasicStroke(1.5f));
        graphics.draw(new Line2D.Double(low, y, high, y));
        if (high - low > 2 * radius) {
            graphics.draw(new Line2D.Double(low, y - 5, low, y + 5));
            graphics.draw(new Line2D.Double(high, y - 5, high, y + 5));
        }
        double x = scale.at(row.wholeNs().median());
        Ellipse2D dot = new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius);
        graphics.setColor(full && row.flaw().isEmpty() ? color : palette.background);
        graphics.fill(dot);
        graphics.setColor(color);
        graphics.setStroke(new BasicStroke(2));
        graphics.draw(dot);
    }

    /** Above the dots, in their order: the cost on one core and, where it is another, on two. */
    private void label(Graphics2D graphics, List<Row> lanes, double baseline) {
        List<Row> told = new ArrayList<>();
        double said = Double.NaN;
        for (Row row : lanes) {
            double takes = row.wholeNs().median();
            if (row.flaw().isPresent() || !(Math.abs(takes - said) < ABOUT_THE_SAME * takes)) {
                told.add(row);
                said = takes;
            }
        }
        told.sort(Comparator.comparing(row -> row.wholeNs().median()));
        List<Piece> line = new ArrayList<>();
        for (Row row : told) {
            row.flaw().ifPresentOrElse(flaw -> line.add(new Piece(flaw, SMALL_BOLD, palette.alarm)), () -> {
                line.add(new Piece(row.cost(), SMALL_BOLD, palette.text));
                row.ofFloor()
                        .ifPresent(of -> line.add(new Piece(
                                HumanUnits.ratio(of.median()) + (narrow ? "" : " its floor"), SMALL, palette.muted)));
            });
        }
        double middle = lanes.stream()
                .mapToDouble(row -> scale.at(row.wholeNs().median()))
                .average()
                .orElseThrow();
        int whole = widthOf(line);
        double left =
                Math.max(narrow ? MARGIN : scale.from() + 4, Math.min(width - MARGIN - whole, middle - whole / 2.0));
        pieces(graphics, palette, left, baseline, line);
    }

    private Color color(Row row) {
        return row.flaw().isPresent()
                ? palette.alarm
                : palette.of(TechniqueRegistry.ALL
                        .facts(row.rung().technique())
                        .plain()
                        .hue());
    }
}
