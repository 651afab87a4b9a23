package dev.tracetoll.golang;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.testing.GoBuilds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A toolchain that builds programs for tests.
 *
 * @param name for people
 * @param command the Go command; empty for the newest installed
 * @param toolchain what {@code GOTOOLCHAIN} brings through the module proxy; empty for an installed one
 */
public record GoRelease(String name, String command, String toolchain) {

    public static final GoRelease OLDEST = new GoRelease("oldest", "/usr/lib/go-1.19/bin/go", "");
    public static final GoRelease NEWEST = new GoRelease("newest", "", "");
    /** The last release of each minor version between the two. */
    private static final List<String> BETWEEN =
            List.of("go1.21.13", "go1.22.12", "go1.23.12", "go1.24.13", "go1.25.14");

    private static final Path HOME = Path.of(System.getProperty("tracetoll.home"));

    /** Those to test with: the oldest and the newest, all with {@code -Dtracetoll.test.go=all}. */
    public static Stream<GoRelease> tested() {
        Stream<String> between =
                "all".equals(System.getProperty("tracetoll.test.go")) ? BETWEEN.stream() : Stream.empty();
        return Stream.concat(Stream.of(OLDEST, NEWEST), between.map(version -> new GoRelease(version, "", version)));
    }

    /** Builds a package below {@code harness/src/test/go}, or the standard library's command of that name. */
    public Path build(Path directory, String program, String... flags) {
        return build(Map.of("CGO_ENABLED", "0"), directory, program, flags);
    }

    /** Builds with more of the environment set. */
    public Path build(Map<String, String> environment, Path directory, String program, String... flags) {
        boolean standard = program.startsWith("cmd/");
        Path binary = directory.resolve(program.replace('/', '-') + "-" + name + "-"
                + String.join("", flags).replaceAll("\\W+", "-"));
        List<String> arguments = new ArrayList<>(List.of(flags));
        arguments.add(standard ? program : ".");
        Map<String, String> settings =
                new HashMap<>(Map.of("GOENV", "off", "GOFLAGS", "", "GOWORK", "off", "GOTOOLCHAIN", "local"));
        settings.putAll(environment);
        GoBuilds.build(
                List.of(go()),
                settings,
                standard ? HOME : HOME.resolve("harness/src/test/go").resolve(program),
                arguments,
                binary);
        assertThat(binary).exists();
        return binary;
    }

    /** The Go command. */
    public String go() {
        if (!toolchain.isEmpty()) {
            return output(Map.of("GOTOOLCHAIN", toolchain), HOME, List.of(NEWEST.go(), "env", "GOROOT")) + "/bin/go";
        }
        return command.isEmpty()
                ? output(
                                Map.of(),
                                HOME,
                                List.of("sh", HOME.resolve("targets/go.sh").toString(), "env", "GOROOT")) + "/bin/go"
                : command;
    }

    private static String output(Map<String, String> environment, Path directory, List<String> command) {
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
            builder.environment().putAll(environment);
            Process process = builder.start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            assertThat(process.waitFor())
                    .as("exit code of %s, which said: %s", command, said)
                    .isZero();
            return said.substring(said.lastIndexOf('\n') + 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
