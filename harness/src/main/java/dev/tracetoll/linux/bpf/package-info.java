/** BPF programs and maps: assembled or loaded by libbpf, attached to uprobes and tracepoints, read through ring buffers. */
package dev.tracetoll.linux.bpf;
