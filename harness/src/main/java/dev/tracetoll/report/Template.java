package dev.tracetoll.report;

import static dev.tracetoll.text.Rendering.HTML;

import dev.tracetoll.text.Sentence;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Pages and parts of pages whose words are resources. */
public final class Template {

    private Template() {}

    /** Words that stand in a line of their own on a terminal, as a paragraph of a page; with a line end behind it. */
    public static String paragraph(String words) {
        return "<p>" + HTML.escape(Sentence.of(words)) + "</p>\n";
    }

    /** A resource beside a class, with its {@code {{parts}}} filled in. */
    public static String filled(Class<?> beside, String resource, Map<String, String> parts) {
        String text;
        try (InputStream template = beside.getResourceAsStream(resource)) {
            text = new String(template.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (Map.Entry<String, String> part : parts.entrySet()) {
            text = text.replace("{{" + part.getKey() + "}}", part.getValue());
        }
        return text;
    }
}
