package dev.tracetoll.report;

import static dev.tracetoll.text.Rendering.HTML;
import static dev.tracetoll.text.Rendering.MARKDOWN;

import dev.tracetoll.results.Arm;
import dev.tracetoll.text.Rendering;
import dev.tracetoll.text.Sentence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The functions that arms trace, with their signatures. Nothing of what results do not tell them of: those of other tools' arms alone, and those that were
 * measured before signatures were stored.
 */
public final class Signatures {

    /** More are folded on a page, and left out elsewhere. */
    private static final int SHOWN = 10;

    /** The programs that have a function of that name and signature. */
    private final Map<String, Set<String>> targets = new LinkedHashMap<>();

    private Signatures(List<Arm> arms) {
        arms.forEach(arm -> arm.signatures()
                .forEach(signature -> targets.computeIfAbsent(signature, any -> new LinkedHashSet<>())
                        .add(arm.target())));
    }

    /** Of some arms, each once, in the order in which they come. */
    public static Signatures of(List<Arm> arms) {
        return new Signatures(arms);
    }

    /** Go, as it built the programs of some arms: {@code Go 1.26.1}. */
    public static String builtBy(List<Arm> arms) {
        return arms.stream()
                .map(arm -> arm.goVersion().replaceFirst("^go", "Go "))
                .distinct()
                .collect(Collectors.joining(", "));
    }

    /**
     * A part of a section; empty if nothing is known.
     *
     * @param words what they are the functions of
     */
    public String section(String words) {
        return targets.isEmpty() ? "" : "<h3>What was traced</h3>\n" + Template.paragraph(words) + html();
    }

    /** A part of a section about arms of several targets of ours; empty if nothing is known. */
    public static String ofTargets(List<Arm> arms) {
        return of(arms).section("functions of our own targets, built by " + builtBy(arms));
    }

    /** A list; empty if nothing is known. */
    public String html() {
        if (targets.isEmpty()) {
            return "";
        }
        String list = items(HTML).stream()
                .map(item -> "<li>" + item + "</li>\n")
                .collect(Collectors.joining("", "<ul>\n", "</ul>\n"));
        return targets.size() <= SHOWN
                ? list
                : "<details>\n<summary>" + HumanUnits.count(targets.size()) + " functions</summary>\n" + list
                        + "</details>\n";
    }

    /**
     * The same for Markdown, with an empty line before it; nothing if nothing is known.
     *
     * @param words what they are the functions of
     */
    public List<String> markdown(String words) {
        List<String> lines = new ArrayList<>();
        if (!targets.isEmpty()) {
            lines.addAll(List.of("", MARKDOWN.escape(Sentence.of(words)), ""));
            items(MARKDOWN).stream().limit(SHOWN).forEach(item -> lines.add("- " + item));
            if (targets.size() > SHOWN) {
                lines.add("- and " + HumanUnits.count(targets.size() - SHOWN) + " more, which the page lists");
            }
        }
        return lines;
    }

    /** GitHub takes this markup in Markdown, too. */
    private List<String> items(Rendering rendering) {
        boolean several = targets.values().stream().distinct().count() > 1;
        return targets.entrySet().stream()
                .map(each -> "<code>" + rendering.escape(each.getKey()) + "</code>"
                        + (several
                                ? " of " + rendering.escape(Sentence.enumeration(List.copyOf(each.getValue())))
                                : ""))
                .toList();
    }
}
