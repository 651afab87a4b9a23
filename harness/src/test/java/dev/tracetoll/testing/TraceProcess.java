package dev.tracetoll.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** {@code tracetoll trace} in a process of its own, as a user runs it. */
public final class TraceProcess {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long BETWEEN_LOOKS_MS = 10;

    private TraceProcess() {}

    /** Something to wait for. */
    public interface Condition {
        boolean holds() throws Exception;
    }

    /** Starts it; its standard output and error go to the files {@code out} and {@code err} in a directory. */
    public static Process start(Path directory, List<String> arguments) throws IOException {
        return new ProcessBuilder(ToolCommand.trace(arguments))
                .redirectOutput(directory.resolve("out").toFile())
                .redirectError(directory.resolve("err").toFile())
                .start();
    }

    /** Waits for a condition. */
    public static void await(String what, Condition condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("still time for %s", what).isLessThan(deadline);
            Thread.sleep(BETWEEN_LOOKS_MS);
        }
    }

    /** Whether there is memory of a tracer in a process that jumps lead to. */
    public static boolean hasJumps(long pid) throws IOException {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "maps"))
                    .contains("/memfd:tracetoll-");
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Whether it has attached probes to a process by eBPF, and not to itself, to find out what the kernel can do. Kernels before 6.17 do not say whose they are. */
    public static boolean isProbing(Process tracer, long pid) throws IOException {
        try (DirectoryStream<Path> descriptors =
                Files.newDirectoryStream(Path.of("/proc", Long.toString(tracer.pid()), "fd"))) {
            for (Path each : descriptors) {
                try {
                    if (Files.readSymbolicLink(each).toString().equals("anon_inode:bpf_link")
                            && isOf(
                                    pid,
                                    Files.readString(Path.of("/proc", Long.toString(tracer.pid()), "fdinfo")
                                            .resolve(each.getFileName())))) {
                        return true;
                    }
                } catch (NoSuchFileException e) {
                    // Closed meanwhile.
                }
            }
            return false;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static boolean isOf(long pid, String link) {
        return link.contains("\npid:\t" + pid + "\n") || link.contains("uprobe_multi") && !link.contains("\npid:");
    }

    /** Sends a signal by its number. */
    public static void signal(long pid, int signal) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                        .start()
                        .waitFor())
                .as("kill -%d %d", signal, pid)
                .isZero();
    }
}
