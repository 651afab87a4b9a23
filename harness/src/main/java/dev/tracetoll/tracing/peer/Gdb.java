package dev.tracetoll.tracing.peer;

import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TraceCounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** {@code gdb} with a breakpoint at the function's first instruction whose commands do nothing but continue; gdb counts the hits. */
final class Gdb implements Peer {

    private static final String SCRIPT = """
            set pagination off
            set confirm off
            break *0x%x
            commands
            silent
            continue
            end
            continue
            info breakpoints
            detach
            """;

    private static final Summary SUMMARY =
            new Summary(Pattern.compile("breakpoint already hit (\\d+) time"), "Disp Enb Address");

    @Override
    public Technique technique() {
        return new Technique("gdb");
    }

    @Override
    public PeerTool tool() {
        return PeerTool.GDB;
    }

    @Override
    public boolean returns() {
        return false;
    }

    @Override
    public List<String> arguments(PeerTask task) throws IOException {
        Path script = task.directory().resolve("script");
        Files.writeString(script, String.format(SCRIPT, task.address()));
        return List.of(
                "-nx",
                "-q",
                "-batch",
                "-iex",
                "set auto-load no",
                "-iex",
                "set debuginfod enabled off",
                "-p",
                Integer.toString(task.process()),
                "-x",
                script.toString());
    }

    /** The breakpoint is inserted just before the process goes on. */
    @Override
    public boolean attached(PeerTask task, int peer) throws IOException {
        return task.codeIsPatched();
    }

    @Override
    public TraceCounts reported(PeerTask task) throws IOException {
        return SUMMARY.read(task.output());
    }
}
