package dev.tracetoll.experiment.headline;

import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.results.Comparison;
import dev.tracetoll.text.Cell;
import dev.tracetoll.text.Column;
import dev.tracetoll.text.Table;
import dev.tracetoll.tracing.registry.Mechanism;
import dev.tracetoll.tracing.registry.TechniqueFacts;
import dev.tracetoll.tracing.registry.TechniqueRegistry;
import java.util.List;
import java.util.Optional;

/**
 * What the headline would be on a machine where the kernel's single step costs what was published for bare metal. A return's {@code ret} must be
 * stepped, which is dear where a hypervisor takes the debug exception first. It is computed, not measured: of each burst under eBPF with returns, the
 * step that was measured is taken out and the published one put in.
 *
 * @param stepNs what a stepped site cost more than an emulated one in this run, in ns
 * @param rows what changes
 */
record BareMetal(double stepNs, List<Row> rows) {

    /**
     * A uprobe on {@code ret}, which is stepped, and one on {@code push}, which is emulated, in ns: 911 and 329, of the kernel's own benchmark
     * ({@code tools/testing/selftests/bpf/benchs/bench_trigger.c}) on bare metal, as its authors published them.
     */
    static final double PUBLISHED_RET_NS = 911;

    static final double PUBLISHED_PUSH_NS = 329;

    private static final String EMPTY = "ebpf-empty";
    private static final String BOTH_EMPTY = "ebpf-empty-returns";

    /**
     * A technique.
     *
     * @param measured as it was
     * @param burstNs the burst as computed, in ns
     * @param ratio to the untraced burst, likewise
     */
    record Row(Headline.Row measured, double burstNs, double ratio) {}

    /** Empty where the run does not say what a step costs. */
    static Optional<BareMetal> of(Headline headline) {
        Optional<Double> entry = overhead(headline, EMPTY);
        Optional<Double> both = overhead(headline, BOTH_EMPTY);
        Optional<Double> untraced = headline.untraced().map(row -> row.burstNs().median());
        if (entry.isEmpty() || both.isEmpty() || untraced.isEmpty()) {
            return Optional.empty();
        }
        double step = both.get() - 2 * entry.get();
        double saved = step - (PUBLISHED_RET_NS - PUBLISHED_PUSH_NS);
        List<Row> rows = headline.rows().stream()
                .filter(row ->
                        steps(row) && row.flaw().isEmpty() && row.comparison().isPresent())
                .map(row -> {
                    double burst =
                            row.burstNs().median() - saved * headline.workload().calls();
                    return new Row(row, burst, burst / untraced.get());
                })
                .filter(row -> row.burstNs() > untraced.get())
                .toList();
        return step > 0 && !rows.isEmpty() ? Optional.of(new BareMetal(step, rows)) : Optional.empty();
    }

    /** Whether the kernel steps over one instruction of each call. */
    private static boolean steps(Headline.Row row) {
        TechniqueFacts facts = TechniqueRegistry.ALL.facts(row.arm().technique());
        return facts.mechanism().filter(Mechanism.EBPF::equals).isPresent()
                && facts.returns()
                && !facts.atEntry()
                && !facts.peer()
                && !row.floor();
    }

    private static Optional<Double> overhead(Headline headline, String technique) {
        return headline.sound(technique)
                .flatMap(Headline.Row::comparison)
                .map(Comparison::overheadPerCallNs)
                .map(overhead -> overhead.median());
    }

    /** In words what is different here. */
    String difference() {
        return "In this run the kernel's step over a return costs "
                + HumanUnits.duration(stepNs) + " more than a site that it emulates; published for bare metal are "
                + HumanUnits.duration(PUBLISHED_RET_NS - PUBLISHED_PUSH_NS) + " ("
                + HumanUnits.duration(PUBLISHED_RET_NS)
                + " for a return, " + HumanUnits.duration(PUBLISHED_PUSH_NS) + " for a push)";
    }

    Table<Row> table() {
        return Table.whole(
                rows,
                List.of(
                        Column.name("technique", row -> Cell.of(row.measured().name())),
                        Column.number(
                                "burst, measured",
                                row -> Cell.of(HumanUnits.duration(
                                        row.measured().burstNs().median()))),
                        Column.number("burst, computed", row -> Cell.of(HumanUnits.duration(row.burstNs()))),
                        Column.number("ratio, computed", row -> Cell.of(HumanUnits.ratio(row.ratio())))));
    }
}
