package dev.tracetoll.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.linux.file.Deadline;
import dev.tracetoll.linux.process.TaskStatus;
import dev.tracetoll.testing.OneAtATime;
import dev.tracetoll.testing.PeerTools;
import dev.tracetoll.testing.ToolCommand;
import dev.tracetoll.tracing.peer.Peer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A harness that is killed leaves no peer behind, and what it could not delete goes with the next one. */
@OneAtATime
class PeerOrphanIT {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path temporary;

    /** Traces with a peer; says so, and waits to be killed, or ends when told to. */
    public static final class Harness {

        private Harness() {}

        public static void main(String[] arguments) throws IOException {
            Peer peer = Techniques.find(arguments[0]).orElseThrow().peer().orElseThrow();
            try (TracedTarget traced =
                    TargetLauncher.launch(peer.technique(), PeersIT.target(peer), List.of(), event -> {})) {
                traced.burst(1, 10);
                System.out.println("traces");
                System.in.read();
                System.out.println(traced.endPeer().calls());
            }
        }
    }

    static Stream<String> peers() {
        return PeersIT.peers();
    }

    private Process harness(String peer, String... before) throws IOException {
        List<String> command = new ArrayList<>(List.of(before));
        // A session of its own, so that the test's is not what continues stopped orphans.
        command.add("setsid");
        List<String> java = ToolCommand.ofTest(Harness.class, peer);
        command.add(java.get(0));
        command.add("-Djava.io.tmpdir=" + temporary);
        command.addAll(java.subList(1, java.size()));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static BufferedReader output(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @MethodSource("peers")
    void aKilledHarnessLeavesNoPeer(String name) throws Exception {
        PeerTools.require(
                Techniques.find(name).orElseThrow().peer().orElseThrow().tool());
        Process harness = harness(name);
        try {
            assertThat(output(harness).readLine()).isEqualTo("traces");
            List<ProcessHandle> started = harness.descendants()
                    .flatMap(process -> Stream.concat(Stream.of(process), tracer(process).stream()))
                    .distinct()
                    .toList();
            assertThat(started).as("target and peer").hasSizeGreaterThanOrEqualTo(2);
            assertThat(files()).as("the peer's files").isNotEmpty();

            harness.destroyForcibly();

            assertThat(harness.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            Deadline deadline = Deadline.in(LONG);
            while (started.stream().anyMatch(process -> isAlive(process) || hasUprobeEvent(process))) {
                assertThat(deadline.isOver())
                        .as("%s go, with their uprobe events", started)
                        .isFalse();
                Thread.sleep(5);
            }
        } finally {
            harness.descendants().forEach(ProcessHandle::destroyForcibly);
            harness.destroyForcibly();
        }

        Process next = harness(name);
        assertThat(output(next).readLine()).isEqualTo("traces");
        assertThat(files()).as("only the next one's").hasSize(1);
        next.getOutputStream().close();
        assertThat(next.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(files()).isEmpty();
    }

    @Test
    void aRunThatGoesOnKeepsItsFiles() throws Exception {
        PeerTools.require(
                Techniques.find("bpftrace").orElseThrow().peer().orElseThrow().tool());
        Process one = harness("bpftrace");
        Process other = harness("bpftrace");
        try (BufferedReader ofOne = output(one);
                BufferedReader ofOther = output(other)) {
            assertThat(ofOne.readLine()).isEqualTo("traces");
            assertThat(ofOther.readLine()).isEqualTo("traces");
            assertThat(files()).hasSize(2);
            one.getOutputStream().close();
            other.getOutputStream().close();
            assertThat(Long.parseLong(ofOne.readLine())).isGreaterThanOrEqualTo(10);
            assertThat(Long.parseLong(ofOther.readLine())).isGreaterThanOrEqualTo(10);
            assertThat(one.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)
                            && other.waitFor(LONG.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        } finally {
            one.destroyForcibly();
            other.destroyForcibly();
        }
    }

    /** As on a fresh machine; it is unmounted in a mount namespace of the harness's own. */
    @ParameterizedTest
    @MethodSource("peers")
    void whereTracefsIsNotMountedItIsLeftSo(String name) throws Exception {
        PeerTools.require(
                Techniques.find(name).orElseThrow().peer().orElseThrow().tool());
        Process harness = harness(name, "unshare", "--mount", "--propagation", "private", "sh", "-c", """
                umount -R /sys/kernel/debug 2>&-
                ! mountpoint -q /sys/kernel/tracing || umount /sys/kernel/tracing || exit
                "$@" || exit
                grep tracefs /proc/self/mounts
                echo left
                """, "sh");
        try (BufferedReader output = output(harness)) {
            assertThat(output.readLine()).isEqualTo("traces");
            harness.getOutputStream().close();
            assertThat(Long.parseLong(output.readLine())).isGreaterThanOrEqualTo(10);
            assertThat(output.readLine()).isEqualTo("left");
            assertThat(harness.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } finally {
            harness.descendants().forEach(ProcessHandle::destroyForcibly);
            harness.destroyForcibly();
        }
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.startsWith("tracetoll-peer-"))
                    .toList();
        }
    }

    /** One that started the target has made itself nobody's child. */
    private static Optional<ProcessHandle> tracer(ProcessHandle process) {
        return TaskStatus.of((int) process.pid())
                .map(TaskStatus::tracer)
                .filter(pid -> pid > 0)
                .flatMap(pid -> ProcessHandle.of(pid));
    }

    private static boolean hasUprobeEvent(ProcessHandle process) {
        try {
            return PeersIT.uprobeEvents().stream()
                    .anyMatch(line -> line.contains("tracetoll/probed_" + process.pid() + " "));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether it runs or stops; a zombie is nobody's business but that of whoever adopted it. */
    private static boolean isAlive(ProcessHandle process) {
        try {
            return !Files.readString(Path.of("/proc/" + process.pid() + "/stat"))
                    .replaceAll(".*\\) ", "")
                    .startsWith("Z");
        } catch (IOException e) {
            return false;
        }
    }
}
