package dev.tracetoll.report;

import dev.tracetoll.tracing.registry.Hue;
import java.awt.Color;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The colours of a chart, for a light or a dark page. */
public enum Palette {
    LIGHT(
            0xffffff,
            0x1f2328,
            0x59636e,
            0xd8dee4,
            0xcf222e,
            List.of(0x57606a, 0x0969da, 0x1b7c83, 0xbc4c00, 0x9a6700, 0x8250df, 0x1a7f37, 0xbf3989, 0x6e7600)),
    DARK(
            0x0d1117,
            0xf0f6fc,
            0x9198a1,
            0x30363d,
            0xf85149,
            List.of(0x9198a1, 0x4493f8, 0x39c5cf, 0xf0883e, 0xd29922, 0xab7df8, 0x3fb950, 0xdb61a2, 0xb5bd3a));

    private static final List<Hue> SERIES = List.of(Hue.BLUE, Hue.ORANGE, Hue.VIOLET, Hue.GREEN, Hue.PINK);

    /** Of the page. */
    public final Color background;
    /** Of what is to be read first. */
    public final Color text;
    /** Of small print. */
    public final Color muted;
    /** Of lines that only lead the eye. */
    public final Color grid;
    /** Of what is wrong. */
    public final Color alarm;

    private final List<Integer> hues;

    Palette(int background, int text, int muted, int grid, int alarm, List<Integer> hues) {
        this.background = new Color(background);
        this.text = new Color(text);
        this.muted = new Color(muted);
        this.grid = new Color(grid);
        this.alarm = new Color(alarm);
        this.hues = hues;
    }

    /** Tells apart what is shown side by side and has no colour of its own; after the last they begin anew. */
    public Color series(int index) {
        return of(SERIES.get(index % SERIES.size()));
    }

    /** All of them, by names that a style sheet can have. */
    Map<String, Color> all() {
        Map<String, Color> all = new LinkedHashMap<>();
        all.put("chart", background);
        all.put("chart-text", text);
        all.put("chart-muted", muted);
        all.put("chart-grid", grid);
        all.put("chart-alarm", alarm);
        for (Hue hue : Hue.values()) {
            all.put("chart-" + hue.name().toLowerCase(Locale.ROOT), of(hue));
        }
        return all;
    }

    /** Of what has a colour of its own. */
    public Color of(Hue hue) {
        return new Color(hues.get(hue.ordinal()));
    }
}
