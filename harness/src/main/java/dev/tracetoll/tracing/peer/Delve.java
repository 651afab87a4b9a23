package dev.tracetoll.tracing.peer;

import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TraceCounts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** {@code dlv trace}: calls with their arguments, returns with the results, each a line; by breakpoints or, with {@code --ebpf}, by uprobes. */
final class Delve implements Peer {

    private final boolean ebpf;

    Delve(boolean ebpf) {
        this.ebpf = ebpf;
    }

    @Override
    public Technique technique() {
        return new Technique(ebpf ? "dlv-ebpf" : "dlv");
    }

    @Override
    public PeerTool tool() {
        return PeerTool.DELVE;
    }

    @Override
    public boolean returns() {
        return true;
    }

    @Override
    public boolean reportsEachCall() {
        return true;
    }

    @Override
    public List<String> arguments(PeerTask task) {
        List<String> arguments = new ArrayList<>(List.of("trace"));
        if (ebpf) {
            arguments.add("--ebpf");
        }
        // Delve knows what is written in assembly by its name in the source.
        String name = task.function().replaceFirst("\\.abi0$", "");
        arguments.addAll(List.of(
                "-p",
                Integer.toString(task.process()),
                "^" + Pattern.compile("\\W").matcher(name).replaceAll("\\\\$0") + "$"));
        return arguments;
    }

    /** All breakpoints are set while the process is stopped, so that the first of them is enough. */
    @Override
    public boolean attached(PeerTask task, int peer) throws IOException {
        return task.codeIsPatched();
    }

    /** The lines go to its standard error. */
    @Override
    public TraceCounts reported(PeerTask task) throws IOException {
        return new TraceCounts(
                PeerTask.linesBeginning(task.errors(), "> goroutine(")
                        + PeerTask.linesBeginning(task.output(), "> goroutine("),
                PeerTask.linesBeginning(task.errors(), ">> goroutine(")
                        + PeerTask.linesBeginning(task.output(), ">> goroutine("),
                0,
                0,
                0);
    }
}
