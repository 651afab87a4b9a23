package dev.tracetoll.browser;

import dev.tracetoll.linux.kernel.Feature;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Chromium without a window, started for tests, which reaches no network. Closed, none of its processes and files is left.
 *
 * <p>What is said to it, and what it says, is the <a href="https://chromedevtools.github.io/devtools-protocol/">DevTools protocol</a>.
 */
public final class Browser implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration END = Duration.ofSeconds(10);

    /** Each program that tests of pages run, with its Debian package. */
    private static final Map<String, String> PROGRAMS = Map.of("chromium", "chromium", "pdftotext", "poppler-utils");

    private final Path directory;
    private final Process process;
    private final Thread atExit;
    private final DevTools tools;

    private Browser(Path directory) throws IOException {
        this.directory = directory;
        ProcessBuilder builder = new ProcessBuilder(
                "chromium",
                "--headless",
                // Tests are run as root, in containers too, where its sandbox does not start and /dev/shm is small.
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--hide-scrollbars",
                "--no-first-run",
                "--disable-breakpad",
                "--disable-sync",
                "--disable-extensions",
                "--disable-component-update",
                "--disable-background-networking",
                "--host-resolver-rules=MAP * ~NOTFOUND",
                "--remote-debugging-port=0",
                "--user-data-dir=" + directory.resolve("profile"),
                "about:blank");
        for (String place : List.of("HOME", "TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR")) {
            builder.environment().put(place, directory.toString());
        }
        builder.environment().keySet().removeIf(name -> name.startsWith("DBUS_") || name.equals("DISPLAY"));
        builder.redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile());
        process = builder.start();
        process.getOutputStream().close();
        atExit = new Thread(() -> kill(family()), "end of the browser");
        Runtime.getRuntime().addShutdownHook(atExit);
        try {
            tools = new DevTools(address());
        } catch (IOException | RuntimeException e) {
            end();
            throw e;
        }
    }

    /** Whether there are a browser and what reads PDF. */
    public static Feature feature() {
        String missing = PROGRAMS.keySet().stream()
                .filter(program -> find(program).isEmpty())
                .sorted()
                .map(PROGRAMS::get)
                .collect(Collectors.joining(" "));
        return missing.isEmpty()
                ? Feature.works("looking at pages", String.join(", ", PROGRAMS.keySet()))
                : Feature.fails(
                        "looking at pages",
                        missing + " not installed",
                        "apt-get install -y --no-install-recommends " + missing);
    }

    private static Optional<Path> find(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(place -> Path.of(place).resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Starts one.
     *
     * @throws IllegalStateException if it does not listen within a minute; says what it printed
     */
    public static Browser start() {
        try {
            Path directory = Files.createTempDirectory("browser");
            try {
                return new Browser(directory);
            } catch (IOException | RuntimeException e) {
                remove(directory);
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** It writes the port and the path into a file as soon as it listens. */
    private URI address() throws IOException {
        Path file = directory.resolve("profile").resolve("DevToolsActivePort");
        long deadline = System.nanoTime() + START.toNanos();
        while (true) {
            List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
            if (lines.size() == 2) {
                return URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1));
            }
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IllegalStateException("Chromium does not listen after " + START.toSeconds()
                        + " s, or has ended; it printed: " + Files.readString(directory.resolve("output")));
            }
            pause();
        }
    }

    /** Where it keeps all of its files. */
    Path directory() {
        return directory;
    }

    /** Opens an empty page. */
    public Tab open() {
        String target = tools.send("", "Target.createTarget", Map.of("url", "about:blank"))
                .path("targetId")
                .asText();
        String session = tools.send("", "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .path("sessionId")
                .asText();
        return new Tab(tools, session, target);
    }

    /** What a PDF says, one text a page, laid out as on paper. */
    public List<String> pages(byte[] pdf) {
        try {
            Path file = Files.write(directory.resolve("page.pdf"), pdf);
            Process reader = new ProcessBuilder("pdftotext", "-layout", "-enc", "UTF-8", file.toString(), "-")
                    .redirectErrorStream(true)
                    .start();
            String text = new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exit = reader.onExit().join().exitValue();
            if (exit != 0) {
                throw new IllegalStateException("pdftotext ended with " + exit + ": " + text);
            }
            // Each page ends with a form feed.
            return List.of(text.split("\f"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            end();
        } finally {
            remove(directory);
        }
    }

    /** The browser, and the processes that it started. */
    List<ProcessHandle> family() {
        List<ProcessHandle> family = new ArrayList<>(process.descendants().toList());
        family.add(process.toHandle());
        return family;
    }

    /** Asks it to end, and makes it when it does not. */
    private void end() {
        List<ProcessHandle> family = family();
        process.destroy();
        try {
            if (!process.waitFor(END.toSeconds(), TimeUnit.SECONDS)) {
                family = family();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        kill(family);
        if (tools != null) {
            tools.abort();
        }
        if (Thread.currentThread() != atExit) {
            Runtime.getRuntime().removeShutdownHook(atExit);
        }
    }

    private static void kill(List<ProcessHandle> family) {
        long deadline = System.nanoTime() + END.toNanos();
        family.forEach(ProcessHandle::destroyForcibly);
        while (family.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() < deadline) {
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void remove(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
