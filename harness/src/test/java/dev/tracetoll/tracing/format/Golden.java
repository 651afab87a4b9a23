package dev.tracetoll.tracing.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Files with the rendering that is right. */
final class Golden {

    interface Check {
        void run() throws IOException;
    }

    private Golden() {}

    static void inLocale(String locale, Check check) throws IOException {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag(locale));
        try {
            check.run();
        } finally {
            Locale.setDefault(before);
        }
    }

    /** What was rendered is written to {@code target/golden}, to be compared, or taken over where the change is meant. */
    static void assertEqual(String name, String rendered) throws IOException {
        Path actual = Path.of("target", "golden", name);
        Files.createDirectories(actual.getParent());
        Files.writeString(actual, rendered);
        try (InputStream in = Golden.class.getResourceAsStream(name)) {
            assertThat(in).as("golden file %s", name).isNotNull();
            assertThat(rendered).isEqualTo(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
