/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * When something came: added up in short times of equal length. To be included behind the short names of types. The Java side is
 * dev.tracetoll.tracing.ring.ArrivalBins.
 */
#ifndef ARRIVALS_H
#define ARRIVALS_H

/* A bin is 2 to that power nanoseconds, 65.5 us: bin t is for all times whose upper bits are t, modulo their number. They reach back 17 s. */
#define TT_BIN_LOG2 16
#define TT_BINS_LOG2 18
#define TT_BINS (1 << TT_BINS_LOG2)

struct tt_arrivals {
	u32 bin[TT_BINS];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct tt_arrivals);
} arrivals SEC(".maps");

static __always_inline void arrive(u64 now)
{
	u32 zero = 0;
	struct tt_arrivals *all = bpf_map_lookup_elem(&arrivals, &zero);

	if (all)
		__sync_fetch_and_add(&all->bin[now >> TT_BIN_LOG2 & (TT_BINS - 1)], 1);
}

#endif
