/** Tracing of system calls: what is asked for, what is seen, and the interface of the techniques. */
package dev.tracetoll.tracing.syscall;
