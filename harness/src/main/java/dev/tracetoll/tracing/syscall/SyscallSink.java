package dev.tracetoll.tracing.syscall;

/** Receives the events of a process's system calls; called by one thread at a time. */
@FunctionalInterface
public interface SyscallSink {

    void accept(SyscallEvent event);
}
