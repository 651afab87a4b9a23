package dev.tracetoll.linux.libc;

import jnr.ffi.Pointer;
import jnr.ffi.annotations.IgnoreError;

/**
 * What libc does with single threads: tracing them, their process's memory, placing them, signals. Addresses are integers, which keeps calls on
 * jnr's fast path.
 */
public interface ThreadCalls {

    ThreadCalls LIBC = Libc.bind(ThreadCalls.class);

    long ptrace(long request, long thread, long address, long data);

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
    int __libc_current_sigrtmin();

    @IgnoreError
    int __libc_current_sigrtmax();
}
