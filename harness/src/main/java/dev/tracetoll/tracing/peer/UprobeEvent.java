package dev.tracetoll.tracing.peer;

import dev.tracetoll.problem.MachineCannot;
import dev.tracetoll.problem.OperationFailed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A uprobe event in the kernel's list of trace events, for {@code perf}. It is made and removed by a shell, which removes it as well when this
 * process ends without a word, as the list belongs to no process.
 */
final class UprobeEvent implements Peer.Preparation {

    private static final String MADE = "made";
    /** While {@code perf} has the event open, it cannot be removed; perf may need a moment to end with its target. */
    private static final int REMOVING_SECONDS = 30;

    private static final String SCRIPT = """
            trap '' HUP INT TERM
            echo "p:$2 $3" >>"$1" || exit
            echo %s
            while read -r nothing; do :; done
            tries=0
            until echo "-:$2" 2>/dev/null >>"$1"; do
                tries=$((tries + 1))
                [ $tries -lt %d ] || exit
                sleep 0.05
            done
            """.formatted(MADE, REMOVING_SECONDS * 20);

    private final String name;
    private final Process keeper;

    private UprobeEvent(String name, Process keeper) {
        this.name = name;
        this.keeper = keeper;
    }

    /**
     * Makes an event.
     *
     * @param name group and name, with a slash between
     * @param program path of the file to probe
     * @param offset where in the file
     * @throws MachineCannot if the kernel has no such list, or not for this user
     */
    static UprobeEvent make(String name, String program, long offset) {
        Path events = Tracefs.root().resolve("uprobe_events");
        try {
            Process keeper = new ProcessBuilder(Tracefs.seenBy(List.of(
                            "/bin/sh",
                            "-c",
                            SCRIPT,
                            "sh",
                            events.toString(),
                            name,
                            program + ":0x" + Long.toHexString(offset))))
                    .redirectErrorStream(true)
                    .start();
            byte[] answer = keeper.getInputStream().readNBytes(MADE.length());
            if (!MADE.equals(new String(answer, StandardCharsets.UTF_8))) {
                String rest = new String(keeper.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                keeper.destroyForcibly();
                throw new MachineCannot(
                        "Tracing with perf",
                        "the uprobe event " + name + " cannot be made: " + new String(answer, StandardCharsets.UTF_8)
                                + rest.strip(),
                        "run as root on a kernel with CONFIG_UPROBE_EVENTS");
            }
            return new UprobeEvent(name, keeper);
        } catch (IOException e) {
            throw new OperationFailed("The uprobe event " + name + " cannot be made: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            keeper.getOutputStream().close();
            if (!keeper.waitFor(REMOVING_SECONDS * 2, TimeUnit.SECONDS) || keeper.exitValue() != 0) {
                throw new OperationFailed("The uprobe event " + name + " could not be removed; run: echo '-:" + name
                        + "' >> /sys/kernel/tracing/uprobe_events");
            }
        } catch (IOException e) {
            throw new OperationFailed("The uprobe event " + name + " could not be removed: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
