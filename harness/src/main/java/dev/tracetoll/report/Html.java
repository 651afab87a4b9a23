package dev.tracetoll.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** Pieces of a page. */
public final class Html {

    private Html() {}

    /** A text as it stands in HTML. */
    public static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }

    /** A cell of a table: a number, and below it its interval unless that is empty. */
    public static String cell(String number, String interval) {
        return "<td>" + escape(number) + (interval.isEmpty() ? "" : "<small>" + escape(interval) + "</small>") + "</td>";
    }

    /** A text with a capital letter at its beginning and a full stop at its end. */
    public static String sentence(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) + (text.endsWith(".") ? "" : ".");
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
