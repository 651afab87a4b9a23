package dev.tracetoll.tracing.peer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The kernel's tracefs, for tools that read it. Where nobody has mounted it, a tool gets it in a mount namespace of its own, which ends
 * with the tool: the machine is left as it was, also by tools that would mount it themselves, and also where somebody is killed.
 */
final class Tracefs {

    private static final Path USUAL = Path.of("/sys/kernel/tracing");
    private static final Path OLDER = Path.of("/sys/kernel/debug/tracing");

    /** What the namespace mounts is seen by nobody else; see unshare(1). */
    private static final List<String> MOUNTING = List.of(
            "/usr/bin/env",
            "unshare",
            "--mount",
            "--propagation",
            "private",
            "--",
            "/bin/sh",
            "-c",
            "mount -t tracefs none " + USUAL + " && exec \"$@\"",
            "sh");

    private Tracefs() {}

    private static Optional<Path> mounted() {
        return Stream.of(USUAL, OLDER)
                .filter(root -> Files.isDirectory(root.resolve("events")))
                .findFirst();
    }

    /** Where it is for a command made by {@link #seenBy}. */
    static Path root() {
        return mounted().orElse(USUAL);
    }

    /** A command that becomes the given one, in the same process, and sees tracefs. */
    static List<String> seenBy(List<String> command) {
        if (mounted().isPresent()) {
            return command;
        }
        List<String> all = new ArrayList<>(MOUNTING);
        all.addAll(command);
        return all;
    }
}
