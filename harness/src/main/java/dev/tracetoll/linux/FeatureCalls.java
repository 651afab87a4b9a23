package dev.tracetoll.linux;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;

/** The few calls that the feature probes make; the variadic ones are bound with a fixed arity. Public because jnr-ffi implements it. */
public interface FeatureCalls {

    FeatureCalls LIBC = LibraryLoader.create(FeatureCalls.class).failImmediately().load("c");

    long syscall(long number, long command, Pointer attributes, long size);

    long syscall(long number, Pointer attributes, long pid, long cpu, long group, long flags);

    long ptrace(long request, long pid, long address, long data);

    int posix_spawn(Pointer pid, String path, Pointer fileActions, Pointer attributes, Pointer arguments, Pointer environment);

    int waitpid(int pid, Pointer status, int options);

    int kill(int pid, int signal);

    int close(int descriptor);

    long read(int descriptor, Pointer buffer, long count);

    long sysconf(int name);

    long dlsym(long handle, String symbol);

    /** A call that nothing else in this process makes: the uprobe probe counts it. */
    Pointer gnu_get_libc_version();

    String strerror(int errno);
}
