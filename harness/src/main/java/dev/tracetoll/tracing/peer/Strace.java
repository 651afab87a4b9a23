package dev.tracetoll.tracing.peer;

import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TraceCounts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code strace} of write(2), to a file; attached, or, as its {@code --seccomp-bpf} demands, started with the program. */
final class Strace implements Peer {

    /** Thread and descriptor at the start of a call. */
    private static final Pattern CALL = Pattern.compile("(\\d+) +write\\((\\d+),.*");
    private static final Pattern RESUMED = Pattern.compile("(\\d+) +<\\.\\.\\. write resumed>.*");
    private static final Pattern RESULT = Pattern.compile(".*\\) += -?\\d+.*");

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
        String trace = trace(task).toString();
        return seccomp
                // -D: the program stays the child of who starts it, and strace is a grandchild.
                ? List.of("-D", "-f", "--seccomp-bpf", "-e", "trace=write", "-e", "signal=none", "-o", trace, "--")
                : List.of("-f", "-e", "trace=write", "-e", "signal=none", "-o", trace, "-p", Integer.toString(task.process()));
    }

    /** It says so when all threads are attached. */
    @Override
    public boolean attached(PeerTask task, int peer) throws IOException {
        return seccomp || Files.readString(task.errors()).contains(" attached");
    }

    @Override
    public TraceCounts reported(PeerTask task) throws IOException {
        Set<String> unfinished = new HashSet<>();
        long calls = 0;
        long returns = 0;
        try (Stream<String> lines = Files.lines(trace(task), StandardCharsets.ISO_8859_1)) {
            for (String line : (Iterable<String>) lines::iterator) {
                Matcher call = CALL.matcher(line);
                Matcher resumed = RESUMED.matcher(line);
                if (call.matches() && Integer.parseInt(call.group(2)) >= task.lowestDescriptor()) {
                    calls++;
                    if (RESULT.matcher(line).matches()) {
                        returns++;
                    } else {
                        unfinished.add(call.group(1));
                    }
                } else if (resumed.matches() && unfinished.remove(resumed.group(1)) && RESULT.matcher(line).matches()) {
                    returns++;
                }
            }
        }
        return new TraceCounts(calls, returns, 0, 0, 0);
    }

    private static Path trace(PeerTask task) {
        return task.directory().resolve("trace");
    }
}
