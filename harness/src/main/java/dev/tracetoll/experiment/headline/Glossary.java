package dev.tracetoll.experiment.headline;

import dev.tracetoll.results.Arm;
import dev.tracetoll.tracing.registry.Insight;
import dev.tracetoll.tracing.registry.TechniqueFacts;
import dev.tracetoll.tracing.registry.TechniqueRegistry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** What the names of techniques mean, from what the registry knows of them. */
final class Glossary {

    private Glossary() {}

    /** An explanation for each technique of a headline, in its order. */
    static Map<String, String> of(Headline headline) {
        return headline.rows().stream()
                .collect(Collectors.toMap(
                        Headline.Row::name,
                        row -> explanation(row.arm().technique()),
                        (one, same) -> one,
                        LinkedHashMap::new));
    }

    private static String explanation(String technique) {
        TechniqueFacts facts = TechniqueRegistry.ALL.facts(technique);
        if (facts.mechanism().isEmpty()) {
            return technique.equals(Arm.UNTRACED) ? "Nobody traces the program." : "Nothing is known of it here.";
        }
        String by = facts.peer() ? "Another tool, run beside ours. " : "";
        String how = facts.mechanism().get().explanation();
        String told = facts.insight()
                .map(Insight::level)
                .map(level -> " It tells " + level.explanation() + ".")
                .orElse(
                        TechniqueRegistry.ALL.isFloor(technique)
                                ? " It tells nothing: it is the floor, the least that this can cost."
                                : " It tells nothing.");
        return by + how + told;
    }
}
