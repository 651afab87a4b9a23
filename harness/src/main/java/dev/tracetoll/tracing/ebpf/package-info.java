/** Tracing with eBPF programs on uprobes and a ring buffer. */
package dev.tracetoll.tracing.ebpf;
