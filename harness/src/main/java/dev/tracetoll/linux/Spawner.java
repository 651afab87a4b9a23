package dev.tracetoll.linux;

import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.MachineCannot;
import dev.tracetoll.problem.OperationFailed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * Starts a program by posix_spawn(3), with an empty signal mask, default signal dispositions and no file but its three standard streams.
 *
 * <p>Never by {@link ProcessBuilder}: the JDK waits for each of its children, and would take away the stops that a tracer waits for.
 */
final class Spawner {

    /** At least as large as any structure of {@code spawn.h} and {@code signal.h} in glibc and musl. */
    private static final int STRUCTURE_BYTES = 1024;

    /** {@code spawn.h}. */
    private static final short SETPGROUP = 0x02;
    private static final short SETSIGDEF = 0x04;
    private static final short SETSIGMASK = 0x08;

    /** {@code fcntl.h}. */
    private static final int O_WRONLY = 01;
    private static final int O_CREAT = 0100;
    private static final int O_TRUNC = 01000;
    private static final int FILE_MODE = 0666;

    /** {@code sigset_t}: a bit for each of the 64 signals. */
    private static final long ALL_SIGNALS = -1;

    private static final int FIRST_NOT_STANDARD = 3;
    private static final String SHELL = "/bin/sh";
    /** The shell keeps its process id when it executes the program. */
    private static final String STOP_THEN_EXEC = "kill -STOP $$; exec \"$@\"";

    private static final Runtime RUNTIME = Runtime.getSystemRuntime();

    private final Launch launch;
    /** What the native code reads must stay reachable until it has been read. */
    private final List<Pointer> strings = new ArrayList<>();

    Spawner(Launch launch) {
        this.launch = launch;
    }

    /**
     * Starts the child.
     *
     * @param ours the child's end of the pipe for each standard stream that is a pipe
     * @return its process id
     */
    int spawn(Descriptor[] ours) {
        requireProgram();
        Pointer actions = Memory.allocateDirect(RUNTIME, STRUCTURE_BYTES, true);
        Pointer attributes = Memory.allocateDirect(RUNTIME, STRUCTURE_BYTES, true);
        try {
            check(SpawnCalls.LIBC.posix_spawn_file_actions_init(actions));
            try {
                check(SpawnCalls.LIBC.posix_spawnattr_init(attributes));
                try {
                    return spawn(ours, actions, attributes);
                } finally {
                    SpawnCalls.LIBC.posix_spawnattr_destroy(attributes);
                }
            } finally {
                SpawnCalls.LIBC.posix_spawn_file_actions_destroy(actions);
            }
        } catch (UnsatisfiedLinkError e) {
            throw new MachineCannot("Starting a program without leaking files into it", e.getMessage(),
                    "glibc 2.34 or newer is needed", e);
        }
    }

    private int spawn(Descriptor[] ours, Pointer actions, Pointer attributes) {
        redirect(actions, 0, launch.stdin(), ours[0]);
        redirect(actions, 1, launch.stdout(), ours[1]);
        redirect(actions, 2, launch.stderr(), ours[2]);
        check(SpawnCalls.LIBC.posix_spawn_file_actions_addclosefrom_np(actions, FIRST_NOT_STANDARD));

        Pointer signals = Memory.allocateDirect(RUNTIME, STRUCTURE_BYTES, true);
        check(SpawnCalls.LIBC.posix_spawnattr_setsigmask(attributes, signals));
        // Not by sigfillset, which leaves out the two signals that glibc uses itself: the child would inherit them ignored.
        signals.putLong(0, ALL_SIGNALS);
        check(SpawnCalls.LIBC.posix_spawnattr_setsigdefault(attributes, signals));
        short flags = SETSIGDEF | SETSIGMASK;
        if (!(launch.stdin() instanceof Redirect.Inherit)) {
            // If we are killed while the child is stopped, its group becomes an orphaned one, which the kernel hangs up and continues:
            // it dies. A child that reads our terminal has to stay in our group to be allowed to.
            flags |= SETPGROUP;
            check(SpawnCalls.LIBC.posix_spawnattr_setpgroup(attributes, 0));
        }
        check(SpawnCalls.LIBC.posix_spawnattr_setflags(attributes, flags));

        Pointer pid = Memory.allocateDirect(RUNTIME, Integer.BYTES, true);
        check(SpawnCalls.LIBC.posix_spawn(pid, path(), actions, attributes, array(argumentVector()), array(environment())));
        return pid.getInt(0);
    }

    /** So that the message is the same whether the shell or posix_spawn would have found it out. */
    private void requireProgram() {
        Path program = launch.program();
        if (!Files.exists(program)) {
            throw new BadInput("Cannot start " + program + ": there is no such file");
        }
        if (!Files.isRegularFile(program)) {
            throw new BadInput("Cannot start " + program + ": it is not a regular file");
        }
        if (!Files.isExecutable(program)) {
            throw new BadInput("Cannot start " + program + ": it is not executable; chmod +x makes it so");
        }
    }

    private String path() {
        return launch.stopBeforeExec() ? SHELL : launch.program().toString();
    }

    private List<String> argumentVector() {
        List<String> vector = new ArrayList<>();
        if (launch.stopBeforeExec()) {
            vector.addAll(List.of("sh", "-c", STOP_THEN_EXEC, "sh"));
        }
        vector.addAll(launch.argumentVector());
        return vector;
    }

    private List<String> environment() {
        return launch.environment().entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
    }

    private void redirect(Pointer actions, int stream, Redirect redirect, Descriptor pipe) {
        if (redirect instanceof Redirect.Pipe) {
            check(SpawnCalls.LIBC.posix_spawn_file_actions_adddup2(actions, pipe.number(), stream));
        } else if (redirect instanceof Redirect.File file) {
            int flags = stream == 0 ? 0 : O_WRONLY | O_CREAT | O_TRUNC;
            check(SpawnCalls.LIBC.posix_spawn_file_actions_addopen(actions, stream, file.path().toString(), flags, FILE_MODE));
        }
    }

    private Pointer array(List<String> values) {
        Pointer array = Memory.allocateDirect(RUNTIME, (values.size() + 1) * RUNTIME.addressSize(), true);
        for (int i = 0; i < values.size(); i++) {
            byte[] bytes = values.get(i).getBytes(StandardCharsets.UTF_8);
            Pointer string = Memory.allocateDirect(RUNTIME, bytes.length + 1, true);
            string.put(0, bytes, 0, bytes.length);
            strings.add(string);
            array.putPointer((long) i * RUNTIME.addressSize(), string);
        }
        strings.add(array);
        return array;
    }

    private void check(int errno) {
        if (errno != 0) {
            throw new OperationFailed("Starting " + launch.program() + " failed: " + Errno.describe(errno));
        }
    }
}
