package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What a command must leave as it was. */
final class Surroundings {

    static final Duration LONG = Duration.ofMinutes(2);

    private final Set<String> uprobes = uprobes();

    Surroundings() throws IOException {}

    interface Condition {
        boolean holds() throws Exception;
    }

    static void await(String what, Condition condition) throws Exception {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    /** Checks that no probe and no BPF program of ours is left. What comes later belongs to a test that runs beside this one. */
    void assertUnchanged() throws Exception {
        Set<String> events = uprobes();
        events.removeAll(uprobes);
        await("no uprobe is left", () -> events.isEmpty() || Collections.disjoint(events, uprobes()));
        Set<String> left = bpfPrograms();
        await("no BPF program is left", () -> left.isEmpty() || Collections.disjoint(left, bpfPrograms()));
    }

    /** The numbers of our BPF programs in the kernel. As long as one is attached it is; not every bpftool can tell to what, nor whose. */
    private static Set<String> bpfPrograms() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("bpftool", "prog", "list")
                .redirectErrorStream(true)
                .start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(process.waitFor()).as("bpftool: %s", lines).isZero();
        return lines.stream()
                .filter(line -> line.contains(" name on_"))
                .map(line -> line.substring(0, line.indexOf(':')))
                .collect(Collectors.toSet());
    }

    /** What tracefs knows of uprobes; empty where it is not mounted, as nothing can be in it then. */
    private static Set<String> uprobes() throws IOException {
        Path file = Path.of("/sys/kernel/tracing/uprobe_events");
        try {
            return new HashSet<>(Files.readAllLines(file));
        } catch (NoSuchFileException e) {
            return new HashSet<>();
        }
    }
}
