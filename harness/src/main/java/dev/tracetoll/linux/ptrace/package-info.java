/** Threads that are traced by ptrace: their stops, registers, memory and signals. */
package dev.tracetoll.linux.ptrace;
