package dev.tracetoll.tracing;

import java.util.function.IntConsumer;

/**
 * The process to trace.
 *
 * @param pid its process id
 * @param awaitingExec true for a process stopped (by SIGSTOP) just before it executes the program, false for a running program
 * @param reaped told the process's wait status, if it is the tracer whose wait(2) collects it
 */
public record TracedProcess(int pid, boolean awaitingExec, IntConsumer reaped) {}
