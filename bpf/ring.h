/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The producers' side of the ring that records are written into; struct tt_ring_head says how it is laid out. To be included behind the short
 * names of the kernel's types.
 */
#ifndef TRACETOLL_RING_H
#define TRACETOLL_RING_H

#include "tracetoll.h"

/* How often to try before another thread that is always faster is given up on. */
#define MOST_TRIES 64

#define WORD 8
#define PADDED(bytes) (((bytes) + WORD - 1) & ~(u32)(WORD - 1))

/* What a record of that length takes of the ring. */
#define RING_ROOM(length) (TT_RECORD_LENGTH_BYTES + PADDED(length))

/* Room for a record; 0 if there is none. */
static __always_inline u8 *ring_reserve(struct tt_ring_head *head, u32 length, u32 ring_bytes)
{
	for (u32 i = 0; i < MOST_TRIES; i++) {
		u64 at = *(volatile u64 *)&head->produced;

		/*
		 * A thread that is stopped between the two reads may find that more was consumed than it knows to be produced. That is no full
		 * ring; the exchange fails, and it looks again.
		 */
		if ((s64)(at + RING_ROOM(length) - *(volatile u64 *)&head->consumed) > (s64)ring_bytes)
			return 0;
		if (__sync_val_compare_and_swap(&head->produced, at, at + RING_ROOM(length)) == at)
			return (u8 *)(head + 1) + (at & (ring_bytes - 1)) + TT_RECORD_LENGTH_BYTES;
	}
	return 0;
}

/* The record is whole. */
static __always_inline void ring_commit(u8 *record, u32 length)
{
	/* The processor keeps the order of stores; the compiler has to be told. */
	asm volatile("" ::: "memory");
	*(volatile u64 *)(record - TT_RECORD_LENGTH_BYTES) = length;
}

/* What is unread of that which was written before the record. */
static __always_inline u64 ring_unread_before(const struct tt_ring_head *head, const u8 *record, u32 ring_bytes)
{
	u64 at = (u64)record - (u64)head - sizeof(*head) - TT_RECORD_LENGTH_BYTES;

	/* The verifier wants all 64 bits of a difference of pointers, whatever is made of it. */
	asm volatile("" : "+r"(at));
	/* It was unread when this record got its place, or has been read since; less than the ring holds, so nothing is cut off. */
	return (at - *(volatile u64 *)&head->consumed) & (ring_bytes - 1);
}

/* Whether the record that adds so much to what was unread is the one that makes it enough; 0: nothing ever is. */
static __always_inline int ring_is_enough(u64 unread, u64 more, u32 enough)
{
	return unread < enough && unread + more >= enough;
}

#endif
