package dev.tracetoll.tracing.peer;

import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TraceCounts;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;

/** {@code perf trace} of write(2), to a file: arguments and result, of the buffer its address only. */
final class PerfTrace implements Peer {

    /** Time and duration, and the thread where there are several. */
    private static final String HEAD = " *[0-9.?]+ \\(.+?\\): (?:.{0,15}/(\\d+) )?";

    private static final SystemCallLines LINES = new SystemCallLines(
            Pattern.compile(HEAD + "write\\(fd: (\\d+).*"),
            Pattern.compile(HEAD + " ?\\.\\.\\. \\[continued\\]: write\\(\\)\\).*"));

    @Override
    public Technique technique() {
        return new Technique("perf-trace");
    }

    @Override
    public PeerTool tool() {
        return PeerTool.PERF;
    }

    @Override
    public boolean returns() {
        return true;
    }

    @Override
    public boolean systemCalls() {
        return true;
    }

    @Override
    public boolean readsTracefs() {
        return true;
    }

    @Override
    public List<String> arguments(PeerTask task) {
        return List.of(
                "trace",
                "-e",
                "write",
                "-o",
                SystemCallLines.file(task).toString(),
                "-p",
                Integer.toString(task.process()));
    }

    /** It polls once the events of all threads are open and enabled. */
    @Override
    public boolean attached(PeerTask task, int peer) throws IOException {
        return PeerTask.waitsIn(peer, Perf.POLL);
    }

    /** At SIGINT it ends with the event that it is at; it polls when it has read all. */
    @Override
    public boolean caughtUp(PeerTask task, int peer) throws IOException {
        return attached(task, peer);
    }

    @Override
    public TraceCounts reported(PeerTask task) throws IOException {
        return LINES.count(task);
    }
}
