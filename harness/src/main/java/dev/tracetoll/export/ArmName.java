package dev.tracetoll.export;

import dev.tracetoll.results.Arm;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What an arm is called in other tools, where it must say by itself what was measured. */
final class ArmName {

    private ArmName() {}

    /** Its parts: target with arguments, function, calls, placement, arm. */
    static List<String> parts(Arm arm) {
        List<String> target = new ArrayList<>(List.of(arm.target()));
        target.addAll(arm.arguments());
        return List.of(
                String.join(" ", target),
                arm.function(),
                Integer.toString(arm.calls()),
                arm.placement().inWords(),
                arm.name());
    }

    /** A text of nothing but letters, digits, dots, hyphens and underscores. */
    static String word(String text) {
        return text.replaceAll("[^A-Za-z0-9_.-]+", "_");
    }

    /** All parts, each a word, with something between them. */
    static String joined(Arm arm, String separator) {
        return String.join(separator, parts(arm).stream().map(ArmName::word).toList());
    }

    /** For the title of what is measured; the first letter a capital, as Go wants it of benchmarks. */
    static String capital(String text) {
        String word = word(text);
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }
}
