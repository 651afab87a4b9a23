// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Fills a buffer with a record of a given length at each hit, to find out what buffers cost and when they overflow.
 */
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>

#include "buffers.h"

typedef __u8 u8;
typedef __u32 u32;
typedef __u64 u64;
typedef __s64 s64;

#include "arrivals.h"
#include "ring.h"

#define MOST_RECORD_BYTES (16 << 10)

const volatile struct tb_config config = {};

/* See tt_ring_head. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(u32));
	__uint(value_size, sizeof(struct tt_ring_head) + TT_RING_SPARE); /* the loader sets the real size */
} ring SEC(".maps");

/* Rung to wake the consumer of the ring. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} bell SEC(".maps");

/* The loader sets the real size. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} ringbuf SEC(".maps");

/* A perf buffer for each CPU; the loader sets how many there are. */
struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u32);
} perf SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct tb_counters);
} counters SEC(".maps");

/* What goes into the perf buffer. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(u32));
	__uint(value_size, MOST_RECORD_BYTES);
} scratch SEC(".maps");

static __always_inline void *only(void *map)
{
	u32 zero = 0;

	return bpf_map_lookup_elem(map, &zero);
}

static __always_inline void lose(struct tb_counters *count)
{
	u64 length = __sync_fetch_and_add(&count->this_loss, 1) + 1;

	__sync_fetch_and_add(&count->lost, 1);
	if (length == 1)
		__sync_fetch_and_add(&count->losses, 1);
	if (length > count->longest_loss)
		count->longest_loss = length;
}

static __always_inline void keep(struct tb_counters *count)
{
	/* Only written when it changes: all CPUs read it. */
	if (*(volatile u64 *)&count->this_loss)
		*(volatile u64 *)&count->this_loss = 0;
}

static __always_inline void note_unread(struct tb_counters *count, u64 unread)
{
	for (u32 i = 0; i < MOST_TRIES; i++) {
		u64 most = *(volatile u64 *)&count->most_unread;

		if (unread <= most || __sync_val_compare_and_swap(&count->most_unread, most, unread) == most)
			return;
	}
}

static __always_inline int is_kth(struct tb_counters *count)
{
	return config.wakeup_records == 1
	    || (config.wakeup_records && __sync_fetch_and_add(&count->records, 1) % config.wakeup_records == 0);
}

static __always_inline void into_ring(struct tb_counters *count, u64 now)
{
	struct tt_ring_head *head = only(&ring);
	struct tb_record *record;
	u64 unread;

	if (!head)
		return;
	record = (struct tb_record *)ring_reserve(head, config.record_bytes, config.buffer_bytes);
	if (!record) {
		lose(count);
		return;
	}
	keep(count);
	unread = ring_unread_before(head, (u8 *)record, config.buffer_bytes);
	note_unread(count, unread + RING_ROOM(config.record_bytes));
	record->timestamp_ns = now;
	ring_commit((u8 *)record, config.record_bytes);
	if (is_kth(count) || ring_is_enough(unread, RING_ROOM(config.record_bytes), config.wakeup_bytes))
		bpf_ringbuf_output(&bell, &now, sizeof(now), BPF_RB_FORCE_WAKEUP);
}

static __always_inline void into_ringbuf(struct tb_counters *count, u64 now)
{
	struct tb_record *record = bpf_ringbuf_reserve(&ringbuf, config.record_bytes, 0);
	u64 unread = 0;
	int wakes;

	if (!record) {
		lose(count);
		return;
	}
	keep(count);
	if (config.wakeup_bytes)
		unread = bpf_ringbuf_query(&ringbuf, BPF_RB_AVAIL_DATA) - RING_ROOM(config.record_bytes);
	record->timestamp_ns = now;
	wakes = is_kth(count) || ring_is_enough(unread, RING_ROOM(config.record_bytes), config.wakeup_bytes);
	bpf_ringbuf_submit(record, wakes ? BPF_RB_FORCE_WAKEUP : config.caught_up ? 0 : BPF_RB_NO_WAKEUP);
}

static __always_inline void into_perf(struct pt_regs *ctx, struct tb_counters *count, u64 now)
{
	struct tb_record *record = only(&scratch);
	u32 length = config.record_bytes;

	if (!record || length > MOST_RECORD_BYTES)
		return;
	record->timestamp_ns = now;
	if (bpf_perf_event_output(ctx, &perf, BPF_F_CURRENT_CPU, record, length))
		lose(count);
	else
		keep(count);
}

SEC("uprobe")
int on_call(struct pt_regs *ctx)
{
	struct tb_counters *count = only(&counters);
	u64 now = bpf_ktime_get_ns();

	if (!count)
		return 0;
	if (config.arrivals)
		arrive(now);
	if (config.buffer == TB_RING)
		into_ring(count, now);
	else if (config.buffer == TB_RINGBUF)
		into_ringbuf(count, now);
	else if (config.buffer == TB_PERF)
		into_perf(ctx, count, now);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
