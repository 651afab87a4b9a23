package dev.tracetoll.experiment.headline;

import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.text.Cell;
import dev.tracetoll.text.Column;
import dev.tracetoll.text.Table;
import java.util.List;
import java.util.Optional;

/**
 * The figures that this experiment began with, beside those of a run: a program that its author traced with Delve. Which program, how many calls and
 * what machine was never published, so they are nothing to be measured against.
 *
 * @param name of what was traced with, in words
 * @param talkNs as Derek Parker told it in his talk on tracing in Delve, in ns
 * @param writtenNs as he wrote it in <a href="https://github.com/go-delve/delve/pull/2625">Delve's pull request 2625</a>, in ns
 * @param runNs the median burst of the run, in ns; empty if it was not measured
 */
record Story(String name, double talkNs, double writtenNs, Optional<Double> runNs) {

    /** Where the written figures stand. */
    static final String SOURCE = "https://github.com/go-delve/delve/pull/2625";

    private static final double US = 1e3;
    private static final double S = 1e9;

    static List<Story> beside(Headline headline) {
        return List.of(
                new Story("untraced", 20 * US, 23.7 * US, burst(headline, List.of("untraced"))),
                new Story("eBPF", 300 * US, 683.1 * US, burst(headline, List.of("ebpf-arguments", "ebpf"))),
                new Story("ptrace", 2.3 * S, 2.3 * S, burst(headline, List.of("ptrace-classic", "ptrace"))));
    }

    /** Of the first of these techniques that the run has without a flaw. */
    private static Optional<Double> burst(Headline headline, List<String> techniques) {
        return techniques.stream()
                .flatMap(technique -> headline.sound(technique).stream())
                .findFirst()
                .map(row -> row.burstNs().median());
    }

    static Table<Story> table(Headline headline) {
        return Table.whole(
                beside(headline),
                List.of(
                        Column.name("program", story -> Cell.of(story.name())),
                        Column.number("talk", story -> Cell.of(HumanUnits.duration(story.talkNs()))),
                        Column.number("pull request", story -> Cell.of(HumanUnits.duration(story.writtenNs()))),
                        Column.number(
                                "this run",
                                story -> story.runNs()
                                        .map(ns -> Cell.of(HumanUnits.duration(ns)))
                                        .orElse(Cell.NOTHING))));
    }
}
