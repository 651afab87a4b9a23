package dev.tracetoll.tracing.peer;

import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TraceCounts;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;

/** {@code perf record} of a uprobe event at the function's first instruction, into a file; arguments are not among what it records. */
final class Perf implements Peer {

    /** {@code poll} and {@code ppoll} on x86-64. Source: {@code asm/unistd_64.h}. */
    static final int[] POLL = {7, 271};

    private static final Summary SUMMARY =
            new Summary(Pattern.compile("\\((\\d+) samples\\)"), "perf record: Captured and wrote");

    @Override
    public Technique technique() {
        return new Technique("perf");
    }

    @Override
    public PeerTool tool() {
        return PeerTool.PERF;
    }

    @Override
    public boolean returns() {
        return false;
    }

    @Override
    public boolean readsTracefs() {
        return true;
    }

    @Override
    public Preparation prepare(PeerTask task) {
        return UprobeEvent.make(name(task, "/"), task.program(), task.fileOffset());
    }

    @Override
    public List<String> arguments(PeerTask task) {
        return List.of(
                "record",
                "-e",
                name(task, ":"),
                "-o",
                task.directory().resolve("data").toString(),
                "-p",
                Integer.toString(task.process()));
    }

    private static String name(PeerTask task, String separator) {
        return "tracetoll" + separator + "probed_" + task.process();
    }

    /** The breakpoint is there once the event is open; it polls when all are. */
    @Override
    public boolean attached(PeerTask task, int peer) throws IOException {
        return task.codeIsPatched() && PeerTask.waitsIn(peer, POLL);
    }

    @Override
    public TraceCounts reported(PeerTask task) throws IOException {
        return SUMMARY.read(task.errors());
    }
}
