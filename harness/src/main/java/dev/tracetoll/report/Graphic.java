package dev.tracetoll.report;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A chart of a report.
 *
 * @param name of its files, without ending; of its dark form with {@code -dark} behind
 * @param title what it shows, in a line
 * @param alternative what it says, for those who do not see it
 * @param drawing draws it
 */
public record Graphic(String name, String title, String alternative, Drawing drawing) {

    /** Draws a chart for a page of some colours. */
    @FunctionalInterface
    public interface Drawing {
        /** The chart; {@code width} in units of length of a {@link Picture}. */
        Picture picture(Palette palette, int width);
    }

    /** Its files by name: PNG and SVG for light and for dark pages. */
    Map<String, byte[]> files() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (Palette palette : Palette.values()) {
            Picture picture = drawing.picture(palette, Picture.DEFAULT_WIDTH);
            String file = palette == Palette.LIGHT
                    ? name
                    : name + "-" + palette.name().toLowerCase(Locale.ROOT);
            files.put(file + ".png", picture.png());
            files.put(file + ".svg", Exhibit.bytes(picture.svg()));
        }
        return files;
    }
}
