package dev.tracetoll.tracing.peer;

import dev.tracetoll.problem.MachineCannot;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A program that is a peer, or several. All are optional. */
public enum PeerTool {
    DELVE("dlv", "run: sh targets/delve.sh") {
        /** In the version that {@code targets/delve.sh} builds, whichever is on PATH. */
        @Override
        public Optional<Path> find() {
            return delveVersion()
                    .map(version -> home().resolve("targets/target/tools/dlv-" + version))
                    .filter(Files::isExecutable);
        }

        @Override
        public List<String> versionCommand() {
            return List.of("sh", delveScript().toString(), "--version");
        }
    },
    BPFTRACE("bpftrace", "run: apt-get install bpftrace"),
    PERF("perf", "run: apt-get install linux-perf"),
    GDB("gdb", "run: apt-get install gdb"),
    STRACE("strace", "run: apt-get install strace");

    private static final Pattern DELVE_VERSION = Pattern.compile("^version=(\\S+)$", Pattern.MULTILINE);

    private final String command;
    private final String remedy;

    PeerTool(String command, String remedy) {
        this.command = command;
        this.remedy = remedy;
    }

    /** What it is called. */
    public String command() {
        return command;
    }

    /** What makes it be there. */
    public String remedy() {
        return remedy;
    }

    /** Where it is; empty if it is not there. */
    public Optional<Path> find() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, command))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Where it is.
     *
     * @throws MachineCannot if it is not there
     */
    public Path require() {
        return find().orElseThrow(
                        () -> new MachineCannot("Tracing with " + command, command + " is not installed", remedy));
    }

    /** A command that prints its version, if it is there, in its first line. */
    public List<String> versionCommand() {
        return List.of(command, "--version");
    }

    private static Optional<String> delveVersion() {
        try {
            Matcher line = DELVE_VERSION.matcher(new String(Files.readAllBytes(delveScript()), StandardCharsets.UTF_8));
            return line.find() ? Optional.of(line.group(1)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Path delveScript() {
        return home().resolve("targets/delve.sh");
    }

    private static Path home() {
        return Path.of(System.getProperty("tracetoll.home", "."));
    }
}
