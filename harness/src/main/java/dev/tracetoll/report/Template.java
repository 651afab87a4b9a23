package dev.tracetoll.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Pages and parts of pages whose words are resources. */
public final class Template {

    private Template() {}

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
