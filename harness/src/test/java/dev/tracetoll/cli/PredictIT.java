package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.GoProgram;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.testing.NeedsPtrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NeedsEbpf
@NeedsPtrace
@BesideOthers
class PredictIT {

    @TempDir
    private static Path shared;

    private static Path own;

    private static Path whoami;

    @BeforeAll
    static void build() throws Exception {
        own = GoProgram.build("own", shared);
        whoami = GoProgram.build("whoami", shared);
    }

    private static ToolServer.Ended predict(Object... arguments) {
        List<String> all = new ArrayList<>(List.of("predict", "--out", shared.toString(), "--no-progress"));
        Stream.of(arguments).map(Object::toString).forEach(all::add);
        return ToolServer.run(all, shared);
    }

    /** Prices are measured once; after that counting takes what it is told to. */
    @Test
    void foretellsFromCountsAndPrices() throws IOException {
        ToolServer.Ended first = predict("-f", "^main.work$", "--", own, "-calls", 20_000);
        assertThat(first.exitCode()).as(first.errors()).isZero();
        assertThat(first.errors()).contains("measuring what a call costs on this machine");
        assertThat(first.text())
                .contains("20\u202f000 calls in ")
                .containsPattern("(?m)^inline +\\S+ .s ")
                .containsPattern("(?m)^ebpf-patched ")
                .containsPattern("(?m)^ebpf ")
                .containsPattern("(?m)^ptrace ")
                .containsPattern("ring buffer needed:\\s+\\d+ [KM]iB");

        ToolServer.Ended again = predict("-f", "^main.work$", "-f", "^main.main$", "--", own, "-calls", 20_000);
        assertThat(again.exitCode()).as(again.errors()).isZero();
        assertThat(again.errors()).doesNotContain("measuring");
        assertThat(again.text()).contains("20\u202f001 calls in ").containsPattern("(?m)^main.work +");
        try (Stream<Path> results = Files.list(shared.resolve("results"))) {
            assertThat(results).hasSize(1);
        }

        ToolServer.Ended left = predict("-f", "^main.(work|check)$", "--", own, "-calls", 20_000);
        assertThat(left.exitCode()).as(left.errors()).isZero();
        assertThat(left.errors()).contains("inline leaves main.check to eBPF, whole or in part, at eBPF's price\n");
        ToolServer.Ended all = predict("-f", "^main.check$", "--", own);
        assertThat(all.errors()).contains("inline is left out: nothing would be traced inline: main.check: ");
        assertThat(all.text()).containsPattern("(?m)^ebpf ").doesNotContainPattern("(?m)^inline ");

        ToolServer.Ended measured = ToolServer.run(
                List.of(
                        "bench",
                        "--out",
                        shared.toString(),
                        "--no-progress",
                        "-f",
                        "^main.work$",
                        "--technique",
                        "inline",
                        "--rounds",
                        "1",
                        "--warmup",
                        "0",
                        "--",
                        own.toString(),
                        "-calls",
                        "20000"),
                shared);
        assertThat(measured.exitCode()).as(measured.errors()).isZero();
        assertThat(measured.text()).as("with prices that are kept").contains("foretold");

        assertLaunchesAsWhoIsNamed();

        ToolServer.Ended nothing = predict("-f", "^main.work$", "--", own, "-calls", 0);
        assertThat(nothing.exitCode()).isEqualTo(4);
        assertThat(nothing.errors()).contains("was called within", "--duration");
    }

    private static void assertLaunchesAsWhoIsNamed() throws IOException {
        if (!OtherUser.ROOT) {
            return;
        }
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path made = shared.resolve("made");
        ToolServer.Ended other = predict("--user", "nobody", "-f", "^main.told$", "--", whoami, made);
        assertThat(other.exitCode()).as(other.errors()).isZero();
        assertThat(Files.getOwner(made).getName()).isEqualTo("nobody");
    }

    @Test
    void nonsenseIsRefusedInOneLine() {
        for (List<Object> wrong : List.<List<Object>>of(
                List.of("give a PROGRAM", "-f", "x"),
                List.of("either --pid or a PROGRAM", "-f", "x", "--pid", 1, "--", own),
                List.of("--user is for a PROGRAM", "-f", "x", "--user", "nobody", "--pid", 1),
                List.of("No function of", "-f", "main.nothing", "--", own),
                List.of("no regular expression|is not a regular expression", "-f", "(", "--", own))) {
            ToolServer.Ended ended = predict(wrong.subList(1, wrong.size()).toArray());
            assertThat(ended.exitCode()).as(wrong + ended.errors()).isEqualTo(2);
            assertThat(ended.errors()).containsPattern((String) wrong.get(0));
        }
    }
}
