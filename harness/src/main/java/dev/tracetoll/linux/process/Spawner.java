package dev.tracetoll.linux.process;

import dev.tracetoll.linux.file.Descriptor;
import dev.tracetoll.linux.kernel.Errno;
import dev.tracetoll.linux.libc.ProcessCalls;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.OperationFailed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * Starts a program by posix_spawn(3): with what it is to inherit and nothing else, neither files nor signals nor limits of the JVM. The child
 * is a small program, {@code starter}, that becomes the one to be started once it is told to, and ends if its parent dies before.
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
    private static final String STARTER = "starter";

    private static final Runtime RUNTIME = Runtime.getSystemRuntime();

    private final Launch launch;
    /** What the native code reads must stay reachable until it has been read. */
    private final List<Pointer> strings = new ArrayList<>();

    Spawner(Launch launch) {
        this.launch = launch;
    }

    /**
     * Starts the child, which waits.
     *
     * @param streams the child's end of the pipe for each standard stream that is a pipe
     * @param go from where it reads a byte before it executes the program
     * @param report where it says why it could not
     * @return its process id
     */
    int spawn(Descriptor[] streams, Descriptor go, Descriptor report) {
        requireProgram();
        Pointer actions = Memory.allocateDirect(RUNTIME, STRUCTURE_BYTES, true);
        Pointer attributes = Memory.allocateDirect(RUNTIME, STRUCTURE_BYTES, true);
        check(ProcessCalls.LIBC.posix_spawn_file_actions_init(actions));
        try {
            check(ProcessCalls.LIBC.posix_spawnattr_init(attributes));
            try {
                return spawn(streams, go, report, actions, attributes);
            } finally {
                ProcessCalls.LIBC.posix_spawnattr_destroy(attributes);
            }
        } finally {
            ProcessCalls.LIBC.posix_spawn_file_actions_destroy(actions);
        }
    }

    private int spawn(Descriptor[] streams, Descriptor go, Descriptor report, Pointer actions, Pointer attributes) {
        redirect(actions, 0, launch.stdin(), streams[0]);
        redirect(actions, 1, launch.stdout(), streams[1]);
        redirect(actions, 2, launch.stderr(), streams[2]);
        launch.directory()
                .ifPresent(directory ->
                        check(ProcessCalls.LIBC.posix_spawn_file_actions_addchdir_np(actions, directory.toString())));
        // Onto themselves, which lets the starter inherit them. No program of the user has these numbers: here they are
        // in use.
        check(ProcessCalls.LIBC.posix_spawn_file_actions_adddup2(actions, go.number(), go.number()));
        check(ProcessCalls.LIBC.posix_spawn_file_actions_adddup2(actions, report.number(), report.number()));

        Pointer signals = Memory.allocateDirect(RUNTIME, STRUCTURE_BYTES, true);
        signals.putLong(0, launch.inheritance().blockedSignals());
        check(ProcessCalls.LIBC.posix_spawnattr_setsigmask(attributes, signals));
        // Not by sigfillset, which leaves out the two signals that glibc uses itself: the child would inherit them
        // ignored.
        signals.putLong(0, ALL_SIGNALS);
        check(ProcessCalls.LIBC.posix_spawnattr_setsigdefault(attributes, signals));
        short flags = SETSIGDEF | SETSIGMASK;
        if (launch.stdin() instanceof Redirect.Pipe || launch.stdin() instanceof Redirect.File) {
            // A signal to our group, such as that of Ctrl-C, is for us, who end the child in order. A child that reads
            // our terminal has to
            // stay in our group to be allowed to.
            flags |= SETPGROUP;
            check(ProcessCalls.LIBC.posix_spawnattr_setpgroup(attributes, 0));
        }
        check(ProcessCalls.LIBC.posix_spawnattr_setflags(attributes, flags));

        Path starter = NativeProgram.named(STARTER);
        Pointer pid = Memory.allocateDirect(RUNTIME, Integer.BYTES, true);
        check(ProcessCalls.LIBC.posix_spawn(
                pid,
                starter.toString(),
                actions,
                attributes,
                array(starterVector(go.number(), report.number())),
                array(launch.inheritance().environment())));
        return pid.getInt(0);
    }

    /** So that the message comes before anything is done. */
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

    /** As {@code starter.c} describes it. */
    private NativeWords starterVector(int go, int report) {
        Inheritance inheritance = launch.inheritance();
        Set<Integer> kept = new TreeSet<>(inheritance.descriptors()).tailSet(FIRST_NOT_STANDARD);
        kept.addAll(List.of(go, report));
        String limits =
                inheritance.limits().stream().map(Inheritance.Limit::toString).collect(Collectors.joining(","));
        return launch.vector()
                .behind(List.of(
                        STARTER,
                        Integer.toString(go),
                        Integer.toString(report),
                        kept.stream().map(String::valueOf).collect(Collectors.joining(",")),
                        Long.toHexString(inheritance.ignoredSignals()),
                        limits.isEmpty() ? "-" : limits,
                        inheritance.user().map(User::inNumbers).orElse("-"),
                        launch.program().toString()));
    }

    private void redirect(Pointer actions, int stream, Redirect redirect, Descriptor pipe) {
        if (redirect instanceof Redirect.Pipe) {
            check(ProcessCalls.LIBC.posix_spawn_file_actions_adddup2(actions, pipe.number(), stream));
        } else if (redirect instanceof Redirect.Closed) {
            check(ProcessCalls.LIBC.posix_spawn_file_actions_addclose(actions, stream));
        } else if (redirect instanceof Redirect.File file) {
            int flags = stream == 0 ? 0 : O_WRONLY | O_CREAT | O_TRUNC;
            check(ProcessCalls.LIBC.posix_spawn_file_actions_addopen(
                    actions, stream, file.path().toString(), flags, FILE_MODE));
        }
    }

    private Pointer array(NativeWords values) {
        Pointer array = Memory.allocateDirect(RUNTIME, (values.size() + 1) * RUNTIME.addressSize(), true);
        for (int i = 0; i < values.size(); i++) {
            byte[] bytes = values.words().get(i);
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
