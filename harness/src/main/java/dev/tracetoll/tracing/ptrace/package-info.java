/** Tracing with breakpoints and ptrace(2), the way debuggers do it. */
package dev.tracetoll.tracing.ptrace;
