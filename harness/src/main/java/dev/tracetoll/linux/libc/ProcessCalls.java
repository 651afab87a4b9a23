package dev.tracetoll.linux.libc;

import jnr.ffi.Pointer;
import jnr.ffi.annotations.IgnoreError;

/** How libc starts processes, waits for them and tells what they have used. */
public interface ProcessCalls {

    ProcessCalls LIBC = Libc.bind(ProcessCalls.class);

    int posix_spawn(
            Pointer pid, String path, Pointer fileActions, Pointer attributes, Pointer arguments, Pointer environment);

    int posix_spawn_file_actions_init(Pointer fileActions);

    int posix_spawn_file_actions_destroy(Pointer fileActions);

    int posix_spawn_file_actions_addclose(Pointer fileActions, int descriptor);

    int posix_spawn_file_actions_adddup2(Pointer fileActions, int descriptor, int newDescriptor);

    int posix_spawn_file_actions_addopen(Pointer fileActions, int descriptor, String path, int flags, int mode);

    /** glibc has it since 2.29. */
    int posix_spawn_file_actions_addchdir_np(Pointer fileActions, String path);

    int posix_spawnattr_init(Pointer attributes);

    int posix_spawnattr_destroy(Pointer attributes);

    int posix_spawnattr_setflags(Pointer attributes, short flags);

    int posix_spawnattr_setsigmask(Pointer attributes, Pointer signals);

    int posix_spawnattr_setsigdefault(Pointer attributes, Pointer signals);

    int posix_spawnattr_setpgroup(Pointer attributes, int processGroup);

    @IgnoreError
    int getpid();

    @IgnoreError
    int geteuid();

    Pointer getpwnam(String name);

    Pointer getpwuid(int user);

    int getgrouplist(String user, int group, Pointer groups, Pointer count);

    int kill(int pid, int signal);

    int waitpid(int pid, long status, int options);

    int waitid(int type, int id, long info, int options);

    int clock_getcpuclockid(int pid, Pointer clock);

    int clock_gettime(int clock, Pointer time);

    int getrusage(int who, Pointer usage);
}
