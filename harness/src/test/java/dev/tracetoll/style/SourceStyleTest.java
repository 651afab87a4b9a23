package dev.tracetoll.style;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is not written in Java is laid out by the formatter of its language, and its shell scripts are checked. */
class SourceStyleTest {

    private static final Path HOME = Path.of(System.getProperty("tracetoll.home"));
    private static final List<Path> ROOTS = Stream.of("bpf", "targets", "harness/src", "docs", "packaging", ".ci")
            .map(HOME::resolve)
            .toList();

    @Test
    void cIsLaidOutByClangFormat() throws Exception {
        assertHasNothingToSay(
                List.of("clang-format", "--dry-run", "-Werror"),
                sources(file -> file.endsWith(".c") || file.endsWith(".h")));
    }

    @Test
    void goIsLaidOutByGofmt() throws Exception {
        String root = said(List.of("sh", HOME.resolve("targets/go.sh").toString(), "env", "GOROOT"))
                .strip();
        assertHasNothingToSay(List.of(root + "/bin/gofmt", "-l"), sources(file -> file.endsWith(".go")));
    }

    @Test
    void shellcheckHasNothingToSay() throws Exception {
        List<String> scripts = sources(file -> file.endsWith(".sh") || file.endsWith("/.ci/run"));
        scripts.add(HOME.resolve("tracetoll").toString());
        assertHasNothingToSay(List.of("shellcheck"), scripts);
    }

    private static List<String> sources(Predicate<String> wanted) throws IOException {
        List<String> sources = new ArrayList<>();
        for (Path root : ROOTS) {
            try (Stream<Path> files = Files.walk(root)) {
                files.filter(file -> !HOME.relativize(file).toString().matches("(bpf|targets|packaging)/target/.*"))
                        .filter(Files::isRegularFile)
                        .map(Path::toString)
                        .filter(wanted)
                        .forEach(sources::add);
            }
        }
        assertThat(sources).isNotEmpty();
        return sources;
    }

    private static void assertHasNothingToSay(List<String> checker, List<String> files) throws Exception {
        List<String> command = new ArrayList<>(checker);
        command.addAll(files);
        boolean isThere = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(place -> Files.isExecutable(Path.of(place).resolve(checker.get(0))));
        assumeTrue(isThere || Boolean.parseBoolean(System.getenv("CI")), () -> checker.get(0) + " is not here");
        assertThat(said(command)).as(String.join(" ", checker)).isEmpty();
    }

    private static String said(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s: %s", command, said).isZero();
        return said;
    }
}
