package dev.tracetoll.report;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** What a report shows of some results: a finding, charts, and text and tables about them. */
public interface Exhibit {

    /** In a word what it is of, as {@code ladder}; the address of its section on the page. */
    String name();

    /** What the section is about, in some words. */
    String heading();

    /** What the results say, in a plain sentence. */
    String finding();

    /** The charts, the most telling first. */
    List<Graphic> graphics();

    /** The answer in numbers, as an element of a page that stands above the first chart; empty if there is none. */
    default String tiles() {
        return "";
    }

    /** Figures and how to read them, as the parts of a section; its headings are of the third level. */
    String html();

    /** The figures for a README or a pull request, as lines of Markdown. */
    List<String> markdown();

    /** Every figure that is shown, for those who go on calculating; empty if they are in the results as they are. */
    default List<Datum> data() {
        return List.of();
    }

    /** Further files of the report, by name. */
    default Map<String, byte[]> documents() {
        return Map.of();
    }

    /** A text as it is stored. */
    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
