package dev.tracetoll.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.launcher.Launch.Outcome;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.testing.OneAtATime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What the README says is true: its short commands run, its files exist. */
@OneAtATime
class ReadmeIT {

    private static final Path HOME = Path.of(System.getProperty("tracetoll.home"));
    /** They take minutes, and CI runs them on their own. */
    private static final List<String> LONG = List.of("bench", "test");

    /** What they print is of the machine that they run on. */
    private static final List<String> OF_THE_MACHINE = List.of("baseline", "bench", "tune");
    /** What a command exits with that could not find out, as the machine is or was too busy. */
    private static final int INCONCLUSIVE = 4;

    /** Stands for lines that are left out. */
    private static final String AND_SO_ON = "…";
    /** What is different each time: when a call was made, and how long it took. */
    private static final Pattern VARYING = Pattern.compile("\\b\\d\\d:\\d\\d:\\d\\d\\.\\d{6}\\b|<[\\d.]+ .s>");

    private static final Pattern LINK = Pattern.compile("]\\(([^):#]+)\\)");

    @TempDir
    private static Path directory;

    @TestFactory
    Stream<DynamicTest> itsShortCommandsRun() throws IOException {
        List<List<String>> commands = commands().stream()
                .filter(command -> !LONG.contains(command.get(1)))
                .toList();
        assertThat(commands).hasSizeGreaterThan(3);
        return commands.stream()
                .map(command -> DynamicTest.dynamicTest(String.join(" ", command), () -> {
                    Outcome run = launched(shorter(command));
                    assertThat(run.exit()).as("%s", run).isIn(command.contains("doctor") ? List.of(0, 77) : List.of(0));
                    assertThat(run.out()).isNotBlank();
                }));
    }

    private static Outcome launched(List<String> command) throws Exception {
        return Launch.start(HOME, Map.of("TRACETOLL_BUILT", HOME.toString()), command)
                .end();
    }

    /** All that is published is verified where that is compared with what is made of it; here it is a report of a part of that. */
    private static List<String> shorter(List<String> command) throws Exception {
        String published = "reports/published";
        if (!command.contains(published)) {
            return command;
        }
        Path report = directory.resolve("report");
        Outcome made =
                launched(List.of("sh", "-c", "./tracetoll report --out " + report + " results/published/*/*-gate"));
        assertThat(made.exit()).as("%s", made).isZero();
        return command.stream()
                .map(word -> word.equals(published) ? report.toString() : word)
                .toList();
    }

    /**
     * Commands and what they print.
     *
     * @param lines what is shown of it
     */
    private record Shown(String command, List<String> lines) {

        /** Whether what is shown ends so. */
        boolean isInconclusive() {
            return lines.stream().anyMatch(line -> line.startsWith("inconclusive: "));
        }

        boolean ofTheMachine() {
            return OF_THE_MACHINE.stream().anyMatch(each -> command.contains("./tracetoll " + each));
        }
    }

    @NeedsEbpf
    @TestFactory
    Stream<DynamicTest> whatItShowsIsWhatIsPrinted() throws IOException {
        List<Shown> all = shown();
        assertThat(all).hasSizeGreaterThan(3);
        return all.stream()
                .map(each -> DynamicTest.dynamicTest(each.command, () -> {
                    // One command leaves a file to the next; what is of the machine need not be asked for as long here.
                    String command = each.command
                            .replace("calls.txt", directory.resolve("calls.txt").toString())
                            .replace("-requests 5000", "-requests 1000")
                            .replace("--out advice", "--out " + directory.resolve("advice"));
                    Outcome run = launched(List.of("sh", "-c", command));
                    if (each.ofTheMachine()) {
                        assertThat(run.exit()).as("%s", run).isIn(0, INCONCLUSIVE);
                        assertThat(run.out() + run.err()).isNotBlank();
                        return;
                    }
                    assertThat(run.exit()).as("%s", run).isEqualTo(each.isInconclusive() ? INCONCLUSIVE : 0);
                    assertThat(steady(run.out()))
                            .matches(steady(String.join("\n", each.lines) + "\n")
                                    .lines()
                                    .map(line -> line.equals(AND_SO_ON) ? "(?:.*\\n)*" : Pattern.quote(line) + "\\n")
                                    .collect(Collectors.joining()));
                }));
    }

    private static String steady(String text) {
        return text.isBlank() ? "" : VARYING.matcher(text).replaceAll("then");
    }

    private static List<Shown> shown() throws IOException {
        List<Shown> all = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(HOME.resolve("README.md"))) {
            if (line.startsWith("```")) {
                inside = line.equals("```console");
            } else if (inside && line.startsWith("# ")) {
                all.add(new Shown(line.substring(2), new ArrayList<>()));
            } else if (inside) {
                all.get(all.size() - 1).lines.add(line);
            }
        }
        return all;
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
