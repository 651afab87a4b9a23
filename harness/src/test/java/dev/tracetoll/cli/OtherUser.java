package dev.tracetoll.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Commands as a user without privileges runs them, but for some that it was given; as the user of the tests where that is no administrator. */
final class OtherUser {

    static final boolean ROOT = System.getProperty("user.name").equals("root");
    private static final String ID = "65534";

    private final String classPath;

    /** @param directory below which the user may read everything */
    OtherUser(Path directory) throws IOException {
        Path classes = Files.setPosixFilePermissions(
                Files.createDirectory(directory.resolve("classes")), PosixFilePermissions.fromString("rwxr-xr-x"));
        classPath = readableClassPath(classes);
    }

    /** What comes before a command for the user to run it with some capabilities, as {@code bpf}. */
    static List<String> with(Collection<String> capabilities) {
        if (!ROOT) {
            return List.of();
        }
        List<String> words = new ArrayList<>(List.of("setpriv", "--reuid=" + ID, "--regid=" + ID, "--clear-groups"));
        if (!capabilities.isEmpty()) {
            String all = capabilities.stream().map(each -> "+" + each).collect(Collectors.joining(","));
            words.addAll(List.of("--inh-caps", all, "--ambient-caps", all));
        }
        return words;
    }

    /** The command that runs {@code tracetoll} so. */
    List<String> tracetoll(Collection<String> capabilities, String... arguments) {
        List<String> command = new ArrayList<>(with(capabilities));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                classPath,
                Main.class.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static String readableClassPath(Path directory) throws IOException {
        List<Path> copies = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(":")) {
            Path from = Path.of(entry);
            Path to = directory.resolve(copies.size() + "-" + from.getFileName());
            if (Files.exists(from)) {
                copy(from, to);
                copies.add(to);
            }
            // What is not Java lies beside the classes.
            Path natives = from.resolveSibling("native");
            if (Files.isDirectory(from) && Files.isDirectory(natives) && !Files.exists(directory.resolve("native"))) {
                copy(natives, directory.resolve("native"));
            }
        }
        return copies.stream().map(Path::toString).collect(Collectors.joining(":"));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path copy = from.equals(file) ? to : to.resolve(from.relativize(file));
                Files.copy(file, copy);
                Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
    }
}
