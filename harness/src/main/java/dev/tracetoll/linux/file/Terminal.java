package dev.tracetoll.linux.file;

import dev.tracetoll.linux.libc.Libc;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import jnr.ffi.annotations.Out;

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
        Calls LIBC = Libc.bind(Calls.class);

        int isatty(int descriptor);

        int ioctl(int descriptor, long request, @Out short[] size);
    }

    /** Of {@code asm-generic/ioctls.h}; fills a {@code struct winsize}, see ioctl_tty(2). */
    private static final long TIOCGWINSZ = 0x5413;

    private static final int WINSIZE_SHORTS = 4;
    private static final int COLUMNS = 1;

    private Terminal() {}

    /** Whether a file descriptor of this process is a terminal. */
    public static boolean is(int descriptor) {
        return Calls.LIBC.isatty(descriptor) == 1;
    }

    /** How many characters a line of the terminal has that a file descriptor of this process is; empty if it is none, or does not say. */
    public static OptionalInt columns(int descriptor) {
        short[] size = new short[WINSIZE_SHORTS];
        return Calls.LIBC.ioctl(descriptor, TIOCGWINSZ, size) == 0 && size[COLUMNS] > 0
                ? OptionalInt.of(size[COLUMNS])
                : OptionalInt.empty();
    }

    /** Whether a process is among those that its terminal interrupts when the user types Ctrl-C. */
    public static boolean interrupts(int pid) {
        try {
            String stat =
                    Files.readString(Path.of("/proc", Integer.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return fields[PROCESS_GROUP].equals(fields[TERMINAL_PROCESS_GROUP]);
        } catch (IOException gone) {
            return false;
        }
    }
}
