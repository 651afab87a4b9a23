package dev.tracetoll.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Files with the rendering that is right, beside the class that is tested with them. */
public final class Golden {

    /** What is rendered in another locale. */
    public interface Check {
        void run() throws IOException;
    }

    private final Class<?> test;

    private Golden(Class<?> test) {
        this.test = test;
    }

    /** Those of a test. */
    public static Golden of(Class<?> test) {
        return new Golden(test);
    }

    /** Does something in a locale. */
    public static void inLocale(String locale, Check check) throws IOException {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag(locale));
        try {
            check.run();
        } finally {
            Locale.setDefault(before);
        }
    }

    /** What was rendered is written to {@code target/golden}, to be compared, or taken over where the change is meant. */
    public void assertEqual(String name, String rendered) throws IOException {
        Path actual = Path.of("target", "golden", name);
        Files.createDirectories(actual.getParent());
        Files.writeString(actual, rendered);
        try (InputStream in = test.getResourceAsStream(name)) {
            assertThat(in).as("golden file %s", name).isNotNull();
            assertThat(rendered).isEqualTo(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
