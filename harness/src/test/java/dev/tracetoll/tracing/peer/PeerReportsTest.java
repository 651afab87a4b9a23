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
        assertThat(reported(new Bpftrace(), "output", "Attaching 1 probe...\n\n\n@calls: 10013\n"))
                .isEqualTo(counts(10_013, 0));
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
        assertThat(reported(new Gdb(), "output", "\tbreakpoint already hit 1 time\n"))
                .isEqualTo(counts(1, 0));
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
    void perfTraceTellsCallsAndResultsAlsoWhereThreadsInterleave() throws IOException {
        assertThat(reported(new PerfTrace(), "trace", """
                     ? (         ):  ... [continued]: write())                                            = 5
                 0.000 ( 0.626 ms): writes/14201 write(fd: 100, buf: 0x1c6ffe6b80a0, count: 64)                        = 64
                 0.093 ( 0.019 ms): writes/14201 write(fd: 100</tmp/a = 7>, buf: 0x2ac2000c0000, count: 65)            = -1 ENOSPC (No space left on device)
                 1.020 (         ): writes/14201 write(fd: 101, buf: 0x2ac2000c0000, count: 67)                     ...
                 1.677 (         ): writes/14202 write(fd: 7, buf: 0x2ac2000c00a0, count: 8)                     ...
                 1.020 ( 4.399 ms): writes/14201  ... [continued]: write())                                            = 67
                LOST 5 events!
                 1.677 ( 4.399 ms): writes/14202  ... [continued]: write())                                            = 8
                 9.020 (         ): writes/14201 write(fd: 101, buf: 0x2ac2000c0000, count: 67)                     ...
                """)).isEqualTo(counts(4, 3));
    }

    @Test
    void perfTraceNamesNoThreadIfThereIsOnlyOne() throws IOException {
        assertThat(reported(new PerfTrace(), "trace", """
                 0.000 ( 0.292 ms): write(fd: 100, buf: 0x7f5dee9074d0, count: 64)                        = 64
                49.507 ( 0.037 ms): write(fd: 1, buf: 0x7f5dee6a3890, count: 5)                           = 5
                """)).isEqualTo(counts(1, 1));
    }

    @Test
    void bpftracePrintsALineForEachSystemCall() throws IOException {
        assertThat(reported(new BpftraceSyscall(true), "output", """
                Attaching 3 probes...
                write(100, 64) = 64
                write(100, 65) = -28

                """)).isEqualTo(counts(2, 2));
        assertThat(reported(new BpftraceSyscall(false), "output", "Attaching 1 probe...\n\n\n@calls: 1003\n"))
                .isEqualTo(counts(1_003, 0));
    }

    @Test
    void whoSaysNothingIsNotTakenForSeeingNothing() {
        for (Peer peer : new Peer[] {new Bpftrace(), new BpftraceSyscall(false), new Perf(), new Gdb()}) {
            assertThatThrownBy(() -> reported(peer, "output", "Terminated\n"))
                    .isInstanceOf(OperationFailed.class)
                    .hasMessage("it did not say how many calls it saw");
        }
    }
}
