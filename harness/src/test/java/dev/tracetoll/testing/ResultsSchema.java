package dev.tracetoll.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Holds results against {@code docs/results.schema.json}. */
public final class ResultsSchema {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Path DOCS = Path.of(System.getProperty("tracetoll.home"), "docs");
    private static final JsonNode TEXT = read(DOCS.resolve("results.schema.json"));
    private static final Schema SCHEMA =
            SchemaRegistry.withDialect(Dialects.getDraft202012()).getSchema(TEXT);

    private ResultsSchema() {}

    private static JsonNode read(Path file) {
        try {
            return MAPPER.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The schema itself. */
    public static JsonNode text() {
        return TEXT;
    }

    /** The page that explains it. */
    public static String page() throws IOException {
        return Files.readString(DOCS.resolve("results.md"));
    }

    /** What is wrong with results; empty if nothing is. */
    public static List<String> errors(JsonNode results) {
        return SCHEMA.validate(results).stream().map(Error::toString).toList();
    }

    /** Checks a file that must be as the schema says. */
    public static void assertValid(Path file) {
        assertThat(errors(read(file))).as(file.toString()).isEmpty();
    }
}
