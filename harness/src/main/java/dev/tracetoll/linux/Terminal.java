package dev.tracetoll.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import jnr.ffi.LibraryLoader;

/** What a process has to do with a terminal. */
public final class Terminal {

    /** The number of standard output. */
    public static final int STDOUT = 1;
    /** The number of standard error. */
    public static final int STDERR = 2;

    /** Of what follows the name in {@code /proc/PID/stat}, see proc(5). */
    private static final int PROCESS_GROUP = 2;
    private static final int TERMINAL_PROCESS_GROUP = 5;

    /** libc. */
    public interface Calls {
        int isatty(int descriptor);
    }

    private static final class Libc {
        static final Calls CALLS = LibraryLoader.create(Calls.class).failImmediately().load("c");
    }

    private Terminal() {}

    /** Whether a file descriptor of this process is a terminal. */
    public static boolean is(int descriptor) {
        return Libc.CALLS.isatty(descriptor) == 1;
    }

    /** Whether a process is among those that its terminal interrupts when the user types Ctrl-C. */
    public static boolean interrupts(int pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Integer.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return fields[PROCESS_GROUP].equals(fields[TERMINAL_PROCESS_GROUP]);
        } catch (IOException gone) {
            return false;
        }
    }
}
