package dev.tracetoll.experiment.predict;

import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.text.ByteSize;
import dev.tracetoll.text.Cell;
import dev.tracetoll.text.Column;
import dev.tracetoll.text.Screen;
import dev.tracetoll.text.Table;
import dev.tracetoll.text.TerminalTable;
import dev.tracetoll.tracing.Technique;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A prediction on a terminal. */
public final class PredictionScreen {

    private static final int MOST_PARTS = 10;
    private static final double SECOND_NS = 1e9;

    /**
     * The ring buffer that events need under ebpf, by the model of {@code tune}.
     *
     * @param bytes its size; empty if none is large enough
     * @param recordBytes what an event takes of it, on average
     * @param bytesPerSecond what comes
     */
    public record Ring(OptionalInt bytes, double recordBytes, double bytesPerSecond) {

        private String inWords() {
            return "Events under ebpf take "
                    + HumanUnits.bytes(Math.round(recordBytes)) + " each, "
                    + HumanUnits.bytes(Math.round(bytesPerSecond)) + " a second; ring buffer needed: "
                    + (bytes.isPresent()
                            ? ByteSize.inWords(bytes.getAsInt()) + " (trace --ring-size "
                                    + ByteSize.typed(bytes.getAsInt()) + ")"
                            : "none is large enough, choose fewer functions, or trace --sample")
                    + ", by the model of tracetoll tune at the present rate.";
        }
    }

    private final Screen screen;

    public PredictionScreen(Screen screen) {
        this.screen = screen;
    }

    /**
     * The text, with a line end behind each line.
     *
     * @param program what people call it
     * @param ring the ring buffer that is needed; empty if that is not known, as no event came while their sizes were read
     */
    public String render(String program, Prediction prediction, Optional<Ring> ring) {
        List<String> lines = new ArrayList<>();
        lines.add(screen.style().bold("What tracing would cost " + program));
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
        lines.addAll(screen.wrapped(
                ring.map(Ring::inWords)
                        .orElse(
                                "How large a ring buffer must be is not known, as no event came while their sizes were read."),
                ""));
        lines.addAll(screen.wrapped(basis(prediction), ""));
        return screen.text(lines);
    }

    private static String seen(Prediction prediction) {
        Load load = prediction.load();
        return HumanUnits.count((double) prediction.census().calls()) + " calls in "
                + HumanUnits.duration((double) prediction.census().wallNs()) + ", "
                + HumanUnits.number(prediction.callsPerSecond()) + " a second; the program kept "
                + HumanUnits.number(load.programCpus()) + " of " + load.cpus() + " CPUs busy, the machine "
                + HumanUnits.number(load.busyCpus())
                + (load.computing()
                        ? load.full()
                                ? ": nothing is left of it"
                                : load.saturated() ? ", and what drives it takes turns with it" : ""
                        : ": it waits, so that what tracing adds takes nothing from its throughput as long as CPUs are idle "
                                + "and nobody waits for an answer before the next question");
    }

    private static Table<Prediction.Line> techniques(Prediction prediction) {
        return Table.whole(
                prediction.lines(),
                List.of(
                        Column.name(
                                "technique", line -> Cell.of(line.technique().name())),
                        Column.number(
                                "added a second",
                                line -> Cell.of(HumanUnits.duration(line.added().held() * SECOND_NS))),
                        Column.number(
                                "share of a core",
                                line -> Cell.of(HumanUnits.percent(line.added().cpu()))),
                        Column.number(
                                "tracer's",
                                line -> Cell.of(HumanUnits.percent(line.added().tracer()))),
                        Column.number(
                                "throughput lost",
                                line -> Cell.of(HumanUnits.percent(line.lost().loss()))),
                        Column.name("used up", line -> Cell.of(line.lost().by().words())),
                        Column.number("events a second", line -> Cell.of(HumanUnits.number(line.eventsPerSecond())))));
    }

    private static Table<Prediction.Part> functions(List<Prediction.Part> parts) {
        return Table.whole(
                parts,
                List.of(
                        Column.name("function, under ebpf", part -> Cell.of(part.function())),
                        Column.name("its sites", part -> Cell.of(part.sites())),
                        Column.number("calls a second", part -> Cell.of(HumanUnits.number(part.callsPerSecond()))),
                        Column.number("added to a call", part -> Cell.of(HumanUnits.duration(part.callNs()))),
                        Column.number("of all", part -> Cell.of(HumanUnits.percent(part.share()))),
                        Column.number("lost without it", part -> Cell.of(HumanUnits.percent(part.lossWithout())))));
    }

    private static String basis(Prediction prediction) {
        return "Computed from prices of this machine, measured on "
                + prediction.prices().started().toString().substring(0, 10)
                + " (--measure does it anew), and the calls that were counted; only the first events were traced, for their sizes. "
                + "tracetoll bench --function measures what is computed here, and shows both.";
    }
}
