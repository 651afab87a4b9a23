package dev.tracetoll.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tracetoll.burst.TargetProgram;
import dev.tracetoll.linux.elf.ElfFile;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.testing.Alone;
import dev.tracetoll.testing.PeerTools;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.peer.Peer;
import dev.tracetoll.tracing.peer.PeerTool;
import dev.tracetoll.tracing.peer.Peers;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every peer that is there traces, tells what it saw, and leaves nothing behind. */
@Alone
class PeersIT {

    private static final int BURSTS = 2;
    private static final int CALLS = 10;

    static Stream<String> peers() {
        return Peers.ALL.stream().map(peer -> peer.technique().name());
    }

    private static Peer peer(String name) {
        Peer found = Techniques.find(name).orElseThrow().peer().orElseThrow();
        PeerTools.require(found.tool());
        return found;
    }

    static TargetProgram target(Peer peer) {
        return TargetProgram.named(peer.systemCalls() ? "writes" : "silent");
    }

    @ParameterizedTest
    @MethodSource("peers")
    void tracesAndTells(String name) throws IOException {
        Peer peer = peer(name);
        Set<Long> before = descendants();
        List<String> eventsBefore = uprobeEvents();
        Set<String> filesBefore = temporaryFiles();
        try (TracedTarget traced = TargetLauncher.launch(peer.technique(), target(peer), List.of(), event -> {})) {
            TracedTarget.Measured measured = traced.burst(BURSTS, CALLS);
            assertThat(measured.burst().bursts().count()).isEqualTo(BURSTS);
            assertThat(measured.tracerCpuNs()).isNotNegative();
            assertThat(traced.tracerPeakBytes()).isPositive();

            TraceCounts counts = traced.endPeer();

            // Where the stack grows or the thread is preempted in the prologue, tools that probe the first instruction
            // see it twice.
            long made = (long) BURSTS * CALLS;
            // It was seen to miss one of twenty, on a busy machine; what another tool loses is its own affair.
            long missed = name.equals("perf-trace") ? made / 10 : 0;
            assertThat(counts.calls()).as("calls seen by " + name).isBetween(made - missed, 2 * made);
            long returns = peer.returns() ? made : 0;
            assertThat(counts.returns())
                    .as("returns seen by " + name)
                    .isBetween(Math.max(0, returns - missed), returns);
            assertThat(counts.lost()).isZero();
            if (!peer.launches()) {
                assertThat(traced.target().burst(1, CALLS).callsMade())
                        .as("calls of the target that runs on")
                        .isEqualTo(CALLS);
                assertThat(breakpoints(traced)).as("patched bytes").isZero();
            }
        }
        assertThat(descendants()).as("processes").isSubsetOf(before);
        assertThat(temporaryFiles()).as("temporary files").isSubsetOf(filesBefore);
        assertThat(uprobeEvents()).as("uprobe events").isSubsetOf(eventsBefore);
    }

    @ParameterizedTest
    @MethodSource("peers")
    void leavesNothingWhereTheTargetIsGone(String name) throws IOException {
        Peer peer = peer(name);
        Set<Long> before = descendants();
        List<String> eventsBefore = uprobeEvents();
        Throwable problem = catchThrowable(() -> {
            try (TracedTarget traced = TargetLauncher.launch(peer.technique(), target(peer), List.of(), event -> {})) {
                traced.burst(1, CALLS);
                traced.target().finish();
            }
        });

        // Whether the tool can still tell what it saw is its own affair; it must not stay.
        if (problem != null) {
            assertThat(problem).isInstanceOf(OperationFailed.class).hasMessageContaining(name);
        }
        assertThat(descendants()).as("processes").isSubsetOf(before);
        assertThat(uprobeEvents()).as("uprobe events").isSubsetOf(eventsBefore);
    }

    @Test
    void aPeerThatCannotTraceAFunctionSaysWhy() throws IOException {
        PeerTools.require(PeerTool.DELVE);
        Set<Long> before = descendants();

        assertThatThrownBy(() -> TargetLauncher.launch(
                        Techniques.named("dlv-ebpf"), TargetProgram.named("text"), List.of(), event -> {}))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("dlv-ebpf cannot trace main.probed of text")
                .hasMessageContaining("empty OP stack");

        assertThat(descendants()).isSubsetOf(before);
    }

    @Test
    void theChoiceTriesEachAndSaysWhyItIsNot() {
        PeerTools.require(PeerTool.DELVE);
        PeerChoice choice = new PeerChoice(absent -> {});

        List<String> chosen = choice.on("text").stream().map(Object::toString).toList();

        assertThat(chosen).contains("dlv").doesNotContain("dlv-ebpf", "strace");
        assertThat(choice.absent())
                .anySatisfy(absent -> assertThat(absent.what())
                        .contains("dlv-ebpf was not measured on target text", "empty OP stack"));
    }

    private static Set<Long> descendants() {
        return ProcessHandle.current()
                .descendants()
                .filter(ProcessHandle::isAlive)
                .map(ProcessHandle::pid)
                .collect(Collectors.toSet());
    }

    private static Set<String> temporaryFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.startsWith("tracetoll-peer-"))
                    .collect(Collectors.toSet());
        }
    }

    static List<String> uprobeEvents() throws IOException {
        Path events = Path.of("/sys/kernel/tracing/uprobe_events");
        return Files.isReadable(events) ? Files.readAllLines(events) : List.of();
    }

    /** How many bytes of the probed function are not those of the program's file. */
    private static int breakpoints(TracedTarget traced) throws IOException {
        String path = traced.target().program().path().toString();
        try (ElfFile elf = ElfFile.open(Path.of(path));
                RandomAccessFile memory =
                        new RandomAccessFile("/proc/" + traced.target().pid() + "/mem", "r")) {
            ElfFile.Function function = elf.functions().stream()
                    .filter(each -> each.name().equals("main.probed"))
                    .findFirst()
                    .orElseThrow();
            byte[] expected = elf.read(function.address(), (int) function.size());
            byte[] now = new byte[expected.length];
            memory.seek(function.address());
            memory.readFully(now);
            int different = 0;
            for (int i = 0; i < now.length; i++) {
                different += now[i] == expected[i] ? 0 : 1;
            }
            return different;
        }
    }
}
