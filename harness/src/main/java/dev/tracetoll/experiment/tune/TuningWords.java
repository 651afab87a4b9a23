package dev.tracetoll.experiment.tune;

import dev.tracetoll.report.HumanUnits;
import dev.tracetoll.text.ByteSize;
import dev.tracetoll.text.Table;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a tuning found, in sentences. */
final class TuningWords {

    private final Tuning tuning;

    TuningWords(Tuning tuning) {
        this.tuning = tuning;
    }

    /** The finding. */
    String title() {
        return tuning.advice()
                .map(advice -> ByteSize.inWords(advice.bytes()) + " hold " + tuning.setting())
                .orElse("No buffer that was tried holds " + tuning.setting());
    }

    /** What is advised, and what it costs. */
    String advice() {
        return tuning.advice()
                .map(advice -> "Advised: " + advice.asPolicy().inWords() + ", " + ByteSize.inWords(advice.bytes())
                        + ". It adds "
                        + HumanUnits.duration(Math.max(0, advice.overheadNs().median()))
                        + " to a call, and records wait "
                        + HumanUnits.duration(advice.latencyNs().p50()) + ", 999 of 1000 no longer than "
                        + HumanUnits.duration(advice.latencyNs().p999()) + ". Nothing of "
                        + HumanUnits.count((double) advice.calls()) + " was lost.")
                .orElse("The reader is too slow for what comes, or "
                        + (tuning.mostLatencyNs() == null
                                ? "no size is large enough"
                                : "records wait longer than "
                                        + HumanUnits.duration(
                                                tuning.mostLatencyNs().doubleValue()))
                        + ": trace fewer functions, or make records smaller.");
    }

    /** What was foreseen of the advice beside what was measured when it was tried once more. */
    Optional<Table<VerifiedColumns.Line>> verification() {
        return tuning.advice()
                .flatMap(advice ->
                        Optional.ofNullable(tuning.verified()).map(again -> VerifiedColumns.table(advice, again)));
    }

    /** As options of trace; empty where it has none of them. */
    List<String> options() {
        return tuning.advice()
                .flatMap(advice -> advice.asPolicy().asOptions((int) advice.bytes()))
                .map(options -> List.of("tracetoll trace " + options + " …"))
                .orElse(List.of());
    }

    /** How it was measured. */
    String method() {
        return String.format(
                Locale.ROOT,
                "%s rounds, policies in random order; untraced, the program made %s calls/s and a call takes %s, to which the probe alone adds %s; every size holds %s times what is needed by the model",
                tuning.rounds(),
                HumanUnits.number(tuning.callsPerSecond()),
                HumanUnits.duration(tuning.untracedNsACall().median()),
                HumanUnits.duration(Math.max(0, tuning.probeNs().median())),
                tuning.safety());
    }

    /** The settings of tools for the size that is advised. */
    List<ToolSettings.Line> tools() {
        return tuning.advice()
                .map(advice -> ToolSettings.of(
                        advice.bytes(), Math.max(1, tuning.environment().cpus()), tuning.recordBytes() + 8))
                .orElse(List.of());
    }
}
