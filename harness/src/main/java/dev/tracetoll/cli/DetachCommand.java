package dev.tracetoll.cli;

import dev.tracetoll.tracing.patching.Leftovers;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tracetoll detach}: takes away what a tracer that was killed has left in a process. */
@Command(
        name = "detach",
        description = {
            "Take away what trace --backend inline or ebpf-patched has left in a process because it was killed.",
            "",
            "The process runs on with it; of inline it counts as lost what nobody reads. A tracer that still traces the process is ended by this as well."
        })
final class DetachCommand implements Callable<Integer> {

    @Option(
            names = {"-p", "--pid"},
            required = true,
            paramLabel = "PID",
            description = "The process.")
    private int pid;

    @Override
    public Integer call() {
        Path binary = Path.of("/proc", Integer.toString(pid), "exe");
        if (!Leftovers.areIn(pid)) {
            System.out.println("Nothing of a tracer is in process " + pid + ".");
            return 0;
        }
        int jumps = Leftovers.remove(pid, binary);
        System.out.println(
                jumps + (jumps == 1 ? " jump was" : " jumps were") + " taken away from process " + pid + ".");
        return 0;
    }
}
