package dev.tracetoll.linux.libc;

import jnr.ffi.Pointer;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.off_t;
import jnr.ffi.types.size_t;
import org.jspecify.annotations.Nullable;

/** What libc does with file descriptors and with names of files. */
public interface FileCalls {

    FileCalls LIBC = Libc.bind(FileCalls.class);

    int open(String path, int flags, int mode);

    int pipe2(@Out int[] descriptors, int flags);

    int poll(Pointer descriptors, long count, int timeoutMs);

    long read(int descriptor, @Out byte[] buffer, long count);

    long write(int descriptor, @In byte[] buffer, long count);

    int close(int descriptor);

    int renameat2(int oldDirectory, String oldPath, int newDirectory, String newPath, int flags);

    // A Pointer, not a long: with six integers jnr-ffi 2.3.4 takes a path on which the offset arrives wrong.
    Pointer mmap(
            @Nullable Pointer address,
            @size_t long length,
            int protection,
            int flags,
            int descriptor,
            @off_t long offset);

    int munmap(long address, @size_t long length);

    int getpagesize();
}
