package dev.tracetoll.experiment.headline;

import dev.tracetoll.compare.Comparisons;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.results.Arm;
import dev.tracetoll.stats.Interval;
import dev.tracetoll.tracing.registry.Insight;
import dev.tracetoll.tracing.registry.TechniqueRegistry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Other tools beside our own techniques: what each costs, and what that is to the cheapest of ours that tells as much.
 *
 * @param headline the workload
 * @param rows untraced first, then by what they tell and what they cost
 */
record PeerFigures(Headline headline, List<Row> rows) {

    /**
     * A technique.
     *
     * @param of what was measured
     * @param insight what it tells; empty for what tells nothing, and for what this version does not know
     * @param toOurs of a peer: to the cheapest of ours that tells as much
     * @param toStopping of a peer that stops the target: to the cheapest of ours that stops it and tells as much
     */
    record Row(Headline.Row of, Optional<Insight> insight, Optional<Ratio> toOurs, Optional<Ratio> toStopping) {

        /** CPU time of the tracer for each call that counts, in ns. */
        double tracerCpuPerCallNs() {
            Arm arm = of.arm();
            return (double) arm.tracerCpuNs() / arm.calls() / arm.bursts().count();
        }

        /** In a word. */
        String tells() {
            return insight.map(known -> known.level().name().toLowerCase(Locale.ROOT))
                    .orElse(TechniqueRegistry.ALL.find(of.arm().technique()).isPresent() ? "nothing" : "unknown");
        }
    }

    /**
     * What one overhead is to another.
     *
     * @param to the name of the arm that is divided by
     * @param overheads the quotient; empty if the other overhead cannot be told from none
     */
    record Ratio(String to, Optional<Interval> overheads) {

        /** Whether the interval says that it is cheaper than what it is compared with. */
        boolean cheaper() {
            return overheads.filter(ratio -> ratio.high() < 1).isPresent();
        }

        /** Whether the interval leaves open which of the two is cheaper. */
        boolean open() {
            return overheads.isEmpty() || overheads.get().contains(1);
        }

        String median() {
            return overheads.map(ratio -> HumanUnits.ratio(ratio.median())).orElse("?");
        }

        String range() {
            return overheads.map(HumanUnits::ratioRange).orElse("");
        }
    }

    static boolean fits(Headline headline) {
        return headline.rows().stream().anyMatch(row -> row.arm().peer());
    }

    static PeerFigures of(Headline headline) {
        // Each interval is some million draws.
        List<Row> rows = new ArrayList<>(
                headline.rows().parallelStream().map(row -> row(row, headline)).toList());
        rows.sort(Comparator.comparing((Row row) ->
                        row.insight().map(insight -> insight.level().ordinal()).orElse(-1))
                .thenComparing(row -> overheadNs(row.of())));
        return new PeerFigures(headline, List.copyOf(rows));
    }

    private static Row row(Headline.Row row, Headline headline) {
        Optional<Insight> insight = insight(row.arm());
        Optional<Insight> ofPeer = insight.filter(known -> row.arm().peer());
        return new Row(
                row,
                insight,
                ofPeer.flatMap(known -> ratio(row.arm(), headline, ours -> ours.covers(known))),
                ofPeer.filter(Insight::stops)
                        .flatMap(known -> ratio(row.arm(), headline, ours -> ours.stops() && ours.covers(known))));
    }

    private static Optional<Insight> insight(Arm arm) {
        return TechniqueRegistry.ALL.facts(arm.technique()).insight();
    }

    private static double overheadNs(Headline.Row row) {
        return row.comparison().map(of -> of.overheadPerCallNs().median()).orElse(0.0);
    }

    private static Optional<Ratio> ratio(Arm peer, Headline headline, Predicate<Insight> likewise) {
        Optional<Arm> untraced = headline.rows().stream()
                .map(Headline.Row::arm)
                .filter(Arm::untraced)
                .findFirst();
        Optional<Arm> ours = headline.rows().stream()
                .filter(row -> !row.arm().peer()
                        && row.flaw().isEmpty()
                        && row.comparison().isPresent())
                .filter(row -> insight(row.arm()).filter(likewise).isPresent())
                .min(Comparator.comparing(PeerFigures::overheadNs))
                .map(Headline.Row::arm);
        return untraced.flatMap(none -> ours.map(arm ->
                new Ratio(arm.name(), new Comparisons(headline.run().seed()).ratioToFloor(peer, List.of(arm), none))));
    }

    /** With what the peers are compared, and of which of them it cannot be said that ours is cheaper. */
    List<String> findings() {
        List<String> lines = new ArrayList<>();
        lines.add("to ours: the overhead divided by that of the cheapest of ours that tells at least as much: "
                + references());
        rows.forEach(row -> row.toOurs().ifPresent(ratio -> {
            String figures = ratio.overheads().isEmpty() ? "" : ", " + ratio.median() + " (" + ratio.range() + ")";
            if (ratio.cheaper()) {
                lines.add("CHEAPER than ours: " + row.of().arm().name() + " than " + ratio.to() + figures);
            } else if (ratio.open()) {
                lines.add("open which of the two is cheaper: " + row.of().arm().name() + " or " + ratio.to() + figures);
            }
        }));
        return lines;
    }

    private String references() {
        return rows.stream()
                .filter(row -> row.toOurs().isPresent())
                .collect(Collectors.groupingBy(
                        row -> row.toOurs().get().to(),
                        LinkedHashMap::new,
                        Collectors.mapping(row -> row.of().arm().name(), Collectors.joining(", "))))
                .entrySet()
                .stream()
                .map(entry -> entry.getKey() + " for " + entry.getValue())
                .collect(Collectors.joining("; "));
    }
}
