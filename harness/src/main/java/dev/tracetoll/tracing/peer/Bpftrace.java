package dev.tracetoll.tracing.peer;

import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TraceCounts;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;

/** {@code bpftrace} that counts, in the kernel, how often the function's first instruction is executed: again where the stack grows. */
final class Bpftrace implements Peer {

    /** {@code epoll_wait} and {@code epoll_pwait} on x86-64. Source: {@code asm/unistd_64.h}. */
    static final int[] EPOLL = {232, 281};

    static final Summary SUMMARY = new Summary(Pattern.compile("^@calls: (\\d+)$", Pattern.MULTILINE), "@calls");

    @Override
    public Technique technique() {
        return new Technique("bpftrace");
    }

    @Override
    public PeerTool tool() {
        return PeerTool.BPFTRACE;
    }

    @Override
    public boolean returns() {
        return false;
    }

    /** It looks for the signal only where that interrupts its waiting for events (as of 0.17). */
    @Override
    public boolean mayMissSignal() {
        return true;
    }

    @Override
    public List<String> arguments(PeerTask task) {
        return List.of(
                "-p",
                Integer.toString(task.process()),
                "-e",
                "uprobe:" + task.program() + ":\"" + task.function() + "\" { @calls = count(); }");
    }

    /** The breakpoint is there before its program is; it waits for events only after both. */
    @Override
    public boolean attached(PeerTask task, int peer) throws IOException {
        return task.codeIsPatched() && PeerTask.waitsIn(peer, EPOLL);
    }

    @Override
    public TraceCounts reported(PeerTask task) throws IOException {
        return SUMMARY.read(task.output());
    }
}
