package dev.tracetoll.burst;

import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.OperationFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Go program that speaks the burst protocol.
 *
 * @param name what to call it in results: its file name
 * @param path where it is; exists and is executable when the record is made by a factory method
 * @param original the file that it is a copy of; its own path if it is none
 */
public record TargetProgram(String name, Path path, Path original) {

    /** The system property with the directory of the installation. */
    public static final String HOME_PROPERTY = "tracetoll.home";

    private static final String ELSEWHERE = "set TMPDIR to another directory";
    private static final Path BUILT = Path.of("targets", "target", "bin");

    /**
     * One of the targets that come with Tracetoll, or another program by its path.
     *
     * @param nameOrPath a path if it contains a slash, otherwise a name
     * @throws BadInput if there is no such target or it cannot be executed
     */
    public static TargetProgram of(String nameOrPath) {
        return nameOrPath.contains("/") ? at(pathOf(nameOrPath)) : named(nameOrPath);
    }

    /**
     * One of the targets that come with Tracetoll.
     *
     * @throws BadInput if there is none of that name or it has not been built
     */
    public static TargetProgram named(String name) {
        Path directory = home().resolve(BUILT);
        if (name.isEmpty() || name.contains("/") || !Files.isRegularFile(directory.resolve(name))) {
            throw new BadInput("There is no target \"" + name + "\" in " + directory + "; " + whatThereIs(directory));
        }
        return at(directory.resolve(name));
    }

    /** Whether a target of that name comes with Tracetoll and has been built. */
    public static boolean exists(String name) {
        return Files.isRegularFile(home().resolve(BUILT).resolve(name));
    }

    /**
     * The program in that file.
     *
     * @throws BadInput if there is no such file or it cannot be executed
     */
    public static TargetProgram at(Path path) {
        if (!Files.exists(path)) {
            throw new BadInput("The target " + path + " does not exist");
        }
        if (!Files.isRegularFile(path)) {
            throw new BadInput("The target " + path + " is not a regular file");
        }
        if (!Files.isExecutable(path)) {
            throw new BadInput("The target " + path + " is not executable; chmod +x makes it so");
        }
        return new TargetProgram(path.getFileName().toString(), path.toAbsolutePath(), path.toAbsolutePath());
    }

    /**
     * The same program in another file. The kernel keeps the uprobes of all who probe a file together, and asks each of them at every hit: of
     * programs that run at the same time, each needs a file of its own to be traced by one alone.
     *
     * @param directory for the copy; made if need be
     * @throws OperationFailed if it cannot be copied to there, or nothing can be executed there
     */
    public TargetProgram copiedTo(Path directory) {
        Path copy = directory.resolve(name);
        try {
            Files.createDirectories(directory);
            Files.copy(path, copy, StandardCopyOption.COPY_ATTRIBUTES);
        } catch (IOException e) {
            throw new OperationFailed(
                    "The target " + path + " cannot be copied to " + directory + ": " + e.getMessage() + "; "
                            + ELSEWHERE,
                    e);
        }
        if (!Files.isExecutable(copy)) {
            throw new OperationFailed("Nothing can be executed in " + directory + ", which the target " + name
                    + " is copied to; " + ELSEWHERE);
        }
        return new TargetProgram(name, copy, original);
    }

    private static Path home() {
        String home = System.getProperty(HOME_PROPERTY);
        if (home == null || home.isEmpty()) {
            throw new BadInput("The system property " + HOME_PROPERTY
                    + " is not set, so the targets cannot be found; start Tracetoll by ./tracetoll or pass -D"
                    + HOME_PROPERTY + "=DIR");
        }
        return Path.of(home);
    }

    private static Path pathOf(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new BadInput("The target \"" + text + "\" is not a path: " + e.getReason(), e);
        }
    }

    private static String whatThereIs(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            String names =
                    files.map(file -> file.getFileName().toString()).sorted().collect(Collectors.joining(", "));
            return names.isEmpty() ? "build the targets first, with targets/build.sh" : "there are " + names;
        } catch (IOException e) {
            return "that directory cannot be read: build the targets first, with targets/build.sh";
        }
    }
}
