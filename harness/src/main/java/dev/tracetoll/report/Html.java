package dev.tracetoll.report;

import static dev.tracetoll.text.Rendering.HTML;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Pieces of a page. */
public final class Html {

    private Html() {}

    /** A cell of a table: a number, and below it its interval unless that is empty. */
    public static String cell(String number, String interval) {
        return "<td>" + HTML.escape(number) + (interval.isEmpty() ? "" : "<small>" + HTML.escape(interval) + "</small>") + "</td>";
    }

    /** A resource beside a class, with its {@code {{parts}}} filled in. */
    public static String filled(Class<?> beside, String resource, Map<String, String> parts) {
        String html;
        try (InputStream template = beside.getResourceAsStream(resource)) {
            html = new String(template.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (Map.Entry<String, String> part : parts.entrySet()) {
            html = html.replace("{{" + part.getKey() + "}}", part.getValue());
        }
        return html;
    }
}
