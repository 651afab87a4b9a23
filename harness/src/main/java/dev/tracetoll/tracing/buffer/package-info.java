/** Buffers between BPF programs and their reader: what filling and draining them costs, and when they overflow. */
package dev.tracetoll.tracing.buffer;
