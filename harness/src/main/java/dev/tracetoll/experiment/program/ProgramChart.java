package dev.tracetoll.experiment.program;

import static dev.tracetoll.report.Lettering.NAME;
import static dev.tracetoll.report.Lettering.SMALL_BOLD;
import static dev.tracetoll.report.Lettering.pieces;
import static dev.tracetoll.report.Lettering.text;
import static dev.tracetoll.report.Lettering.widthOf;
import static dev.tracetoll.report.PictureHeader.MARGIN;

import dev.tracetoll.report.EnvironmentLine;
import dev.tracetoll.report.Flaw;
import dev.tracetoll.report.Fonts;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.report.Lettering.Piece;
import dev.tracetoll.report.LogAxis;
import dev.tracetoll.report.LogScale;
import dev.tracetoll.report.Palette;
import dev.tracetoll.report.Picture;
import dev.tracetoll.report.PictureHeader;
import dev.tracetoll.results.Arm;
import dev.tracetoll.stats.Interval;
import dev.tracetoll.tracing.registry.TechniqueRegistry;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A figure of each arm as a multiple of that without tracing: a dot with its interval, on a logarithmic axis that begins and ends near the figures. */
final class ProgramChart {

    private static final int LANE = 46;
    private static final int NAME_HEIGHT = 20;
    private static final int AXIS_HEIGHT = 34;
    private static final double RADIUS = 5.5;

    /** Of the figures, that the axis goes on beyond them. */
    private static final double ROOM = 1.05;
    /** The axis shows no less than this, so that what differs by noise lies close together. */
    private static final double LEAST_RATIO = 2;

    /** @param ratio 1 where there is a flaw, which is said in its place */
    private record Lane(Arm arm, Interval ratio, Optional<String> flaw) {}

    private static final Interval ONE = new Interval(1, 1, 1);

    private final ProgramFigures figures;
    private final Optional<String> metric;
    private final Palette palette;
    private final int width;
    private final boolean narrow;
    private final List<Lane> lanes = new ArrayList<>();
    private final PictureHeader header;
    private final LogScale scale;

    /** @param metric what is shown of each arm; empty for the time that a run takes */
    ProgramChart(ProgramFigures figures, Optional<String> metric, String method, Palette palette, int width) {
        this.figures = figures;
        this.metric = metric;
        this.palette = palette;
        this.width = width;
        this.narrow = width < Picture.NARROW;
        figures.arms().forEach(arm -> lane(arm).ifPresent(lanes::add));
        this.header = new PictureHeader(
                title(figures, metric),
                List.of(method, EnvironmentLine.of(figures.run().environment())),
                palette,
                width);
        double low =
                lanes.stream().mapToDouble(lane -> lane.ratio().low()).min().orElse(1);
        double high =
                lanes.stream().mapToDouble(lane -> lane.ratio().high()).max().orElse(1);
        LogAxis axis = new LogAxis(
                Math.min(low / ROOM, 1 / ROOM), Math.max(high * ROOM, low < 1 / LEAST_RATIO ? ROOM : LEAST_RATIO));
        int names = narrow
                ? 0
                : lanes.stream()
                        .mapToInt(lane ->
                                Fonts.metrics(NAME).stringWidth(lane.arm().name()))
                        .max()
                        .orElse(0);
        this.scale = new LogScale(axis, MARGIN + names + (narrow ? 0 : 20), width - MARGIN);
    }

    static String title(ProgramFigures figures, Optional<String> metric) {
        return metric.map(name -> name + " of ").orElse("How long a run takes of ")
                + figures.untraced().target() + ", as a multiple of that without tracing";
    }

    private Optional<Lane> lane(Arm arm) {
        Optional<Interval> ratio = arm.name().equals(Arm.UNTRACED)
                ? Optional.of(ONE)
                : metric.isPresent() ? figures.metricRatio(arm, metric.get()) : figures.timeRatio(arm);
        Optional<String> flaw = Flaw.of(arm);
        return ratio.filter(each -> each.low() > 0).map(each -> new Lane(arm, flaw.isPresent() ? ONE : each, flaw));
    }

    Picture picture() {
        return new Picture(width, bottom() + AXIS_HEIGHT + MARGIN / 2, palette, this::draw);
    }

    private int laneHeight() {
        return narrow ? LANE + NAME_HEIGHT : LANE;
    }

    private int bottom() {
        return header.height() + lanes.size() * laneHeight() + MARGIN / 2;
    }

    private void draw(Graphics2D graphics) {
        header.draw(graphics);
        scale.draw(graphics, palette, header.height(), bottom(), width, HumanUnits::ratio);
        int top = header.height();
        for (Lane lane : lanes) {
            draw(graphics, lane, top);
            top += laneHeight();
        }
    }

    private void draw(Graphics2D graphics, Lane lane, int top) {
        Color color = lane.flaw().isPresent()
                ? palette.alarm
                : palette.of(TechniqueRegistry.ALL
                        .facts(lane.arm().technique())
                        .plain()
                        .hue());
        double y = top + (narrow ? NAME_HEIGHT : 0) + 30;
        text(graphics, lane.arm().name(), NAME, color, MARGIN, narrow ? top + 20 : y + 5);
        List<Piece> figure = List.of(lane.flaw()
                .map(flaw -> new Piece(flaw, SMALL_BOLD, palette.alarm))
                .orElseGet(() -> new Piece(words(lane), SMALL_BOLD, palette.text)));
        double x = scale.at(lane.ratio().median());
        double left = Math.max(
                narrow ? MARGIN : scale.from() + 4,
                Math.min(width - MARGIN - widthOf(figure), x - widthOf(figure) / 2.0));
        pieces(graphics, palette, left, y - 10, figure);
        if (lane.flaw().isEmpty()) {
            dot(graphics, lane, y, color);
        }
    }

    private String words(Lane lane) {
        return lane.arm().name().equals(Arm.UNTRACED)
                ? metric.flatMap(name -> lane.arm()
                                .metric(name)
                                .flatMap(of -> figures.metric(lane.arm(), name)
                                        .map(value -> ProgramFigures.inWords(of, value.median()))))
                        .orElseGet(() ->
                                HumanUnits.duration(figures.timeNs(lane.arm()).median()))
                : HumanUnits.ratio(lane.ratio().median());
    }

    private void dot(Graphics2D graphics, Lane lane, double y, Color color) {
        double low = scale.at(lane.ratio().low());
        double high = scale.at(lane.ratio().high());
        graphics.setColor(palette.text);
        graphics.setStroke(new BasicStroke(1.5f));
        graphics.draw(new Line2D.Double(low, y, high, y));
        if (high - low > 2 * RADIUS) {
            graphics.draw(new Line2D.Double(low, y - 5, low, y + 5));
            graphics.draw(new Line2D.Double(high, y - 5, high, y + 5));
        }
        double x = scale.at(lane.ratio().median());
        Ellipse2D dot = new Ellipse2D.Double(x - RADIUS, y - RADIUS, 2 * RADIUS, 2 * RADIUS);
        graphics.setColor(color);
        graphics.fill(dot);
        graphics.setColor(palette.background);
        graphics.setStroke(new BasicStroke(2));
        graphics.draw(dot);
    }
}
