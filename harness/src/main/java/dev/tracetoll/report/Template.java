package dev.tracetoll.report;

import static dev.tracetoll.text.Rendering.HTML;

import dev.tracetoll.text.Sentence;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Pages and parts of pages whose words are resources. */
public final class Template {

    private static final Pattern PART = Pattern.compile("\\{\\{(\\w+)}}");

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
        // In one go: what is filled in may look like a part itself.
        return PART.matcher(text)
                .replaceAll(part -> Matcher.quoteReplacement(Objects.requireNonNull(
                        parts.get(part.group(1)), () -> resource + " has a part that is not given: " + part.group())));
    }
}
