package dev.tracetoll.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.compare.Comparisons;
import dev.tracetoll.experiment.gate.GateExperiment;
import dev.tracetoll.experiment.gate.OperatingCurveScreen;
import dev.tracetoll.experiment.gate.TrialStore;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.ResultStore;
import dev.tracetoll.results.Run;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages of the documentation are what the published figures say; {@code sh docs/publish.sh RUN} makes them again. */
@Tag("long")
class PublishedPagesTest {

    private static final Path HOME = Path.of(System.getProperty("tracetoll.home"));

    private static String document(Experiment experiment, Path results, String name) {
        return new String(experiment.chapter(results).exhibit().documents().get(name), StandardCharsets.UTF_8);
    }

    private static List<Path> published(String name) throws IOException {
        try (Stream<Path> files = Files.walk(HOME.resolve("results/published"), 3)) {
            return files.filter(file -> file.endsWith(name)).toList();
        }
    }

    private static Run newestRun(Predicate<Run> which) throws IOException {
        return published(ResultStore.RESULTS_FILE).stream()
                .map(ResultStore::load)
                .filter(which)
                .max(Comparator.comparing(Run::started))
                .orElseThrow();
    }

    private static void assertPage(String name, String markdown) {
        assertThat(markdown).isEqualTo(read(HOME.resolve("docs").resolve(name + ".md")));
        assertThat(Pattern.compile("(?:src|srcset)=\"([^\"]*)\"")
                        .matcher(markdown)
                        .results())
                .isNotEmpty()
                .allSatisfy(picture -> assertThat(HOME.resolve("docs").resolve(picture.group(1)))
                        .exists());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(file + " cannot be read", e);
        }
    }

    @Test
    void theReadmeSaysWhatItsPictureShows() throws IOException {
        Run newest = newestRun(run ->
                run.arms().stream().noneMatch(Arm::peer) && run.experiment().equals("headline"));
        Map<String, String> bursts = newest.arms().stream()
                .filter(arm -> arm.target().equals("calls"))
                .collect(Collectors.toMap(
                        Arm::name,
                        arm -> HumanUnits.duration(
                                new Comparisons(newest.seed()).burstNs(arm).median())));
        assertThat(read(HOME.resolve("README.md")))
                .contains("A burst of 200 calls: " + bursts.get("untraced") + " untraced, "
                        + bursts.get("inline") + " under inline jumps, " + bursts.get("ebpf-patched")
                        + " under eBPF at patched sites, " + bursts.get("ebpf-arguments") + " under eBPF, "
                        + bursts.get("ebpf") + " with returns, "
                        + bursts.get("ptrace")
                        + " under ptrace, " + bursts.get("ptrace-classic") + " under the classic ptrace of debuggers");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theOperatingCurveIsMadeOfThePublishedTrial(boolean underLoad) throws IOException {
        Path newest = published(TrialStore.TRIAL_FILE).stream()
                .filter(file -> TrialStore.load(file).underLoad() == underLoad)
                .max(Comparator.comparing(file -> TrialStore.load(file).started()))
                .orElseThrow();
        String page = underLoad ? "gate-under-load" : "gate";
        assertPage(page, document(new GateExperiment(), newest, page + ".md"));
        assertThat(OperatingCurveScreen.passed(TrialStore.load(newest)))
                .as("the gate did as it must")
                .isTrue();
    }
}
