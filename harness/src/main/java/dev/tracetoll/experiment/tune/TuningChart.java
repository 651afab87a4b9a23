package dev.tracetoll.experiment.tune;

import static dev.tracetoll.report.Lettering.NAME;
import static dev.tracetoll.report.Lettering.SMALL;
import static dev.tracetoll.report.Lettering.SMALL_BOLD;
import static dev.tracetoll.report.Lettering.text;
import static dev.tracetoll.report.PictureHeader.MARGIN;

import dev.tracetoll.report.EnvironmentLine;
import dev.tracetoll.report.Fonts;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.report.LogAxis;
import dev.tracetoll.report.LogScale;
import dev.tracetoll.report.Palette;
import dev.tracetoll.report.Picture;
import dev.tracetoll.report.PictureHeader;
import dev.tracetoll.text.ByteSize;
import dev.tracetoll.tracing.registry.Hue;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The pictures of a tuning. */
final class TuningChart {

    private static final int PLOT_HEIGHT = 320;
    private static final int LEFT = 84;
    private static final int BELOW = 54;
    private static final int LANE = 30;
    private static final int NAMES = 170;
    private static final double MARKER = 9;
    private static final double LABEL_HEIGHT = 16;
    /** How far a name may move, in lines. */
    private static final int MOST_MOVES = 8;
    /** Before the first size. */
    private static final int BEFORE = 40;

    private static final int MOST_TICKS = 9;
    /** From one mark of a size to the next, so that none is behind another. */
    private static final double DODGE = 11;

    private static final BasicStroke THIN = new BasicStroke(1);
    private static final BasicStroke LINE = new BasicStroke(2.2f);
    private static final BasicStroke DASHED =
            new BasicStroke(1.3f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {5, 4}, 0);

    private final Tuning tuning;
    private final Palette palette;
    private final int width;

    TuningChart(Tuning tuning, Palette palette, int width) {
        this.tuning = tuning;
        this.palette = palette;
        this.width = width;
    }

    private PictureHeader header(String title, String howToRead) {
        return new PictureHeader(
                title,
                List.of(howToRead, tuning.setting() + " · " + EnvironmentLine.of(tuning.environment())),
                palette,
                width);
    }

    private int plotWidth(int left) {
        return width - left - MARGIN;
    }

    private void caption(Graphics2D graphics, String words, double right, double baseline) {
        text(graphics, words, SMALL, palette.muted, right - Fonts.metrics(SMALL).stringWidth(words), baseline);
    }

    /** An axis of bytes from one power of two to another. */
    private static LogAxis binary(double least, double most) {
        return new LogAxis(
                Math.pow(2, Math.floor(Math.log(least) / Math.log(2))),
                Math.pow(2, Math.ceil(Math.log(most) / Math.log(2))));
    }

    private static double[] binaryTicks(LogAxis axis) {
        int from = Math.getExponent(axis.first());
        int to = Math.getExponent(axis.last());
        int step = (to - from + MOST_TICKS - 1) / MOST_TICKS;
        return IntStream.rangeClosed(0, (to - from) / step)
                .mapToDouble(i -> Math.scalb(axis.first(), i * step))
                .toArray();
    }

    private void horizontal(
            Graphics2D graphics, LogScale y, double[] ticks, double left, double right, DoubleFunction<String> label) {
        for (double tick : ticks) {
            graphics.setStroke(THIN);
            graphics.setColor(palette.grid);
            graphics.draw(new Line2D.Double(left, y.at(tick), right, y.at(tick)));
            caption(graphics, label.apply(tick), left - 8, y.at(tick) + 4);
        }
    }

    /** What comes and what is read within a time, and the gap that the buffer has to hold. */
    Picture curves() {
        PictureHeader header = header(
                "A buffer has to hold what comes before it is read",
                "The most that comes within any time of a length, and the least that the reader takes away within it; both axes logarithmic.");
        return new Picture(width, header.height() + PLOT_HEIGHT + BELOW, palette, graphics -> {
            header.draw(graphics);
            drawCurves(graphics, header.height());
        });
    }

    private void drawCurves(Graphics2D graphics, int top) {
        List<Tuning.CurvePoint> points = tuning.curves().stream()
                .filter(point -> point.ns() > 0 && point.arrivedBytes() > 0)
                .toList();
        if (points.isEmpty()) {
            return;
        }
        LogAxis times =
                LogAxis.over(points.get(0).ns(), points.get(points.size() - 1).ns());
        double least = points.get(0).arrivedBytes();
        double most = points.stream()
                .mapToDouble(Tuning.CurvePoint::arrivedBytes)
                .max()
                .orElse(1);
        LogScale x = new LogScale(times, LEFT, LEFT + plotWidth(LEFT));
        LogAxis bytes = binary(least / 2, most);
        LogScale y = new LogScale(bytes, top + PLOT_HEIGHT, top + 10);
        x.draw(graphics, palette, top + 10, top + PLOT_HEIGHT, width, HumanUnits::duration);
        horizontal(
                graphics, y, binaryTicks(bytes), LEFT, LEFT + plotWidth(LEFT), tick -> ByteSize.inWords((long) tick));
        caption(graphics, "within any time of this length", LEFT + plotWidth(LEFT), top + PLOT_HEIGHT + 38);
        Tuning.CurvePoint widest = Tuning.CurvePoint.widest(points).orElseThrow();
        Color comes = palette.of(Hue.BLUE);
        Color read = palette.of(Hue.ORANGE);
        Path2D arrived = new Path2D.Double();
        Path2D served = new Path2D.Double();
        for (Tuning.CurvePoint point : points) {
            to(arrived, x.at(point.ns()), y.at(point.arrivedBytes()));
            // Once it is off the picture it does not come back.
            if (point.servedBytes() >= bytes.first() && point.servedBytes() <= bytes.last()) {
                to(served, x.at(point.ns()), y.at(point.servedBytes()));
            }
        }
        graphics.setStroke(LINE);
        graphics.setColor(read);
        graphics.clip(new Rectangle2D.Double(LEFT, top + 10, plotWidth(LEFT) + 1, PLOT_HEIGHT - 9));
        graphics.draw(served);
        graphics.setColor(comes);
        graphics.draw(arrived);
        graphics.setClip(null);
        double gapX = x.at(widest.ns());
        double gapFrom = y.at(widest.arrivedBytes());
        double gapTo = widest.servedBytes() > 0 ? y.at(widest.servedBytes()) : top + PLOT_HEIGHT;
        graphics.setColor(palette.alarm);
        graphics.setStroke(LINE);
        graphics.draw(new Line2D.Double(gapX, gapFrom, gapX, gapTo));
        String gap = HumanUnits.bytes(Math.round(widest.toBeHeldBytes())) + " to be held";
        int gapWidth = Fonts.metrics(SMALL_BOLD).stringWidth(gap);
        boolean leftOf = gapX + 10 + gapWidth > width - MARGIN;
        ground(graphics, leftOf ? gapX - 10 - gapWidth : gapX + 10, (gapFrom + gapTo) / 2, gapWidth);
        text(
                graphics,
                gap,
                SMALL_BOLD,
                palette.alarm,
                leftOf ? gapX - 10 - gapWidth : gapX + 10,
                (gapFrom + gapTo) / 2);
        double legend = top + 28;
        legend(graphics, "comes at most", comes, LEFT + 14, legend);
        legend(graphics, "is read at least", read, LEFT + 14, legend + 20);
    }

    private void ground(Graphics2D graphics, double left, double baseline, double wide) {
        graphics.setColor(palette.background);
        graphics.fill(new Rectangle2D.Double(left - 3, baseline - 12, wide + 6, 16));
    }

    private void legend(Graphics2D graphics, String words, Color color, double left, double baseline) {
        ground(graphics, left, baseline, 40 + Fonts.metrics(SMALL).stringWidth(words));
        graphics.setColor(color);
        graphics.setStroke(LINE);
        graphics.draw(new Line2D.Double(left, baseline - 4, left + 26, baseline - 4));
        text(graphics, words, SMALL, palette.text, left + 34, baseline);
    }

    private static void to(Path2D path, double x, double y) {
        if (path.getCurrentPoint() == null) {
            path.moveTo(x, y);
        } else {
            path.lineTo(x, y);
        }
    }

    /** What policies cost the traced program, against the memory they need. */
    Picture policies() {
        PictureHeader header = header(
                "What it takes to lose nothing: memory, and time of the traced program",
                "Each policy: the size that it was measured with, and what it adds to a call, with 95 %. Hollow: it lost something."
                        + " Dashed: the best of both.");
        return new Picture(width, header.height() + PLOT_HEIGHT + BELOW, palette, graphics -> {
            header.draw(graphics);
            drawPolicies(graphics, header.height());
        });
    }

    private Color color(Tuning.Tried tried) {
        return palette.of(
                switch (tried.asPolicy().kind()) {
                    case NONE, RING -> Hue.BLUE;
                    case RINGBUF -> Hue.ORANGE;
                    case PERF -> Hue.VIOLET;
                });
    }

    private static double added(double ns) {
        return Math.max(10, ns);
    }

    private void drawPolicies(Graphics2D graphics, int top) {
        List<Tuning.Tried> all = tuning.tried();
        double smallest = all.stream().mapToDouble(Tuning.Tried::bytes).min().orElse(1);
        double largest = all.stream().mapToDouble(Tuning.Tried::bytes).max().orElse(1);
        LogAxis sizes = new LogAxis(smallest, Math.max(2 * smallest, largest));
        LogAxis costs = LogAxis.over(
                all.stream()
                        .mapToDouble(each -> added(each.overheadNs().low()))
                        .min()
                        .orElse(1),
                all.stream()
                        .mapToDouble(each -> added(each.overheadNs().high()))
                        .max()
                        .orElse(1));
        // Room to the right of the last for its names.
        LogScale x = new LogScale(sizes, LEFT + BEFORE, LEFT + plotWidth(LEFT) - namesAfter(column(largest)));
        LogScale y = new LogScale(costs, top + PLOT_HEIGHT, top + 10);
        horizontal(graphics, y, costs.ticks(), LEFT, LEFT + plotWidth(LEFT), HumanUnits::duration);
        for (double size = smallest; size <= largest; size *= 2) {
            graphics.setColor(palette.grid);
            graphics.setStroke(THIN);
            graphics.draw(new Line2D.Double(x.at(size), top + 10, x.at(size), top + PLOT_HEIGHT));
            String words = ByteSize.inWords((long) size);
            text(
                    graphics,
                    words,
                    SMALL,
                    palette.muted,
                    x.at(size) - Fonts.metrics(SMALL).stringWidth(words) / 2.0,
                    top + PLOT_HEIGHT + 18);
        }
        caption(graphics, "size of the buffer", LEFT + plotWidth(LEFT), top + PLOT_HEIGHT + 38);
        frontier(graphics, x, y);
        List<List<Mark>> columns = new ArrayList<>();
        for (double size = smallest; size <= largest; size *= 2) {
            columns.add(marks(column(size), x.at(size), y));
        }
        List<Rectangle2D> taken = columns.stream()
                .flatMap(List::stream)
                .map(Mark::place)
                .collect(Collectors.toCollection(ArrayList::new));
        for (List<Mark> column : columns) {
            column.forEach(mark -> name(graphics, mark, taken));
            column.forEach(mark -> mark(graphics, mark, y));
        }
    }

    /**
     * Where a policy is marked.
     *
     * @param namesX where the names of its column begin
     */
    private record Mark(Tuning.Tried tried, double x, double y, double namesX) {

        Rectangle2D place() {
            return new Rectangle2D.Double(x - MARKER / 2, y - MARKER / 2, MARKER, MARKER);
        }
    }

    private static List<Mark> marks(List<Tuning.Tried> column, double x, LogScale y) {
        return IntStream.range(0, column.size())
                .mapToObj(i -> {
                    Tuning.Tried each = column.get(i);
                    double markY = y.at(added(each.overheadNs().median()));
                    return new Mark(each, x + i * DODGE, markY, namesAt(x, column));
                })
                .toList();
    }

    /** Those of a size, the dearest first. */
    private List<Tuning.Tried> column(double size) {
        return tuning.tried().stream()
                .filter(each -> each.bytes() == (long) size)
                .sorted(Comparator.comparingDouble(each -> -each.overheadNs().median()))
                .toList();
    }

    private static double namesAt(double x, List<Tuning.Tried> column) {
        return x + (column.size() - 1) * DODGE + 20;
    }

    private boolean isAdvised(Tuning.Tried tried) {
        return tried.policy().equals(tuning.advised());
    }

    private String words(Tuning.Tried tried) {
        return isAdvised(tried) ? tried.policy() + ", advised" : tried.policy();
    }

    private Font font(Tuning.Tried tried) {
        return isAdvised(tried) ? SMALL_BOLD : SMALL;
    }

    /** On a narrow picture there is no room for all; the table has them. */
    private boolean isNamed(Tuning.Tried tried) {
        return width >= Picture.NARROW || isAdvised(tried);
    }

    private double namesAfter(List<Tuning.Tried> column) {
        return namesAt(0, column)
                + column.stream()
                        .filter(this::isNamed)
                        .mapToDouble(each -> Fonts.metrics(font(each)).stringWidth(words(each)))
                        .max()
                        .orElse(0);
    }

    /**
     * Names a mark, where nothing else is.
     *
     * @param taken where something is; the name comes to it
     */
    private void name(Graphics2D graphics, Mark mark, List<Rectangle2D> taken) {
        Tuning.Tried of = mark.tried;
        if (!isNamed(of)) {
            return;
        }
        double wide = Fonts.metrics(font(of)).stringWidth(words(of));
        double labelX = Math.min(mark.namesX, width - 4.0 - wide);
        double labelY = mark.y + 4;
        for (int tried = 0; tried < 2 * MOST_MOVES; tried++) {
            // In turn below and above, farther and farther.
            int lines = (tried + 1) / 2;
            double moved = mark.y + 4 + lines * (tried % 2 == 0 ? -LABEL_HEIGHT : LABEL_HEIGHT);
            Rectangle2D place = new Rectangle2D.Double(labelX - 3, moved - 12, wide + 6, LABEL_HEIGHT);
            if (taken.stream().noneMatch(place::intersects)) {
                taken.add(place);
                labelY = moved;
                break;
            }
        }
        graphics.setStroke(THIN);
        graphics.setColor(palette.muted);
        graphics.draw(new Line2D.Double(mark.x + 6, mark.y, labelX - 5, labelY - 4));
        ground(graphics, labelX, labelY, wide);
        text(graphics, words(of), font(of), palette.text, labelX, labelY);
    }

    /** Of policies that lost nothing those that no other beats in both. */
    private void frontier(Graphics2D graphics, LogScale x, LogScale y) {
        List<Tuning.Tried> good = tuning.tried().stream()
                .filter(each -> each.lost() == 0)
                .sorted(Comparator.comparingLong(Tuning.Tried::bytes)
                        .thenComparingDouble(each -> each.overheadNs().median()))
                .toList();
        Path2D path = new Path2D.Double();
        double best = Double.POSITIVE_INFINITY;
        double lastY = 0;
        for (Tuning.Tried each : good) {
            double cost = added(each.overheadNs().median());
            if (cost < best) {
                if (path.getCurrentPoint() != null) {
                    path.lineTo(x.at((double) each.bytes()), lastY);
                }
                best = cost;
                lastY = y.at(cost);
                to(path, x.at((double) each.bytes()), lastY);
            }
        }
        graphics.setColor(palette.muted);
        graphics.setStroke(DASHED);
        graphics.draw(path);
    }

    private void mark(Graphics2D graphics, Mark mark, LogScale y) {
        Tuning.Tried each = mark.tried;
        graphics.setStroke(new BasicStroke(1.4f));
        graphics.setColor(color(each));
        graphics.draw(new Line2D.Double(
                mark.x,
                y.at(added(each.overheadNs().low())),
                mark.x,
                y.at(added(each.overheadNs().high()))));
        Ellipse2D marker = new Ellipse2D.Double(mark.x - MARKER / 2, mark.y - MARKER / 2, MARKER, MARKER);
        graphics.setColor(each.lost() == 0 ? color(each) : palette.background);
        graphics.fill(marker);
        graphics.setColor(each.lost() == 0 ? palette.background : color(each));
        graphics.draw(marker);
    }

    /** How long records wait. */
    Picture latency() {
        PictureHeader header = header(
                "How long records wait to be read",
                "From each record's own time to its reading: half of them no longer than the dot, 99 of 100 than the bar, 999 of 1000 than the ring,"
                        + " none longer than the end of the line.");
        int height = tuning.tried().size() * LANE;
        return new Picture(width, header.height() + height + BELOW + 10, palette, graphics -> {
            header.draw(graphics);
            drawLatency(graphics, header.height() + 6, height);
        });
    }

    private void drawLatency(Graphics2D graphics, int top, int height) {
        double least = tuning.tried().stream()
                .mapToDouble(each -> Math.max(100, each.latencyNs().p50()))
                .min()
                .orElse(100);
        double most = tuning.tried().stream()
                .mapToDouble(each -> Math.max(1_000, each.latencyNs().max()))
                .max()
                .orElse(1_000);
        LogScale x = new LogScale(LogAxis.over(least, most), NAMES, NAMES + plotWidth(NAMES));
        x.draw(graphics, palette, top, top + height, width, HumanUnits::duration);
        caption(graphics, "from a record's time to its reading", NAMES + plotWidth(NAMES), top + height + 38);
        for (int i = 0; i < tuning.tried().size(); i++) {
            Tuning.Tried each = tuning.tried().get(i);
            Tuning.Latency waits = each.latencyNs();
            double y = top + (i + 0.5) * LANE;
            text(graphics, each.policy(), isAdvised(each) ? NAME.deriveFont(13f) : SMALL, palette.text, MARGIN, y + 4);
            graphics.setColor(color(each));
            graphics.setStroke(new BasicStroke(1.6f));
            graphics.draw(new Line2D.Double(x.at(waits.p50()), y, x.at(waits.max()), y));
            graphics.draw(new Line2D.Double(x.at(waits.max()), y - 4, x.at(waits.max()), y + 4));
            graphics.setStroke(new BasicStroke(3f));
            graphics.draw(new Line2D.Double(x.at(waits.p99()), y - 6, x.at(waits.p99()), y + 6));
            graphics.setStroke(new BasicStroke(1.6f));
            Ellipse2D ring = new Ellipse2D.Double(x.at(waits.p999()) - 4, y - 4, 8, 8);
            graphics.setColor(palette.background);
            graphics.fill(ring);
            graphics.setColor(color(each));
            graphics.draw(ring);
            graphics.fill(new Ellipse2D.Double(x.at(waits.p50()) - 5, y - 5, 10, 10));
        }
    }
}
