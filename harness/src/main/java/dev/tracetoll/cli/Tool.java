package dev.tracetoll.cli;

import dev.tracetoll.environment.ToolVersion;
import dev.tracetoll.linux.features.NativeLibraries;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Asks other programs of this machine one short question. */
final class Tool {

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private Tool() {}

    /** The first line that a command prints, if it exists, ends well and ends soon. */
    static Optional<String> output(String... command) {
        return ToolVersion.of(List.of(command), DEADLINE);
    }

    /** What takes part in every measurement, by name, with its version. */
    static Map<String, String> libraries() {
        Map<String, String> tools = new TreeMap<>();
        NativeLibraries.all().forEach(library -> tools.put(library.name(), library.detail()));
        output("clang", "--version").ifPresent(version -> tools.put("clang", version));
        return tools;
    }
}
