package dev.tracetoll.linux;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;

/** The calls of libc that start children, wait for them and talk to them; the variadic ones are bound with a fixed arity. */
public interface SpawnCalls {

    /** libc, loaded once. */
    SpawnCalls LIBC = LibraryLoader.create(SpawnCalls.class).failImmediately().load("c");

    int posix_spawn(Pointer pid, String path, Pointer fileActions, Pointer attributes, Pointer arguments, Pointer environment);

    int posix_spawn_file_actions_init(Pointer fileActions);

    int posix_spawn_file_actions_destroy(Pointer fileActions);

    int posix_spawn_file_actions_addclose(Pointer fileActions, int descriptor);

    int posix_spawn_file_actions_adddup2(Pointer fileActions, int descriptor, int newDescriptor);

    int posix_spawn_file_actions_addopen(Pointer fileActions, int descriptor, String path, int flags, int mode);

    int posix_spawnattr_init(Pointer attributes);

    int posix_spawnattr_destroy(Pointer attributes);

    int posix_spawnattr_setflags(Pointer attributes, short flags);

    int posix_spawnattr_setsigmask(Pointer attributes, Pointer signals);

    int posix_spawnattr_setsigdefault(Pointer attributes, Pointer signals);

    int posix_spawnattr_setpgroup(Pointer attributes, int processGroup);

    int kill(int pid, int signal);

    int waitpid(int pid, Pointer status, int options);

    int waitid(int idType, int id, Pointer info, int options);

    long syscall(long number, long first, long second, long third, long fourth);

    int open(String path, int flags, int mode);

    int pipe2(@Out int[] descriptors, int flags);

    int poll(Pointer descriptors, long count, int timeoutMs);

    long read(int descriptor, @Out byte[] buffer, long count);

    long write(int descriptor, @In byte[] buffer, long count);

    int close(int descriptor);

    int clock_getcpuclockid(int pid, Pointer clock);

    int clock_gettime(int clock, Pointer time);
}
