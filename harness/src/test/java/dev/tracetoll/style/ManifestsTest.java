package dev.tracetoll.style;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.kubernetes.client.openapi.models.V1Job;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** The manifests for Kubernetes are what its API server takes: fields that it knows, all that it needs. */
class ManifestsTest {

    private static final Path HOME = Path.of(System.getProperty("tracetoll.home"));

    @FunctionalInterface
    private interface Schema {
        void validate(JsonElement document) throws IOException;
    }

    private static final Map<String, Schema> KINDS = Map.of(
            "v1 Namespace", V1Namespace::validateJsonElement,
            "v1 PersistentVolumeClaim", V1PersistentVolumeClaim::validateJsonElement,
            "batch/v1 Job", V1Job::validateJsonElement);

    private static List<JsonObject> documents(String text) {
        List<JsonObject> documents = new ArrayList<>();
        new Yaml()
                .loadAll(text)
                .forEach(document ->
                        documents.add(new Gson().toJsonTree(document).getAsJsonObject()));
        return documents;
    }

    private static void validate(JsonObject document) throws IOException {
        String kind = document.get("apiVersion").getAsString() + " "
                + document.get("kind").getAsString();
        assertThat(KINDS).containsKey(kind);
        KINDS.get(kind).validate(document);
    }

    private static String read(String name) throws IOException {
        return Files.readString(HOME.resolve("packaging/kubernetes").resolve(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"measure-nodes.yaml", "compare-nodes.yaml"})
    void everyDocumentIsOfItsKind(String name) throws IOException {
        List<JsonObject> documents = documents(read(name));
        assertThat(documents).isNotEmpty();
        for (JsonObject document : documents) {
            validate(document);
        }
    }

    @Test
    void aFieldThatThereIsNotIsFound() throws IOException {
        JsonObject job = documents(read("compare-nodes.yaml").replace("mountPath", "mountpath"))
                .get(0);
        assertThatThrownBy(() -> validate(job))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("mountpath");
    }

    /** Whoever follows the manifests uses the image that the Dockerfile's first lines make, of the version that is built. */
    @Test
    void allNameTheSameImage() throws IOException {
        String image = "tracetoll:" + version();
        assertThat(Files.readString(HOME.resolve("packaging/Dockerfile"))).contains("-t " + image + " ");
        assertThat(read("measure-nodes.yaml")).contains("image: " + image + " ");
        assertThat(read("compare-nodes.yaml")).contains("image: " + image + "\n");
    }

    private static String version() throws IOException {
        return Files.readString(HOME.resolve("pom.xml"))
                .replaceFirst("(?s).*?<artifactId>tracetoll</artifactId>\\s*<version>([^<]*)<.*", "$1");
    }
}
