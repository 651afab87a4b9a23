/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The contract between the BPF programs that fill buffers and the Java side, dev.tracetoll.tracing.buffer.BufferContract.
 */
#ifndef BUFFERS_H
#define BUFFERS_H

/* Where records go. */
enum tb_buffer {
	TB_NONE = 0,    /* nowhere: there are none */
	TB_RING = 1,    /* our own ring, struct tt_ring_head */
	TB_RINGBUF = 2, /* the kernel's BPF_MAP_TYPE_RINGBUF */
	TB_PERF = 3,    /* the perf buffer of the CPU */
};

/* Set before the program is loaded. */
struct tb_config {
	__u32 buffer;       /* enum tb_buffer */
	__u32 record_bytes; /* of each record, from sizeof(struct tb_record) on */
	__u32 buffer_bytes; /* of the ring or ring buffer: a power of two */
	__u32
	    wakeup_records; /* so many records wake the consumer; 0: none does. Not for the perf buffer, which is told by perf_event_open(2) */
	__u32 wakeup_bytes; /* so many unread bytes do; 0: none do */
	__u32 caught_up;    /* the kernel wakes a consumer that had read everything: what BPF ring buffers do by themselves */
	__u32 arrivals;     /* not 0: it is noted when records come */
};

/* A record; what is behind, up to config.record_bytes, is left as it is. */
struct tb_record {
	__u64 timestamp_ns; /* CLOCK_MONOTONIC */
	__u64 unused;
};

struct tb_counters {
	__u64 lost;         /* records that found no room */
	__u64 losses;       /* runs of them, one behind the other */
	__u64 longest_loss; /* the longest of these */
	__u64 this_loss;    /* how long the one is that goes on; 0: none does */
	__u64 most_unread;  /* bytes, with the record that made them so many; of our own ring */
	__u64 records;      /* counted only if some number of them wakes the consumer */
};

#endif
