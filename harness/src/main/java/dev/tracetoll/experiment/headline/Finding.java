package dev.tracetoll.experiment.headline;

import dev.tracetoll.experiment.headline.Headline.Row;
import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.results.Arm;
import dev.tracetoll.results.Comparison;
import dev.tracetoll.stats.Interval;
import dev.tracetoll.text.Sentence;
import dev.tracetoll.tracing.registry.Mechanism;
import dev.tracetoll.tracing.registry.TechniqueFacts;
import dev.tracetoll.tracing.registry.TechniqueRegistry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a workload's headline comes to, in one sentence for a reader who knows none of the techniques' names. It says of one technique what it does to
 * the burst, how much the cheapest one does that works otherwise and tells as much, if that is much less, and the dearest that works otherwise. An arm that lost events, made some up or whose counts do not add up is no
 * evidence of a cost: it is named without its time.
 */
final class Finding {

    /** A ratio below it is told in per cent, for "1.3 times slower" is read in two ways. */
    private static final double TWICE = 2;

    private final Headline headline;
    private final List<Row> sound;
    private final List<Row> unsound;

    private Finding(Headline headline) {
        this.headline = headline;
        List<Row> told = told(headline);
        sound = told.stream()
                .filter(row ->
                        whyUnsound(row.arm()).isEmpty() && row.comparison().isPresent())
                .toList();
        unsound = told.stream().filter(row -> whyUnsound(row.arm()).isPresent()).toList();
    }

    /** The sentence, with a full stop; plain text, whose numbers are written as {@link HumanUnits} does. */
    static String of(Headline headline) {
        return new Finding(headline).sentence();
    }

    /** What somebody would trace with, in the registry's order; if there is none of it, whatever was traced. */
    private static List<Row> told(Headline headline) {
        List<Row> traced =
                headline.rows().stream().filter(row -> !row.arm().untraced()).toList();
        List<Row> ways = traced.stream()
                .filter(row -> row.technique().words().isPresent())
                .sorted(Comparator.comparing(row ->
                        TechniqueRegistry.ALL.names().indexOf(row.technique().name())))
                .toList();
        return ways.isEmpty() ? traced : ways;
    }

    private String sentence() {
        if (sound.isEmpty()) {
            return unsound.isEmpty()
                    ? nothingTraced()
                    : "What watching each call costs, this run does not say: " + reasons() + ".";
        }
        Row first = sound.get(0);
        Optional<Row> second = contrast(first);
        List<String> clauses = new ArrayList<>();
        clauses.add("Watching each " + (facts(first).systemCalls() ? "system call" : "call") + " with " + words(first)
                + " makes this burst " + effect(first, true) + change(first));
        cheaper(first)
                .filter(row -> second.filter(row::equals).isEmpty())
                .ifPresent(row -> clauses.add(clause(row, first)));
        second.ifPresent(row -> clauses.add(clause(row, first)));
        if (!unsound.isEmpty()) {
            clauses.add(reasons());
        }
        return String.join("; ", clauses) + ".";
    }

    private String clause(Row row, Row first) {
        return "with " + words(row) + ", " + effect(row, !(times(first) && times(row)));
    }

    private String nothingTraced() {
        return headline.untraced()
                .map(row ->
                        "Nothing was traced: this burst takes " + HumanUnits.sureDuration(row.burstNs()) + " untraced.")
                .orElse("What tracing costs, this run does not say: nothing ran untraced.");
    }

    /** The dearest that works otherwise than the first; where there is none, the dearest of the others. */
    private Optional<Row> contrast(Row first) {
        List<Row> others = sound.stream().filter(row -> !row.equals(first)).toList();
        List<Row> otherwise = others.stream()
                .filter(row -> !facts(row).mechanism().equals(facts(first).mechanism()))
                .toList();
        return (otherwise.isEmpty() ? others : otherwise)
                .stream().max(Comparator.comparing(row -> row.burstNs().median()));
    }

    /** The cheapest of ours that works otherwise and tells as much from outside the program, if it takes half as long or less. */
    private Optional<Row> cheaper(Row first) {
        TechniqueFacts known = facts(first);
        return sound.stream()
                .filter(row -> row.burstNs().median() <= first.burstNs().median() / TWICE)
                .filter(row -> {
                    TechniqueFacts facts = facts(row);
                    return !facts.peer()
                            && !facts.mechanism().equals(known.mechanism())
                            && facts.mechanism()
                                    .filter(Mechanism.SOURCE::equals)
                                    .isEmpty()
                            && known.insight()
                                    .flatMap(all -> facts.insight().filter(insight -> insight.covers(all)))
                                    .isPresent();
                })
                .min(Comparator.comparing(row -> row.burstNs().median()));
    }

    private static TechniqueFacts facts(Row row) {
        return TechniqueRegistry.ALL.facts(row.arm().technique());
    }

    private static String words(Row row) {
        return facts(row).words().orElse(row.arm().name());
    }

    private static Interval ratio(Row row) {
        return row.comparison().orElseThrow().ratio();
    }

    /** Whether it is told as so many times slower. */
    private boolean times(Row row) {
        return shows(row) && ratio(row).median() >= TWICE;
    }

    /** Whether it is slower for sure, and by more than identical arms differ by. */
    private boolean shows(Row row) {
        Interval overhead = row.comparison().orElseThrow().overheadPerCallNs();
        double noiseNs = headline.noiseFloors().stream()
                .filter(Comparison::untraced)
                .map(Comparison::overheadPerCallNs)
                .mapToDouble(noise -> Math.max(Math.abs(noise.low()), Math.abs(noise.high())))
                .max()
                .orElse(0);
        return ratio(row).low() > 1 && overhead.low() > noiseNs;
    }

    private String effect(Row row, boolean whole) {
        if (!shows(row)) {
            return "no slower that this run could tell";
        }
        String much = times(row) ? HumanUnits.sureTimes(ratio(row)) + " times" : HumanUnits.surePercent(added(row));
        return whole ? much + " slower" : much;
    }

    private static Interval added(Row row) {
        Interval ratio = ratio(row);
        return new Interval(ratio.median() - 1, ratio.low() - 1, ratio.high() - 1);
    }

    /** From which time to which, as {@code (23.7 µs → 1.62 ms)} behind a space. */
    private String change(Row row) {
        String against = row.comparison().orElseThrow().against();
        return headline.rows().stream()
                .filter(other -> shows(row) && other.arm().name().equals(against))
                .findFirst()
                .map(untraced -> " (" + HumanUnits.sureDuration(untraced.burstNs()) + " → "
                        + HumanUnits.sureDuration(row.burstNs()) + ")")
                .orElse("");
    }

    /** Of each arm whose time is no cost why that is so. */
    private String reasons() {
        return unsound.stream()
                        .collect(Collectors.groupingBy(
                                row -> whyUnsound(row.arm()).orElseThrow(),
                                LinkedHashMap::new,
                                Collectors.mapping(Finding::words, Collectors.toList())))
                        .entrySet()
                        .stream()
                        .map(each -> Sentence.enumeration(each.getValue()) + " " + each.getKey())
                        .collect(Collectors.joining(" and "))
                + (sound.isEmpty()
                        ? ""
                        : unsound.size() == 1 ? ", so its time says nothing" : ", so their times say nothing");
    }

    /** Peers included, whatever else of them may be told. */
    private static Optional<String> whyUnsound(Arm arm) {
        return Stream.of(
                        !arm.valid() ? "miscounted" : "",
                        arm.lost() > 0 ? "lost events" : "",
                        arm.wrong() > 0 ? "reported calls that never happened" : "")
                .filter(why -> !why.isEmpty())
                .findFirst();
    }
}
