package dev.tracetoll.experiment.program;

import dev.tracetoll.experiment.RunExperiment;
import dev.tracetoll.report.Exhibit;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Comparison;
import dev.tracetoll.results.Run;
import dev.tracetoll.text.Screen;
import java.util.List;
import java.util.Optional;

/** What does tracing cost a program of somebody's own? Measured by {@code tracetoll bench --function}. */
public final class ProgramExperiment implements RunExperiment {

    /** What it is called in results. */
    public static final String NAME = "program";

    @Override
    public String name() {
        return NAME;
    }

    /** Of a program that something drives, it is what that prints that is compared: a load may last as long whatever comes of it. */
    @Override
    public List<Comparison> comparisons(List<Arm> arms, long seed) {
        return ProgramFigures.printed(arms).isEmpty() ? RunExperiment.super.comparisons(arms, seed) : List.of();
    }

    @Override
    public Optional<String> unfitAsBaseline(Run run) {
        return Optional.of(
                "is of a program of somebody's own, and the gate measures our own; adopt a run of ./tracetoll bench");
    }

    @Override
    public String text(Run run, Screen screen, boolean verbose) {
        return new ProgramScreen(screen).render(run);
    }

    @Override
    public Optional<String> answer(Run run, Screen screen) {
        return Optional.of(new ProgramScreen(screen).renderAnswer(run));
    }

    @Override
    public Exhibit exhibit(Run run) {
        return new ProgramExhibit(new ProgramFigures(run));
    }
}
