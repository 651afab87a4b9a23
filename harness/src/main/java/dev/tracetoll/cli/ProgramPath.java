package dev.tracetoll.cli;

import dev.tracetoll.problem.BadInput;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Finds programs. */
final class ProgramPath {

    private ProgramPath() {}

    /**
     * As the shell finds it: a name without a slash is looked for on PATH.
     *
     * @throws BadInput if there is none there
     */
    static Path find(String name) {
        if (name.isEmpty()) {
            throw new BadInput("The PROGRAM to launch has an empty name; name the file of a Go program");
        }
        if (name.contains("/")) {
            return Path.of(name);
        }
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, name))
                .filter(Files::isRegularFile)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new BadInput("There is no program " + name + " on PATH"
                        + (Files.exists(Path.of(name)) ? "; did you mean ./" + name + "?" : "")));
    }
}
