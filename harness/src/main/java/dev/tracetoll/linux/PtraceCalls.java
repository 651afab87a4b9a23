package dev.tracetoll.linux;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.annotations.IgnoreError;

/**
 * The C functions behind {@link Ptrace} and {@link WakeSignal}, bound with fixed arity and with addresses as integers, which keeps
 * calls on jnr's fast path.
 */
public interface PtraceCalls {

    /** libc. */
    PtraceCalls LIBC = LibraryLoader.create(PtraceCalls.class).failImmediately().load("c");

    long ptrace(long request, long thread, long address, long data);

    int waitpid(int pid, long status, int options);

    int waitid(int type, int id, long info, int options);

    /** The vectors are pointers, as jffi 1.4.3 passes garbage for the sixth of six integers. */
    long process_vm_readv(int pid, Pointer local, long localCount, Pointer remote, long remoteCount, long flags);

    long process_vm_writev(int pid, Pointer local, long localCount, Pointer remote, long remoteCount, long flags);

    int sched_getaffinity(int thread, long size, long mask);

    int sched_setaffinity(int thread, long size, long mask);

    @IgnoreError
    int sched_getcpu();

    int tgkill(int process, int thread, int signal);

    int sigaction(int signal, long action, long old);

    int pthread_sigmask(int how, long set, long old);

    @IgnoreError
    int gettid();

    @IgnoreError
    int getpid();

    @IgnoreError
    int __libc_current_sigrtmin();

    @IgnoreError
    int __libc_current_sigrtmax();
}
