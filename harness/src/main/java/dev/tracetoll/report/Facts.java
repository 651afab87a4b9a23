package dev.tracetoll.report;

import static dev.tracetoll.text.Rendering.HTML;

import dev.tracetoll.environment.Environment;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Everything that is known of where and how something was measured. */
final class Facts {

    private Facts() {}

    /** As the entries of a list of descriptions. */
    static String html(Provenance provenance) {
        return of(provenance).entrySet().stream()
                .map(fact ->
                        "<dt>" + HTML.escape(fact.getKey()) + "</dt><dd>" + HTML.escape(fact.getValue()) + "</dd>\n")
                .collect(Collectors.joining());
    }

    private static Map<String, String> of(Provenance provenance) {
        Environment environment = provenance.environment();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("CPU", environment.cpuModel() + ", " + environment.cpus() + " online, " + environment.architecture());
        facts.put("Hypervisor", environment.hypervisor());
        facts.put("Memory", HumanUnits.bytes(environment.memoryBytes()));
        facts.put("Frequency governor", environment.governor());
        facts.put("Clock source", environment.clockSource());
        facts.put("Kernel", environment.kernelRelease() + " " + environment.kernelVersion());
        facts.put(
                "Boot flags",
                environment.bootFlags().isEmpty() ? "none that matter" : String.join(" ", environment.bootFlags()));
        facts.put("Operating system", environment.operatingSystem());
        facts.put("Go", environment.goVersion());
        facts.put("Java", environment.jdk());
        facts.putAll(environment.tools());
        facts.put(
                "Load average",
                String.format(
                        Locale.ROOT,
                        "%.2f at the start, %.2f at the end",
                        environment.atStart().loadAverage(),
                        environment.atEnd().loadAverage()));
        facts.put(
                "Stolen by the hypervisor",
                String.format(
                        Locale.ROOT,
                        "%.2f %% of the CPU time",
                        100 * environment.atEnd().stealShareSince(environment.atStart())));
        facts.put(
                "Used by other programs",
                String.format(
                        Locale.ROOT,
                        "%.2f %% of the CPU time",
                        100 * environment.atEnd().othersShareSince(environment.atStart())));
        facts.put(
                "Mitigations",
                environment.mitigations().entrySet().stream()
                        .filter(entry -> !entry.getValue().equals("Not affected"))
                        .map(entry -> entry.getKey() + ": " + entry.getValue())
                        .collect(Collectors.joining("; ")));
        facts.put("Fingerprint", environment.fingerprint());
        facts.put(
                "Tracetoll",
                provenance.tracetoll().version() + ", commit "
                        + provenance.tracetoll().commit());
        facts.put("Started", provenance.started().toString());
        facts.put("Seed", Long.toString(provenance.seed()));
        facts.putAll(provenance.facts());
        return facts;
    }
}
