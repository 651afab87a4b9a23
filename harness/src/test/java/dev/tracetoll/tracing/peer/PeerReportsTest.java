package dev.tracetoll.tracing.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.tracing.TraceCounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What peers have printed is counted as they meant it. */
class PeerReportsTest {

    @TempDir
    private Path directory;

    private TraceCounts reported(Peer peer, String file, String text) throws IOException {
        Files.writeString(directory.resolve(file), text);
        for (String other : new String[] {"output", "errors"}) {
            if (!Files.exists(directory.resolve(other))) {
                Files.createFile(directory.resolve(other));
            }
        }
        return peer.reported(new PeerTask("main.probed", new byte[0], 0, 0, 100, 1, directory));
    }

    private static TraceCounts counts(long calls, long returns) {
        return new TraceCounts(calls, returns, 0, 0, 0);
    }

    @Test
    void delvePrintsALineForEachCallAndReturn() throws IOException {
        assertThat(reported(new Delve(false), "errors", """
                > goroutine(1): main.probed(0, "abc")
                >> goroutine(1): main.probed => ((unreadable empty OP stack))
                > goroutine(18): main.probed(1, "> goroutine(\\n")
                received SIGINT, stopping process (will not forward signal)
                => 36:	CMPQ	AX, $0xfffffffffffff001
                """)).isEqualTo(counts(2, 1));
    }

    @Test
    void bpftracePrintsItsMapWhenItEnds() throws IOException {
        assertThat(reported(new Bpftrace(), "output", "Attaching 1 probe...\n\n\n@calls: 10013\n")).isEqualTo(counts(10_013, 0));
    }

    @Test
    void perfTellsItsSamples() throws IOException {
        assertThat(reported(new Perf(), "errors", """
                [ perf record: Woken up 1 times to write data ]
                [ perf record: Captured and wrote 0.005 MB /tmp/data (40 samples) ]
                """)).isEqualTo(counts(40, 0));
    }

    @Test
    void perfSaysNothingOfNoSamples() throws IOException {
        assertThat(reported(new Perf(), "errors", """
                [ perf record: Woken up 1 times to write data ]
                [ perf record: Captured and wrote 0.001 MB /tmp/data ]
                """)).isEqualTo(counts(0, 0));
    }

    @Test
    void gdbCountsTheHits() throws IOException {
        assertThat(reported(new Gdb(), "output", """
                Thread 1 "text" received signal SIGINT, Interrupt.
                Num     Type           Disp Enb Address            What
                1       breakpoint     keep y   0x00000000004d6a20 in main.probed at main.go:22
                	breakpoint already hit 4548 times
                        silent
                        continue
                """)).isEqualTo(counts(4_548, 0));
        assertThat(reported(new Gdb(), "output", "\tbreakpoint already hit 1 time\n")).isEqualTo(counts(1, 0));
    }

    @Test
    void gdbSaysNothingOfNoHits() throws IOException {
        assertThat(reported(new Gdb(), "output", """
                Num     Type           Disp Enb Address            What
                1       breakpoint     keep y   0x00000000004d6a20 in main.probed at main.go:22
                """)).isEqualTo(counts(0, 0));
    }

    @Test
    void straceTellsCallsAndResultsAlsoWhereThreadsInterleave() throws IOException {
        assertThat(reported(new Strace(false), "trace", """
                28086 write(1, "ready tracetoll-burst/1 {"..., 88) = 88
                28086 write(100, "\\0\\0\\0\\0 = 7"..., 64) = 64
                28086 write(100, "\\1\\0\\0\\0"..., 65) = -1 ENOSPC (No space left on device)
                28087 write(101, "\\2\\0\\0\\0"..., 66 <unfinished ...>
                28088 write(7, "\\1\\0\\0\\0\\0\\0\\0\\0", 8 <unfinished ...>
                28087 <... write resumed>)              = 66
                28088 <... write resumed>)              = 8
                28086 write(100, "\\3\\0\\0\\0"..., 67 <unfinished ...>
                28086 +++ exited with 0 +++
                """)).isEqualTo(counts(4, 3));
    }

    @Test
    void whoSaysNothingIsNotTakenForSeeingNothing() {
        for (Peer peer : new Peer[] {new Bpftrace(), new Perf(), new Gdb()}) {
            assertThatThrownBy(() -> reported(peer, "output", "Terminated\n")).isInstanceOf(OperationFailed.class)
                    .hasMessage("it did not say how many calls it saw");
        }
    }
}
