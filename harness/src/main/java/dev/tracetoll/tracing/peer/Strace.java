package dev.tracetoll.tracing.peer;

import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TraceCounts;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;

/** {@code strace} of write(2), to a file; attached, or, as its {@code --seccomp-bpf} demands, started with the program. */
final class Strace implements Peer {

    private static final SystemCallLines LINES = new SystemCallLines(
            Pattern.compile("(\\d+) +write\\((\\d+),.*"), Pattern.compile("(\\d+) +<\\.\\.\\. write resumed>.*"));

    private final boolean seccomp;

    Strace(boolean seccomp) {
        this.seccomp = seccomp;
    }

    @Override
    public Technique technique() {
        return new Technique(seccomp ? "strace-seccomp" : "strace");
    }

    @Override
    public PeerTool tool() {
        return PeerTool.STRACE;
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
    public boolean launches() {
        return seccomp;
    }

    @Override
    public List<String> arguments(PeerTask task) {
        String trace = SystemCallLines.file(task).toString();
        return seccomp
                // -D: the program stays the child of who starts it, and strace is a grandchild.
                ? List.of("-D", "-f", "--seccomp-bpf", "-e", "trace=write", "-e", "signal=none", "-o", trace, "--")
                : List.of(
                        "-f",
                        "-e",
                        "trace=write",
                        "-e",
                        "signal=none",
                        "-o",
                        trace,
                        "-p",
                        Integer.toString(task.process()));
    }

    /** It says so when all threads are attached. */
    @Override
    public boolean attached(PeerTask task, int peer) throws IOException {
        return seccomp || Files.readString(task.errors()).contains(" attached");
    }

    @Override
    public TraceCounts reported(PeerTask task) throws IOException {
        return LINES.count(task);
    }
}
