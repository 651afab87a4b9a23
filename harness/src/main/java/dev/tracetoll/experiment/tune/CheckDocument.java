package dev.tracetoll.experiment.tune;

import dev.tracetoll.report.EnvironmentLine;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.text.ByteSize;
import dev.tracetoll.text.Cell;
import dev.tracetoll.text.Column;
import dev.tracetoll.text.Lines;
import dev.tracetoll.text.MarkdownTable;
import dev.tracetoll.text.Table;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A check of the model as a part of the documentation, in Markdown. */
public final class CheckDocument {

    /** What its file is called. */
    static final String NAME = "tuning-check";

    private final TuningCheck check;

    /** The page of a check. */
    public CheckDocument(TuningCheck check) {
        this.check = check;
    }

    /** What it comes to. */
    public String summary() {
        return "With the predicted size, " + HumanUnits.percent(check.lossless()) + " of "
                + check.settings().size() * check.runs() + " runs lost nothing; it is at most "
                + TuningCheck.MOST_RATIO + " times the smallest size without loss in "
                + HumanUnits.percent(check.tight()) + " of the settings";
    }

    /** The page. */
    public String markdown() {
        List<String> lines = new ArrayList<>();
        lines.add("# How good the model of `tune` is");
        lines.add("");
        lines.add("This page is made by `" + String.join(" ", check.command()) + "`. " + summary() + ".");
        lines.add("It was measured on " + EnvironmentLine.of(check.environment()) + ".");
        lines.add("");
        lines.add(
                "The settings were drawn at random. Readers were measured with other loads; of the setting itself the model knows when records come. Each size");
        lines.add(
                "had " + check.runs()
                        + " runs; the smallest is the one of which none lost anything and whose half lost something in one of them.");
        lines.add("");
        lines.addAll(MarkdownTable.lines(table()));
        return Lines.joined(lines);
    }

    /** What became of each setting. */
    Table<TuningCheck.Checked> table() {
        return Table.whole(
                check.settings(),
                List.of(
                        Column.name("setting", each -> Cell.of(each.setting())),
                        Column.text("policy", each -> Cell.of(each.policy())),
                        Column.number("predicted", each -> size(each.predicted().orElse(null))),
                        Column.<TuningCheck.Checked>number(
                                        "runs that lost", each -> Cell.of(Integer.toString(each.lossyRuns())))
                                .marked(each -> each.lossyRuns() > 0),
                        Column.number("smallest", each -> size(each.smallest().orElse(null))),
                        Column.number(
                                "ratio",
                                each -> each.ratio()
                                        .map(ratio -> Cell.of(HumanUnits.ratio(ratio)))
                                        .orElse(Cell.NOTHING))));
    }

    private static Cell size(@Nullable Long bytes) {
        return bytes == null ? Cell.NOTHING : Cell.of(ByteSize.inWords(bytes));
    }
}
