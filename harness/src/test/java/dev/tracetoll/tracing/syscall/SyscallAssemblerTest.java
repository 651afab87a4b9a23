package dev.tracetoll.tracing.syscall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.tracing.TraceCounts;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SyscallAssemblerTest {

    private static final byte[] HEAD = {1, 2};

    private final List<SyscallEvent> events = new ArrayList<>();
    private final SyscallAssembler assembler = new SyscallAssembler(events::add);

    private static SyscallEvent.Entry entry(long id, int thread, long timestampNs) {
        return new SyscallEvent.Entry(id, thread, timestampNs, 3, 10, HEAD);
    }

    private void enter(int thread, long timestampNs, long lost) {
        assembler.entry(thread, timestampNs, lost, 3, 10, HEAD);
    }

    @Test
    void anExitBelongsToTheEntryOfItsThread() {
        enter(7, 100, 0);
        enter(8, 110, 0);
        assembler.exit(7, 150, 0, 10);
        assembler.exit(8, 170, 0, -28);
        assertThat(events)
                .containsExactly(
                        entry(1, 7, 100),
                        entry(2, 8, 110),
                        new SyscallEvent.Exit(1, 7, 150, 50, 10),
                        new SyscallEvent.Exit(2, 8, 170, 60, -28));
        assertThat(((SyscallEvent.Exit) events.get(2)).errno()).isZero();
        assertThat(((SyscallEvent.Exit) events.get(3)).errno()).isEqualTo(28);
        assertThat(assembler.counts(0, 0)).isEqualTo(new TraceCounts(2, 2, 0, 0, 0));
    }

    @Test
    void anExitIsNotTakenForThatOfACallWhoseOwnExitMayBeLost() {
        enter(7, 100, 0);
        assembler.exit(7, 500, 2, 10);
        assertThat(events)
                .containsExactly(
                        entry(1, 7, 100),
                        new SyscallEvent.NoExit(1, 7, "unknown, events were lost"),
                        new SyscallEvent.Exit(0, 7, 500, -1, 10));
        assertThat(assembler.counts(1, 1)).isEqualTo(new TraceCounts(1, 1, 1, 1, 1));
    }

    @Test
    void anEntryEndsTheCallBefore() {
        enter(7, 100, 0);
        enter(7, 200, 1);
        enter(7, 300, 1);
        assertThat(events)
                .containsExactly(
                        entry(1, 7, 100),
                        new SyscallEvent.NoExit(1, 7, "unknown, events were lost"),
                        entry(2, 7, 200),
                        new SyscallEvent.NoExit(2, 7, "exit"),
                        entry(3, 7, 300));
    }

    @Test
    void theEndOfACallThatBeganBeforeIsNoEvent() {
        assembler.exit(7, 100, 0, 10);
        assertThat(events).isEmpty();
        assertThat(assembler.counts(0, 0)).isEqualTo(new TraceCounts(0, 0, 0, 0, 0));
    }

    @Test
    void openCallsAreReportedAtTheEnd() {
        enter(8, 100, 0);
        enter(7, 110, 0);
        assembler.close("detached");
        assertThat(events.subList(2, 4))
                .containsExactly(new SyscallEvent.NoExit(1, 8, "detached"), new SyscallEvent.NoExit(2, 7, "detached"));
        assertThat(assembler.counts(0, 0)).isEqualTo(new TraceCounts(2, 0, 2, 0, 0));
    }
}
