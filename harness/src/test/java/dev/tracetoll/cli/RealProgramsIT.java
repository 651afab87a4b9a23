package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.testing.NeedsPtrace;
import dev.tracetoll.testing.NeedsRealPrograms;
import dev.tracetoll.testing.OneAtATime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Programs that nobody here wrote, at their own work: Debian's packages of fzf, age and gocryptfs, all stripped. How often their functions
 * are called, and with what in which register, follows from what they are asked to do.
 */
@OneAtATime
@NeedsEbpf
@NeedsPtrace
@NeedsRealPrograms
class RealProgramsIT {

    private static final String RAW = "tracetoll: no DWARF: arguments and results of ";

    @TempDir
    private Path directory;

    private Surroundings surroundings;

    @BeforeEach
    void rememberSurroundings() throws IOException {
        surroundings = new Surroundings();
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        surroundings.assertUnchanged();
    }

    private static List<Long> words(List<JsonNode> values) {
        return values.stream().map(JsonNode::asLong).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ebpf", "ptrace"})
    void fzfLooksAtEveryLineOnce(String backend) throws Exception {
        int lines = 3000;
        Path input = Files.writeString(
                directory.resolve("lines"),
                IntStream.rangeClosed(1, lines)
                        .mapToObj(Integer::toString)
                        .collect(Collectors.joining("\n", "", "\n")));
        TracedRun.Runner runs = new TracedRun.Runner(directory, input);
        List<String> command = List.of("/usr/bin/fzf", "--no-sort", "--filter", "77");
        TracedRun alone = runs.alone(command);
        TracedRun traced = runs.traced(
                backend,
                "fzf/src\\.\\(\\*Pattern\\)\\.MatchItem$|fzf/src\\.buildResult$|algo\\.FuzzyMatchV2$",
                command);

        assertThat(traced.out()).isEqualTo(alone.out());
        assertThat(traced.exitCode()).isEqualTo(alone.exitCode());
        assertThat(traced.err()).isEqualTo(RAW + "3 functions are raw registers\n" + alone.err());
        List<String> matches = IntStream.rangeClosed(1, lines)
                .mapToObj(Integer::toString)
                .filter(each -> each.matches(".*7.*7.*"))
                .toList();
        assertThat(new String(alone.out(), StandardCharsets.UTF_8).lines())
                .containsExactlyInAnyOrderElementsOf(matches);
        assertThat(traced.calls("github.com/junegunn/fzf/src.(*Pattern).MatchItem"))
                .hasSize(lines);
        assertThat(traced.returns("github.com/junegunn/fzf/src.(*Pattern).MatchItem"))
                .hasSize(lines);
        assertThat(traced.calls("github.com/junegunn/fzf/src.buildResult")).hasSize(matches.size());
        // FuzzyMatchV2(caseSensitive, normalize, forward bool, input *Chars, pattern []rune, ...): the pattern's length
        // is in R8.
        assertThat(words(traced.argument("github.com/junegunn/fzf/src/algo.FuzzyMatchV2", "R8")))
                .hasSize(lines)
                .containsOnly(2L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ebpf", "ptrace"})
    void ageSealsAndOpensEveryChunkOnce(String backend) throws Exception {
        byte[] secret = new byte[1_000_000];
        new Random(1).nextBytes(secret);
        Path plain = Files.write(directory.resolve("plain"), secret);
        TracedRun.Runner runs = new TracedRun.Runner(directory, plain);
        String age = "/usr/bin/age";
        TracedRun key = runs.alone(List.of("/usr/bin/age-keygen"));
        String recipient = key.err().replaceFirst("(?s).*Public key: (\\S+).*", "$1");
        Path identity = Files.write(directory.resolve("key"), key.out());
        // A chunk is 64 KiB: https://age-encryption.org/v1, section "Payload".
        int chunks = (secret.length + 65535) / 65536;

        TracedRun encrypted = runs.traced(
                backend,
                "age/internal/stream\\.\\(\\*Writer\\)\\.flushChunk$|\\.\\(\\*chacha20poly1305\\)\\.Seal$",
                List.of(age, "--encrypt", "--recipient", recipient, "--output", "sealed"));
        assertThat(encrypted.exitCode()).isZero();
        assertThat(encrypted.err()).isEqualTo(RAW + "2 functions are raw registers\n");
        String flush = "filippo.io/age/internal/stream.(*Writer).flushChunk";
        assertThat(encrypted.calls(flush)).hasSize(chunks);
        // flushChunk(last bool) of a *Writer: only the low byte of a register is a bool's.
        assertThat(words(encrypted.argument(flush, "RBX")))
                .extracting(word -> word & 0xff)
                .isEqualTo(IntStream.rangeClosed(1, chunks)
                        .mapToObj(i -> i == chunks ? 1L : 0L)
                        .toList());
        // Once more for the key of the file, which is wrapped for the recipient.
        assertThat(encrypted.calls("golang.org/x/crypto/chacha20poly1305.(*chacha20poly1305).Seal"))
                .hasSize(chunks + 1);

        List<String> decrypt = List.of(age, "--decrypt", "--identity", identity.toString(), "sealed");
        assertThat(runs.alone(decrypt).out())
                .as("what was sealed under the tracer opens without it")
                .isEqualTo(secret);
        TracedRun decrypted = runs.traced(
                backend,
                "age/internal/stream\\.\\(\\*Reader\\)\\.readChunk$|\\.\\(\\*chacha20poly1305\\)\\.Open$",
                decrypt);
        assertThat(decrypted.out()).isEqualTo(secret);
        assertThat(decrypted.exitCode()).isZero();
        assertThat(decrypted.returns("filippo.io/age/internal/stream.(*Reader).readChunk"))
                .hasSize(chunks);
        assertThat(decrypted.returns("golang.org/x/crypto/chacha20poly1305.(*chacha20poly1305).Open"))
                .hasSize(chunks + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ebpf", "ptrace"})
    void gocryptfsDerivesItsKeyAsItWasTold(String backend) throws Exception {
        String password = "correct horse";
        Path file = Files.writeString(directory.resolve("password"), password);
        Path encrypted = Files.createDirectory(directory.resolve("encrypted"));
        TracedRun.Runner runs = new TracedRun.Runner(directory, Path.of("/dev/null"));
        TracedRun traced = runs.traced(
                backend,
                "x/crypto/scrypt\\.(Key|smix|blockMix)$|^main\\.(main|initDir)$",
                List.of(
                        "/usr/bin/gocryptfs",
                        "-q",
                        "-init",
                        "-scryptn",
                        "10",
                        "-passfile",
                        file.toString(),
                        encrypted.toString()));

        assertThat(traced.exitCode()).isZero();
        assertThat(traced.out()).isEmpty();
        assertThat(traced.err()).isEqualTo(RAW + "5 functions are raw registers\n");
        assertThat(encrypted.resolve("gocryptfs.conf")).isNotEmptyFile();
        // Key(password, salt []byte, N, r, p, keyLen int): keyLen has no register left.
        String key = "golang.org/x/crypto/scrypt.Key";
        assertThat(words(traced.argument(key, "RBX")))
                .as("length of the password")
                .containsExactly((long) password.length());
        assertThat(words(traced.argument(key, "R9"))).as("N").containsExactly(1L << 10);
        assertThat(words(traced.argument(key, "R10"))).as("r").containsExactly(8L);
        assertThat(words(traced.argument(key, "R11"))).as("p").containsExactly(1L);
        assertThat(traced.calls("golang.org/x/crypto/scrypt.smix")).hasSize(1);
        assertThat(traced.returns("golang.org/x/crypto/scrypt.blockMix"))
                .as("twice for each of the N blocks")
                .hasSize(2 << 10);
        assertThat(traced.returns("main.initDir")).hasSize(1);
        assertThat(traced.events())
                .filteredOn(event -> event.get("event").asText().equals("noReturn"))
                .singleElement()
                .satisfies(end -> {
                    assertThat(end.get("function").asText()).isEqualTo("main.main");
                    assertThat(end.get("why").asText()).isEqualTo("exit");
                });
    }
}
