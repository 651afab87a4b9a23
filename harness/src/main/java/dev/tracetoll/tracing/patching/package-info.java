/** Changing the code of a process that runs: jumps in place of some instructions, and what they lead to. */
package dev.tracetoll.tracing.patching;
