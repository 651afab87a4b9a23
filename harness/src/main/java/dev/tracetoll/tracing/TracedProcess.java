package dev.tracetoll.tracing;

import java.util.function.IntConsumer;

/**
 * The process to trace.
 *
 * @param pid its process id
 * @param awaitingExec true for a process that waits to execute the program, and has only one thread; false for a running program
 * @param killOnExit whether it is to die with the tracer, should that be killed; else it is to run on
 * @param reaped told the process's wait status, if it is the tracer whose wait(2) collects it
 */
public record TracedProcess(int pid, boolean awaitingExec, boolean killOnExit, IntConsumer reaped) {

    /** One that dies with the tracer if it was launched to be traced, and runs on if it was running already. */
    public TracedProcess(int pid, boolean awaitingExec, IntConsumer reaped) {
        this(pid, awaitingExec, awaitingExec, reaped);
    }
}
