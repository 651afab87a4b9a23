package dev.tracetoll.cli;

import dev.tracetoll.tracing.peer.PeerTool;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** The programs that Tracetoll builds with, and the tracers it can be compared with. */
final class ToolChecks {

    private static final int AT_ONCE = 4;
    private static final Path MAVEN_LIBRARY = Path.of("..", "lib");

    private final List<Future<Check>> pending = new ArrayList<>();

    private ToolChecks() {}

    /** Starts to ask; on threads of its own, as those of the common pool may be too few to wait on. */
    static ToolChecks start() {
        ToolChecks checks = new ToolChecks();
        checks.ask();
        return checks;
    }

    /** Waits for the answers. */
    List<Check> results() {
        return pending.stream().map(ToolChecks::result).toList();
    }

    private void ask() {
        ExecutorService starters = Executors.newFixedThreadPool(AT_ONCE, ToolChecks::daemon);
        try {
            pending.add(starters.submit(() -> Check.ok(
                    "java",
                    System.getProperty("java.runtime.version") + " (" + System.getProperty("java.home") + ")")));
            // What is installed comes built.
            boolean clone = Files.exists(Invocation.home().resolve("pom.xml"));
            if (clone) {
                pending.add(starters.submit(ToolChecks::maven));
            }
            Set<Path> goes = goes();
            if (goes.isEmpty()) {
                pending.add(starters.submit(() -> clone
                        ? needed("go", "golang-go", Optional.empty())
                        : optional(
                                "go", "bench builds what it measures; apt-get install golang-go", Optional.empty())));
            }
            for (Path go : goes) {
                pending.add(starters.submit(() -> needed(
                        "go",
                        "golang-go",
                        Tool.output(go.toString(), "version")
                                .map(line -> line.replace("go version ", "") + " (" + go + ")"))));
            }
            if (clone) {
                pending.add(starters.submit(() -> needed("clang", "clang", Tool.output("clang", "--version"))));
                pending.add(starters.submit(() -> optional(
                        "bpftool",
                        "only the tests use it; apt-get install bpftool",
                        Tool.output("bpftool", "version"))));
            }
            for (PeerTool tool : PeerTool.values()) {
                pending.add(starters.submit(() -> optional(
                        tool.command(),
                        tool.remedy(),
                        tool.find()
                                .flatMap(path ->
                                        Tool.output(tool.versionCommand().toArray(String[]::new))))));
            }
        } finally {
            starters.shutdown();
        }
    }

    private static Check needed(String name, String debianPackage, Optional<String> version) {
        return version.map(found -> Check.ok(name, found))
                .orElseGet(() -> Check.no(name, "absent", "apt-get install " + debianPackage));
    }

    private static Check optional(String name, String howToGet, Optional<String> version) {
        return version.map(found -> Check.ok(name, found))
                .orElseGet(() -> Check.warn(name, "absent (optional)", howToGet));
    }

    /** By its library's manifest where that is at hand, as Maven takes half a second to say it. */
    private static Check maven() {
        Optional<String> version = onPath("mvn")
                .map(ToolChecks::real)
                .flatMap(mvn -> first(mvn.resolveSibling(MAVEN_LIBRARY), "maven-core-*.jar")
                        .flatMap(ToolChecks::implementationVersion)
                        .map(found -> found + " (" + mvn + ")"));
        return needed("mvn", "maven", version.or(() -> Tool.output("mvn", "-B", "--version")));
    }

    private static Optional<String> implementationVersion(Path jar) {
        try (JarFile archive = new JarFile(jar.toFile())) {
            return Optional.ofNullable(archive.getManifest())
                    .map(manifest -> manifest.getMainAttributes().getValue(Attributes.Name.IMPLEMENTATION_VERSION));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The Go on PATH first, then those in the usual places. */
    private static Set<Path> goes() {
        Set<Path> found = new LinkedHashSet<>();
        Stream.concat(
                        onPath("go").stream(),
                        Stream.concat(Stream.of(Path.of("/usr/local/go/bin/go")), debianGoes().stream()))
                .filter(Files::isExecutable)
                .map(ToolChecks::real)
                .forEach(found::add);
        return found;
    }

    private static List<Path> debianGoes() {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> versions = Files.newDirectoryStream(Path.of("/usr/lib"), "go-*")) {
            versions.forEach(version -> found.add(version.resolve("bin/go")));
        } catch (IOException e) {
            return found;
        }
        return found;
    }

    private static Optional<Path> onPath(String name) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path;
        }
    }

    private static Optional<Path> first(Path directory, String glob) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, glob)) {
            Iterator<Path> each = entries.iterator();
            return each.hasNext() ? Optional.of(each.next()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Check result(Future<Check> pending) {
        try {
            return pending.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while tools were asked for their versions", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "tool versions");
        thread.setDaemon(true);
        return thread;
    }
}
