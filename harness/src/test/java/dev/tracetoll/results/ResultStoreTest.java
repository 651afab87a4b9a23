package dev.tracetoll.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.OperationFailed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultStoreTest {

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = directory.resolve("results.json");
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.map(child -> child.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    private static String json(Run run) {
        return new String(ResultStore.toJson(run), StandardCharsets.UTF_8);
    }

    @Test
    void loadsWhatItSaved() throws IOException {
        Run run = ResultStore.checked(SampleRuns.headline());

        Path saved = new ResultStore(directory.resolve("results"))
                .save(run, "headline", Map.of(ResultStore.JMH_FILE, "[]".getBytes(StandardCharsets.UTF_8)));

        assertThat(saved.getFileName()).hasToString("2026-11-22T20-42-05Z-headline");
        assertThat(names(saved)).containsExactly("jmh.json", "results.json");
        assertThat(ResultStore.load(saved)).isEqualTo(run);
        assertThat(ResultStore.load(saved.resolve("results.json"))).isEqualTo(run);
    }

    @Test
    void writesTheFieldsOfTheSchema() {
        assertThat(json(SampleRuns.headline()))
                .contains(
                        "\"schemaVersion\" : 1,",
                        "\"budgetNs\" : 0",
                        "\"stopped\" : \"rounds done\"",
                        "\"technique\" : \"ebpf\"",
                        "\"expected\" : 132000",
                        "\"seen\" : 132000",
                        "\"lost\" : 0",
                        "\"targetCpuNs\"",
                        "\"tracerCpuNs\"",
                        "\"tracerPeakBytes\"",
                        "\"against\" : \"untraced\"",
                        "\"overheadPerCallNs\" : {",
                        "\"ratio\" : {",
                        "\"median\"",
                        "\"low\"",
                        "\"high\"",
                        "\"valid\" : true",
                        "\"fingerprint\"");
    }

    @Test
    void neverOverwritesARun() throws IOException {
        ResultStore store = new ResultStore(directory);
        store.save(SampleRuns.headline(), "headline", Map.of());
        store.save(SampleRuns.headline(), "headline", Map.of());

        assertThat(names(directory))
                .containsExactly("2026-11-22T20-42-05Z-headline", "2026-11-22T20-42-05Z-headline-2");
    }

    @Test
    void removesWhatAKilledProcessLeft() throws IOException {
        long noProcess = 4_194_305; // beyond the kernel's PID_MAX_LIMIT
        Path left = Files.createDirectory(directory.resolve(".writing-" + noProcess + "-run"));
        Files.writeString(left.resolve("results.json"), "{");

        new ResultStore(directory).save(SampleRuns.headline(), "headline", Map.of());

        assertThat(names(directory)).containsExactly("2026-11-22T20-42-05Z-headline");
    }

    @Test
    void saysWhereItCannotWrite() throws IOException {
        Path inTheWay = Files.writeString(directory.resolve("results"), "a file");

        assertThatThrownBy(() -> new ResultStore(inTheWay).save(SampleRuns.headline(), "headline", Map.of()))
                .isInstanceOf(OperationFailed.class)
                .hasMessageContaining(inTheWay.toString())
                .hasMessageNotContaining("\n");
        assertThat(names(directory)).containsExactly("results");
    }

    @Test
    void aMissingFileIsBadInput() {
        assertBadInput("no such file");
    }

    @Test
    void aDirectoryWithoutResultsIsBadInput() {
        assertThatThrownBy(() -> ResultStore.load(directory))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("no such file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n"})
    void anEmptyFileIsBadInput(String content) throws IOException {
        Files.writeString(file, content);
        assertBadInput("empty");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "7", "null", "\"results\""})
    void anythingButAnObjectIsBadInput(String content) throws IOException {
        Files.writeString(file, content);
        assertBadInput("no JSON object");
    }

    @Test
    void aTruncatedFileIsBadInputWhereverItWasCut() throws IOException {
        String whole = json(SampleRuns.headline()).strip();
        for (int length = 1; length < whole.length(); length += 997) {
            Files.writeString(file, whole.substring(0, length));
            assertBadInput("not whole JSON");
        }
    }

    @Test
    void textBehindTheObjectIsBadInput() throws IOException {
        Files.writeString(file, json(SampleRuns.headline()) + "}");
        assertBadInput("not whole JSON");
    }

    @Test
    void binaryDataIsBadInput() throws IOException {
        Files.write(file, new byte[] {0x7f, 'E', 'L', 'F', 0, (byte) 0xff});
        assertBadInput("not whole JSON");
    }

    @Test
    void aNewerSchemaIsBadInput() throws IOException {
        Files.writeString(file, json(SampleRuns.headline()).replace("\"schemaVersion\" : 1", "\"schemaVersion\" : 2"));
        assertBadInput("schema version 2");
    }

    @Test
    void anObjectWithoutSchemaVersionIsBadInput() throws IOException {
        Files.writeString(file, "{}");
        assertBadInput("no \"schemaVersion\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "environment",
                "command",
                "seed",
                "arms",
                "technique",
                "target",
                "calls",
                "rounds",
                "callEvents",
                "targetCpuNs",
                "tracerCpuNs",
                "tracerPeakBytes",
                "comparisons",
                "overheadPerCallNs",
                "ratio",
                "started",
                "cpuModel"
            })
    void aMissingFieldIsBadInput(String field) throws IOException {
        Files.writeString(file, json(SampleRuns.headline()).replaceFirst("\"" + field + "\" :", "\"absent\" :"));
        assertBadInput(field);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-5", "0", "1.5", "\"fast\"", "null", "99999999999999999999"})
    void aBurstThatIsNoDurationIsBadInput(String burst) throws IOException {
        Files.writeString(
                file,
                json(SampleRuns.headline()).replaceFirst("\"rounds\" : \\[ \\[ \\d+", "\"rounds\" : [ [ " + burst));
        assertBadInput("rounds");
    }

    @Test
    void countsThatDoNotAddUpMakeTheRunInvalid() throws IOException {
        Files.writeString(file, json(SampleRuns.flawed()));

        Run run = ResultStore.load(file);

        assertThat(run.valid()).isFalse();
        assertThat(run.arms()).extracting(Arm::valid).containsExactly(true, true, false);
        assertThat(run.warnings())
                .anySatisfy(
                        warning -> assertThat(warning.what())
                                .isEqualTo(
                                        "invalid: arm \"ptrace\" of target calls expected 66000 calls, but 65997 were seen and 0 counted as lost"));
        assertThat(run.warnings())
                .anySatisfy(warning -> assertThat(warning.what())
                        .startsWith("lossy: arm \"ebpf\" of target calls lost 24 of 132000 events"));
    }

    @Test
    void aFileThatClaimsToBeValidIsNotBelieved() throws IOException {
        Files.writeString(file, json(SampleRuns.flawed()).replace("\"valid\" : false", "\"valid\" : true"));

        assertThat(ResultStore.load(file).valid()).isFalse();
    }

    private void assertBadInput(String reason) {
        assertThatThrownBy(() -> ResultStore.load(file))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(reason)
                .hasMessageNotContaining("\n");
    }
}
