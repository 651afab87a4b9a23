package dev.tracetoll.linux.process;

import dev.tracetoll.linux.kernel.Signal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What {@code /proc/TID/status} says of a thread.
 *
 * @param name the thread's command name
 * @param state the state's letter, for example {@code Z} for a zombie
 * @param process id of the process (thread group) it belongs to
 * @param tracer thread id of who traces it with ptrace; 0 if nobody does
 * @param pendingSignals mask of the signals waiting for this thread alone, see {@link Signal#bit}
 * @param hasMemory whether it has memory of a program, and so can execute code of it; not any more once it ends, though it can take the kernel long to give
 *     large memory back, until when the state is that of a living thread
 */
public record TaskStatus(String name, char state, int process, int tracer, long pendingSignals, boolean hasMemory) {

    /** Reads it; empty if there is no such thread. */
    public static Optional<TaskStatus> of(int thread) {
        Map<String, String> fields = new HashMap<>();
        try {
            // Names can hold any byte; Latin-1 reads them all.
            for (String line : Files.readAllLines(
                    Path.of("/proc", Integer.toString(thread), "status"), StandardCharsets.ISO_8859_1)) {
                int colon = line.indexOf(':');
                fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        } catch (IOException gone) {
            return Optional.empty();
        }
        return Optional.of(new TaskStatus(
                field(fields, "Name"),
                field(fields, "State").charAt(0),
                Integer.parseInt(field(fields, "Tgid")),
                Integer.parseInt(field(fields, "TracerPid")),
                Long.parseUnsignedLong(field(fields, "SigPnd"), 16),
                // fs/proc/array.c: told of memory that is there.
                fields.containsKey("VmSize")));
    }

    /** Each of them has been there since Linux 2.6. */
    private static String field(Map<String, String> fields, String name) {
        return Objects.requireNonNull(fields.get(name), name);
    }

    /** Whether it has ended and only waits to be reaped. */
    public boolean isDead() {
        return state == 'Z' || state == 'X';
    }

    /** Whether it waits for something in a system call, out of which a signal would bring it. */
    public boolean isWaiting() {
        return state == 'S';
    }

    /** Whether it is the kernel's own thread within the process (of io_uring), which executes no code of the program. */
    public boolean isKernelWorker() {
        return name.startsWith("iou-");
    }

    /** Whether a signal waits for this thread alone. */
    public boolean isPending(int signal) {
        return (pendingSignals & Signal.bit(signal)) != 0;
    }
}
