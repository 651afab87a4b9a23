package dev.tracetoll.experiment.headline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.results.Run;
import dev.tracetoll.results.SampleRuns;
import java.util.List;
import org.junit.jupiter.api.Test;

class BaselineFitnessTest {

    private static final HeadlineExperiment HEADLINE = new HeadlineExperiment();

    @Test
    void othersAreComparedWithAWholeRun() {
        assertThat(HEADLINE.unfitAsBaseline(SampleRuns.headline())).isEmpty();
    }

    @Test
    void refusesRunsThatNothingShouldBeComparedWith() {
        refused(SampleRuns.flawed(), "\"ebpf\"", "lost 24 of 132000 events", "--calls");
        refused(
                SampleRuns.run(List.of(
                        SampleRuns.flawed().arms().get(0),
                        SampleRuns.flawed().arms().get(2))),
                "invalid",
                "\"ptrace\"",
                "measure again");
        refused(
                SampleRuns.run(SampleRuns.headline().arms().stream()
                        .map(arm -> arm.rounds(0, 4))
                        .toList()),
                "4 rounds of at least 5",
                "--rounds");
        refused(SampleRuns.run(SampleRuns.headline().arms().subList(0, 3)), "untraced twice");
        refused(
                SampleRuns.run(List.of(
                        SampleRuns.headline().arms().get(0),
                        SampleRuns.headline().arms().get(3))),
                "--technique");
    }

    private static void refused(Run run, String... words) {
        assertThat(HEADLINE.unfitAsBaseline(run))
                .hasValueSatisfying(why -> assertThat(why).contains(words).doesNotContain("\n"));
    }
}
