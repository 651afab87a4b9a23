package dev.tracetoll.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.launcher.Launch.Outcome;
import dev.tracetoll.testing.OneAtATime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What the README says is true: its short commands run, its files exist. */
@OneAtATime
class ReadmeIT {

    private static final Path HOME = Path.of(System.getProperty("tracetoll.home"));
    /** They take minutes, and CI runs them on their own. */
    private static final List<String> LONG = List.of("bench", "test");

    private static final Pattern LINK = Pattern.compile("]\\(([^):#]+)\\)");

    @TestFactory
    Stream<DynamicTest> itsShortCommandsRun() throws IOException {
        List<List<String>> commands = commands().stream()
                .filter(command -> !LONG.contains(command.get(1)))
                .toList();
        assertThat(commands).hasSizeGreaterThan(3);
        return commands.stream()
                .map(command -> DynamicTest.dynamicTest(String.join(" ", command), () -> {
                    Outcome run = Launch.start(HOME, Map.of("TRACETOLL_BUILT", HOME.toString()), command)
                            .end();
                    assertThat(run.exit()).as(run.err()).isIn(command.contains("doctor") ? List.of(0, 77) : List.of(0));
                    assertThat(run.out()).isNotBlank();
                }));
    }

    @Test
    void itsTwoCommandsAreThoseOfCi() throws IOException {
        String workflow = Files.readString(HOME.resolve(".github/workflows/ci.yml"));
        assertThat(commands())
                .filteredOn(command -> LONG.contains(command.get(1)))
                .hasSize(2)
                .allSatisfy(command -> assertThat(workflow)
                        .containsPattern("run: " + Pattern.quote(String.join(" ", command)) + "( \\|\\| "
                                + Pattern.quote("[ $? -eq 4 ]") + ")?\n"));
    }

    @Test
    void whatItLinksToExists() throws IOException {
        for (String document :
                List.of("README.md", "CONTRIBUTING.md", "docs/troubleshooting.md", "results/README.md")) {
            Path file = HOME.resolve(document);
            Matcher links = LINK.matcher(Files.readString(file));
            while (links.find()) {
                assertThat(file.resolveSibling(links.group(1))).as(document).exists();
            }
        }
    }

    private static List<List<String>> commands() throws IOException {
        List<List<String>> commands = new ArrayList<>();
        for (String line : Files.readAllLines(HOME.resolve("README.md"))) {
            if (line.startsWith("./tracetoll ")) {
                commands.add(List.of(line.split(" ")));
            }
        }
        return commands;
    }
}
