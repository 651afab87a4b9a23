/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The contract between the BPF programs that trace write(2) and the Java side, which reads from the object how the maps' values are laid out, and has
 * the rest in dev.tracetoll.tracing.ebpf.SyscallContract; a test compares them.
 */
#ifndef TRACETOLL_SYSCALLS_H
#define TRACETOLL_SYSCALLS_H

/* The most bytes of the buffer in a record. */
#define TS_MAX_HEAD_BYTES 4096

/* Set before the programs are loaded. */
struct ts_config {
	__u32 process;           /* whose calls */
	__u32 lowest_descriptor; /* calls on lower ones are left out */
	__u32 head_bytes;        /* of the buffer, at most; no more than TS_MAX_HEAD_BYTES */
};

enum ts_kind {
	TS_ENTRY = 0,
	TS_EXIT = 1,
};

/* Every record in the ring buffer starts so. */
struct ts_record {
	__u32 kind;
	__u32 thread;
	__u64 timestamp_ns; /* CLOCK_MONOTONIC */
	__u64 lost;         /* records lost before this one: if as many as before another one, then none was lost between the two */
};

/* Followed by the head of the buffer; the record is always as long as if it had ts_config.head_bytes bytes. */
struct ts_entry {
	struct ts_record record;
	__u64 length; /* what the caller asks to write */
	__u32 descriptor;
	__s32 head; /* bytes of the buffer that follow; negative: the error that reading it gave */
};

struct ts_exit {
	struct ts_record record;
	__s64 result; /* bytes written, or a negative error */
};

/* Records that found no room in the ring buffer. */
struct ts_counters {
	__u64 lost_entries;
	__u64 lost_exits;
};

#endif
