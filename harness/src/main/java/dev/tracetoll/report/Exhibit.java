package dev.tracetoll.report;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What a report shows of a run: a chart, and text and tables about it. */
public interface Exhibit {

    /** Name of the chart's files, without ending; of its dark form with {@code -dark} behind. */
    String name();

    /** What the page is about, in a line. */
    String title();

    /** The chart. */
    Picture picture(Palette palette, int width);

    /** Figures and how to read them, as sections of a page. */
    String html();

    /** Further files of the report, by name. */
    default Map<String, byte[]> documents() {
        return Map.of();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
