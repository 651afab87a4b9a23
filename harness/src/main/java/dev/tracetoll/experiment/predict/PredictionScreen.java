package dev.tracetoll.experiment.predict;

import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.text.Cell;
import dev.tracetoll.text.Column;
import dev.tracetoll.text.Screen;
import dev.tracetoll.text.Table;
import dev.tracetoll.text.TerminalTable;
import dev.tracetoll.tracing.Technique;
import java.util.ArrayList;
import java.util.List;

/** A prediction on a terminal. */
public final class PredictionScreen {

    private static final int MOST_PARTS = 10;
    private static final double SECOND_NS = 1e9;

    private final Screen screen;

    public PredictionScreen(Screen screen) {
        this.screen = screen;
    }

    /** The text, with a line end behind each line. */
    public String render(Prediction prediction) {
        List<String> lines = new ArrayList<>();
        lines.add(screen.style().bold("What tracing would cost " + prediction.program()));
        lines.addAll(screen.wrapped(seen(prediction), ""));
        lines.add("");
        lines.addAll(new TerminalTable<>(techniques(prediction), screen).lines());
        List<Prediction.Part> parts = prediction.parts(Technique.EBPF);
        if (parts.size() > 1) {
            lines.add("");
            lines.addAll(new TerminalTable<>(functions(parts.subList(0, Math.min(MOST_PARTS, parts.size()))), screen)
                    .lines());
            if (parts.size() > MOST_PARTS) {
                lines.add("and " + HumanUnits.count((double) parts.size() - MOST_PARTS) + " more functions");
            }
        }
        lines.add("");
        lines.addAll(screen.wrapped(basis(prediction), ""));
        return screen.text(lines);
    }

    private static String seen(Prediction prediction) {
        Load load = prediction.load();
        return HumanUnits.count((double) prediction.census().calls()) + " calls in "
                + HumanUnits.duration((double) prediction.census().wallNs()) + ", "
                + HumanUnits.number(prediction.callsPerSecond()) + " a second; the program kept "
                + HumanUnits.number(load.programCpus()) + " of " + load.cpus() + " CPUs busy, the machine "
                + HumanUnits.percent(load.busyShare())
                + (load.computing()
                        ? load.saturated() ? ": nothing is left of it" : ""
                        : ": it waits, so that what tracing adds takes nothing from its throughput as long as CPUs are idle");
    }

    private static Table<Prediction.Line> techniques(Prediction prediction) {
        return Table.whole(
                prediction.lines(),
                List.of(
                        Column.name(
                                "technique", line -> Cell.of(line.technique().name())),
                        Column.number("added a second", line -> Cell.of(HumanUnits.duration(line.added() * SECOND_NS))),
                        Column.number("share of a core", line -> Cell.of(HumanUnits.percent(line.added()))),
                        Column.number("tracer's", line -> Cell.of(HumanUnits.percent(line.tracer()))),
                        Column.number("throughput lost", line -> Cell.of(HumanUnits.percent(line.loss()))),
                        Column.number("events a second", line -> Cell.of(HumanUnits.number(line.eventsPerSecond())))));
    }

    private static Table<Prediction.Part> functions(List<Prediction.Part> parts) {
        return Table.whole(
                parts,
                List.of(
                        Column.name("function, under ebpf", part -> Cell.of(part.function())),
                        Column.number("calls a second", part -> Cell.of(HumanUnits.number(part.callsPerSecond()))),
                        Column.number("added to a call", part -> Cell.of(HumanUnits.duration(part.callNs()))),
                        Column.number("of all", part -> Cell.of(HumanUnits.percent(part.share()))),
                        Column.number("lost without it", part -> Cell.of(HumanUnits.percent(part.lossWithout())))));
    }

    private static String basis(Prediction prediction) {
        return "Computed from prices of this machine, measured on "
                + prediction.prices().started().toString().substring(0, 10)
                + " (--measure does it anew), and the calls that were counted; nothing was traced. "
                + "tracetoll tune says how large a ring buffer must be, tracetoll bench --function measures what is computed here.";
    }
}
