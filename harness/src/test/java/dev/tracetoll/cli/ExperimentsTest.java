package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.experiment.Experiment;
import dev.tracetoll.experiment.Extent;
import dev.tracetoll.experiment.OwnOption;
import dev.tracetoll.experiment.RunExperiment;
import dev.tracetoll.experiment.gate.TrialStore;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.results.ResultStore;
import dev.tracetoll.results.Run;
import dev.tracetoll.results.SampleRuns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExperimentsTest {

    @TempDir
    private Path directory;

    private Path save(Run run) {
        return new ResultStore(directory).save(run, run.experiment(), Map.of());
    }

    @Test
    void noNameAndNoOptionMeansTwoThings() {
        assertThat(Experiments.ALL).extracting(Experiment::name).doesNotHaveDuplicates();
        assertThat(Experiments.OF_BENCH.stream()
                        .flatMap(each -> each.extents().stream())
                        .map(Extent::option))
                .doesNotHaveDuplicates();
        assertThat(Experiments.OF_BENCH.stream()
                        .flatMap(each -> each.options().stream())
                        .map(OwnOption::name))
                .doesNotHaveDuplicates();
    }

    @Test
    void resultsBelongToTheExperimentThatTheyName() throws IOException {
        for (Run run : new Run[] {SampleRuns.headline(), SampleRuns.ladder(), SampleRuns.growth()}) {
            assertThat(Experiments.read(save(run)).experiment().name()).isEqualTo(run.experiment());
        }
        Path trial = Files.createFile(directory.resolve(TrialStore.TRIAL_FILE));
        assertThat(Experiments.withOwnFile(trial).orElseThrow().name()).isEqualTo("gate");
        assertThat(Experiments.withOwnFile(directory).orElseThrow().name()).isEqualTo("gate");
    }

    @Test
    void resultsOfNoExperimentAreRefused() throws IOException {
        Path results = save(SampleRuns.headline()).resolve(ResultStore.RESULTS_FILE);
        Files.writeString(results, Files.readString(results).replace("\"headline\"", "\"something\""));

        assertThatThrownBy(() -> Experiments.read(results))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining(results.toString())
                .hasMessageContaining("\"something\"");
    }

    @Test
    void onlyRunsThatCompareTechniquesAreComparedWithLaterOnes() {
        assertThat(ofRun(SampleRuns.headline()).unfitAsBaseline(SampleRuns.headline()))
                .isEmpty();
        assertThat(ofRun(SampleRuns.ladder()).unfitAsBaseline(SampleRuns.ladder()))
                .get()
                .asString()
                .contains("--ladder");
        assertThat(ofRun(SampleRuns.growth()).unfitAsBaseline(SampleRuns.growth()))
                .get()
                .asString()
                .contains("--growth");
    }

    private RunExperiment ofRun(Run run) {
        Path stored = save(run);
        return Experiments.of(ResultStore.load(stored), stored);
    }
}
