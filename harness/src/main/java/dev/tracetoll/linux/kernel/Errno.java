package dev.tracetoll.linux.kernel;

import dev.tracetoll.linux.libc.Libc;
import jnr.ffi.Runtime;

/** The thread's {@code errno}: to be read at once after the call that failed. Numbers are those of {@code <asm-generic/errno.h>}. */
public final class Errno {

    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int ENXIO = 6;
    public static final int EBADF = 9;
    public static final int ECHILD = 10;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EBUSY = 16;
    public static final int ENODEV = 19;
    public static final int EINVAL = 22;
    public static final int ENOSYS = 38;

    /** libc. */
    public interface Calls {
        Calls LIBC = Libc.bind(Calls.class);

        String strerror(int number);
    }

    private Errno() {}

    /** The error number of this thread's last native call. */
    public static int last() {
        return Runtime.getSystemRuntime().getLastError();
    }

    /** What an error number means, in libc's words. */
    public static String describe(int number) {
        return Calls.LIBC.strerror(number);
    }
}
