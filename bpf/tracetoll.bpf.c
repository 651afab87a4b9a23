// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Traces Go functions: one generic program, told by maps what to capture at each probe site.
 *
 * A record is put together in a scratch buffer, because its length is known only at the end, and then copied into the ring buffer. The
 * buffers are per CPU, and there are several: a uprobe program can be preempted, and another thread could then run it on the same CPU.
 *
 * dev.tracetoll.tracing.RecordWriter is the twin of what is done here: what is changed here is changed there.
 */
#include <linux/bpf.h>
#include <linux/errno.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#include "tracetoll.h"

typedef __u8 u8;
typedef __u16 u16;
typedef __s32 s32;
typedef __u32 u32;
typedef __s64 s64;
typedef __u64 u64;

#include "arrivals.h"
#include "ring.h"

const volatile struct tt_config config;

/* The kernel's own, as far as they matter; where the fields are is found out when the program is loaded. */
struct thread_struct {
	unsigned long fsbase;
} __attribute__((preserve_access_index));

struct task_struct;

struct rq {
	struct task_struct *curr;
	int cpu;
} __attribute__((preserve_access_index));

struct cfs_rq {
	struct rq *rq;
} __attribute__((preserve_access_index));

struct sched_entity {
	struct cfs_rq *cfs_rq;
} __attribute__((preserve_access_index));

struct inode;

struct file {
	struct inode *f_inode;
} __attribute__((preserve_access_index));

struct fdtable {
	struct file **fd;
} __attribute__((preserve_access_index));

struct files_struct {
	struct fdtable *fdt;
} __attribute__((preserve_access_index));

struct linux_binprm {
	struct file *file;
	const char *filename;
} __attribute__((preserve_access_index));

struct pid_namespace;

struct upid {
	int nr;
	struct pid_namespace *ns;
} __attribute__((preserve_access_index));

struct pid {
	unsigned int level;
	struct upid numbers[1];
} __attribute__((preserve_access_index));

struct sigaction {
	void *sa_handler;
} __attribute__((preserve_access_index));

struct k_sigaction {
	struct sigaction sa;
} __attribute__((preserve_access_index));

struct sighand_struct {
	struct k_sigaction action[64];
} __attribute__((preserve_access_index));

typedef struct {
	unsigned long sig[1];
} sigset_t;

struct task_struct {
	struct thread_struct thread;
	struct sched_entity se;
	int pid;
	struct sighand_struct *sighand;
	sigset_t blocked;
	struct pid *thread_pid;
	struct files_struct *files;
} __attribute__((preserve_access_index));

/* See tt_ring_head. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(u32));
	__uint(value_size, sizeof(struct tt_ring_head) + TT_RING_SPARE); /* the loader sets the real size */
} ring SEC(".maps");

/* Rung for each record where that is wanted. The loader sets a real size where it has values, too. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} bell SEC(".maps");

/* The loader sets the real number of entries of these five. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct tt_site);
} sites SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct tt_type);
} types SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct tt_reference);
} references SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct tt_map);
} maps SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, u64);
	__type(value, struct tt_dynamic_type);
} dynamic_types SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct tt_counters);
} counters SEC(".maps");

struct goroutines {
	struct tt_goroutine at[TT_GOROUTINES];
};

/* In one element, which a program reaches without a call. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct goroutines);
} goroutines SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct tt_currents);
} currents SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct tt_process);
} process SEC(".maps");

/* How often each site was hit, one CPU's behind the other's. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u64);
} hits SEC(".maps");

/* Of each function, one copy of all behind the other. The loader sets the real number of entries of this and the next two. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct tt_totals);
} totals SEC(".maps");

/* Of each function. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct tt_error_results);
} error_results SEC(".maps");

/* Where on which stack a call is; see tt_record. */
struct place {
	u64 goroutine;
	u64 frame;
};

/*
 * The calls that have not returned. Those that never will, because of a panic or because their goroutine ended, go when there is no room:
 * the kernel takes what was not used for longest.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1);
	__type(key, struct place);
	__type(value, struct tt_note);
} notes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct tt_left_out);
} left_out SEC(".maps");

/* The calls that were chosen and have not returned, where each is chosen by itself. The loader sets the real number of entries. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, struct place);
	__type(value, u64);
} chosen SEC(".maps");

/* A record of this thread that waits for its floating-point registers. */
struct pending {
	u64 resumes_at;
	u32 site;
	u32 floats;
};

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct pending);
} pending_floats SEC(".maps");

/* A call whose stack is growing: it will hit its site again. */
struct growth {
	u32 site;
	u8 lost;     /* there was no room for its record */
	u8 unseen;   /* it began before records were wanted */
	u8 left_out; /* it was not chosen */
	u8 unused;
	u64 frame;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1 << 16);
	__type(key, u64); /* goroutine */
	__type(value, struct growth);
} growths SEC(".maps");

/* on_site, for the programs that are compiled for a shape and leave to it what is out of the ordinary. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u32);
} interpreter SEC(".maps");

/* <asm/signal.h> */
#define SIGSTOP 19
#define BLOCK_HEADER ((u32)sizeof(struct tt_block))
#define RECORD_HEADER ((u32)sizeof(struct tt_record))
/* Behind the last block that may start there is room for a whole one. */
#define SCRATCH_BYTES (TT_LAST_BLOCK_AT + BLOCK_HEADER + TT_MAX_BLOCK_BYTES + WORD)
/* An entry of a map is written before it is known to fit. */
#define SPARE_BYTES (2 * TT_MAX_SLOT_BYTES + WORD)
/* Threads that can be in the midst of a record on one CPU: each has preempted the one before. */
#define SCRATCH_BUFFERS 4

enum map_end {
	MAP_GOES_ON = 0,
	MAP_WHOLE, /* every group was visited */
	MAP_CUT,   /* there is no room for more entries */
	MAP_UNREADABLE,
};

/* A map whose entries are being copied. */
struct map_visit {
	u64 groups; /* where the groups to be visited next are, and how many */
	u64 groups_left;
	u64 later_groups; /* those behind them */
	u64 later_groups_left;
	u64 tables; /* where the next table's address is, and how many there are */
	u64 tables_left;
	u64 latest_table;
	u64 overflow; /* the bucket that belongs to the one visited */
	u64 group;    /* the group visited */
	u64 controls;
	u64 checksum; /* of all groups visited */
	u64 length;   /* entries that the map says it has */
	u32 visited;  /* how many groups were */
	u32 to_visit; /* how many are to be visited again; 0 the first time */
	u32 slot;     /* the next of the group */
	u32 to;       /* where in the record the next entry goes */
	u32 count;    /* entries copied */
	u32 most;
	u32 end; /* enum map_end */
	u32 unused;
};

/* What of a map's header must be the same behind the visit as before it. */
struct map_header {
	u64 length;
	u64 groups;
	u64 more_groups;
	u32 state;
	u32 log2;
};

/*
 * The state of following references: where the block is that is being visited, where the next is appended. In a map, not on the stack: of
 * what is there the verifier keeps no ranges, and so takes many states for the same that it would visit one by one.
 */
struct walk {
	u64 bias;
	u32 block;
	u32 end;
	u32 element;
	u32 reference;
	u32 full;
	u32 map_steps;
};

struct scratch {
	u32 busy;
	u32 unused;
	struct walk walk;
	struct map_visit map;
	struct map_header header;
	u8 record[SCRATCH_BYTES + SPARE_BYTES];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, SCRATCH_BUFFERS);
	__type(key, u32);
	__type(value, struct scratch);
} scratches SEC(".maps");

static __always_inline struct tt_ring_head *ring_head(void)
{
	u32 zero = 0;

	return bpf_map_lookup_elem(&ring, &zero);
}

/* Whether hits count: the one switch that all programs have, so that tracing begins and ends at one instant for all sites. */
static __always_inline int is_open(const struct tt_ring_head *head)
{
	return *(const volatile u64 *)&head->open != 0;
}

static __always_inline struct tt_counters *count(void)
{
	u32 zero = 0;

	return bpf_map_lookup_elem(&counters, &zero);
}

/* Room for a record; 0 if there is none. */
static __always_inline u8 *reserve(struct tt_ring_head *head, u32 length)
{
	u8 *record = ring_reserve(head, length, config.ring_bytes);
	struct tt_counters *counters;

	if (record)
		return record;
	counters = count();
	if (counters)
		__sync_fetch_and_add(&counters->lost_bytes, RING_ROOM(length));
	return 0;
}

/* Whether this record is to wake the consumer. */
static __always_inline int is_to_ring(const u8 *record, u32 length)
{
	if (config.wakeup_records > 1) {
		struct tt_counters *counters = count();

		return counters && __sync_fetch_and_add(&counters->records, 1) % config.wakeup_records == 0;
	}
	if (config.wakeup_bytes) {
		struct tt_ring_head *head = ring_head();
		u64 unread = head ? ring_unread_before(head, record, config.ring_bytes) : 0;

		return ring_is_enough(unread, RING_ROOM(length), config.wakeup_bytes);
	}
	return config.wakeup_records;
}

/* The record is whole. */
static __always_inline void commit(u8 *record, u32 length)
{
	ring_commit(record, length);
	if (is_to_ring(record, length)) {
		u64 any = 0;

		bpf_ringbuf_output(&bell, &any, sizeof(any), BPF_RB_FORCE_WAKEUP);
	}
}

/*
 * Each value as a record of its own that wakes the consumer, as Delve has it (pkg/proc/internal/ebpf/bpf/trace.bpf.c): to be measured. The event
 * has all values, so nobody needs what is in these; they begin as it does. Returns 0 if there is no room, so that the event counts as lost.
 */
static __always_inline int write_values(const struct tt_site *site, const struct scratch *scratch)
{
	for (u32 i = 0; i < TT_MAX_VALUES; i++) {
		if (i >= site->values)
			break;
		if (bpf_ringbuf_output(&bell, (void *)scratch->record, TT_VALUE_BYTES, BPF_RB_FORCE_WAKEUP))
			return 0;
	}
	return 1;
}

static __always_inline struct scratch *take_scratch(void)
{
	for (u32 i = 0; i < SCRATCH_BUFFERS; i++) {
		u32 key = i;
		struct scratch *scratch = bpf_map_lookup_elem(&scratches, &key);

		if (scratch && __sync_val_compare_and_swap(&scratch->busy, 0, 1) == 0)
			return scratch;
	}
	return 0;
}

/* Integer registers that parts can be in. */
#define INT_REGISTERS 11
#define INT_REGISTERS_MASK 15

/* The integer argument registers of Go's ABIInternal, in order; padded so that a masked index is always inside. */
static __always_inline void read_registers(struct pt_regs *ctx, u64 *registers)
{
	registers[0] = ctx->rax;
	registers[1] = ctx->rbx;
	registers[2] = ctx->rcx;
	registers[3] = ctx->rdi;
	registers[4] = ctx->rsi;
	registers[5] = ctx->r8;
	registers[6] = ctx->r9;
	registers[7] = ctx->r10;
	registers[8] = ctx->r11;
	/* No arguments: where a jump leads to a probe, floating-point registers have been moved there before. */
	registers[9] = ctx->r12;
	registers[10] = ctx->r13;
	for (int i = INT_REGISTERS; i <= INT_REGISTERS_MASK; i++)
		registers[i] = 0;
}

/* Writes the variables of the site into the first block. Returns which parts could not be read. */
static __always_inline u64 capture_parts(u8 *image, const struct tt_site *site, const u64 *registers, u64 arguments)
{
	u64 unreadable = 0;

	for (u32 i = 0; i < TT_MAX_PARTS; i++) {
		const struct tt_part *part = &site->part[i];
		u32 to, size;
		u64 value = 0;

		if (i >= site->parts)
			break;
		to = part->to;
		size = part->size;
		if (to >= TT_MAX_BLOCK_BYTES || size > TT_MAX_BLOCK_BYTES)
			break;
		if (part->source == TT_STACK) {
			if (bpf_probe_read_user(image + to, size, (void *)(arguments + part->offset)))
				unreadable |= 1ull << i;
			continue;
		}
		if (part->source == TT_INT_REGISTER)
			value = registers[part->index & INT_REGISTERS_MASK];
		if (size == 8)
			*(u64 *)(image + to) = value;
		else if (size == 4)
			*(u32 *)(image + to) = value;
		else if (size == 2)
			*(u16 *)(image + to) = value;
		else
			*(image + to) = value;
	}
	return unreadable;
}

static __always_inline struct tt_block *block_at(struct scratch *scratch, u32 at)
{
	if (at > TT_LAST_BLOCK_AT)
		return 0;
	return (struct tt_block *)(scratch->record + at);
}

static __always_inline void append(struct scratch *scratch, u32 type, u64 address, u64 size, u32 count, u32 depth, u64 dynamic_type)
{
	u32 bytes = size < TT_MAX_BLOCK_BYTES ? size : TT_MAX_BLOCK_BYTES;
	struct tt_block *block = block_at(scratch, scratch->walk.end);
	long error = 0;

	if (!block) {
		scratch->walk.full = 1;
		return;
	}
	if (bytes)
		error = bpf_probe_read_user((u8 *)block + BLOCK_HEADER, bytes, (void *)address);
	block->type = type;
	block->bytes = error ? (s32)error : (s32)bytes;
	block->count = count;
	block->depth = depth;
	block->address = dynamic_type;
	scratch->walk.end += BLOCK_HEADER + (error ? 0 : PADDED(bytes));
}

static __always_inline void follow_interface(struct scratch *scratch, u64 type, u64 data, u32 depth)
{
	u64 description = type - scratch->walk.bias;
	const struct tt_dynamic_type *dynamic = bpf_map_lookup_elem(&dynamic_types, &description);
	const struct tt_type *known;
	u32 id;

	if (!dynamic) {
		append(scratch, TT_UNKNOWN_TYPE, 0, 0, 0, depth, description);
		return;
	}
	id = dynamic->type;
	if (dynamic->direct) {
		struct tt_block *block = block_at(scratch, scratch->walk.end);

		if (!block) {
			scratch->walk.full = 1;
			return;
		}
		block->type = id;
		block->bytes = WORD;
		block->count = 1;
		block->depth = depth;
		block->address = description;
		*(u64 *)((u8 *)block + BLOCK_HEADER) = data;
		scratch->walk.end += BLOCK_HEADER + WORD;
		return;
	}
	known = bpf_map_lookup_elem(&types, &id);
	if (known)
		append(scratch, id, data, known->size, 1, depth, description);
}

static __always_inline u64 shown(u64 length, u32 size)
{
	u64 most;

	if ((s64)length <= 0)
		return 0;
	if (size == 0)
		return length < 0x7fffffff ? length : 0x7fffffff;
	most = config.max_bytes;
	if (size > 1) {
		most /= size;
		if (most == 0)
			most = 1;
	}
	return length < most ? length : most;
}

/* src/runtime/map.go of Go before 1.24. */
#define HMAP_WRITING 4
#define HMAP_SAME_SIZE_GROW 8
#define MIN_TOP_HASH 5
/* src/internal/runtime/maps/group.go: the highest bit of the control byte of a slot that is empty or deleted. */
#define NOT_FULL 0x80
/* Odd, so that nothing is lost by multiplying with it. */
#define CHECKSUM_FACTOR 0x9e3779b97f4a7c15ull

/* Reads a header by way of `buffer`, where there must be room for the largest. */
static __always_inline long read_map_header(struct map_header *header, const struct tt_map *map, u64 address, u8 *buffer)
{
	u32 size = map->header_bytes;
	long error;

	if (size > TT_MAX_MAP_HEADER_BYTES)
		size = TT_MAX_MAP_HEADER_BYTES;
	error = bpf_probe_read_user(buffer, size, (void *)address);
	if (error)
		return error;
	header->length = *(u64 *)(buffer + (map->length & (TT_MAX_MAP_HEADER_BYTES - WORD)));
	header->groups = *(u64 *)(buffer + (map->groups & (TT_MAX_MAP_HEADER_BYTES - WORD)));
	header->more_groups = *(u64 *)(buffer + (map->more_groups & (TT_MAX_MAP_HEADER_BYTES - WORD)));
	header->state = buffer[map->state & (TT_MAX_MAP_HEADER_BYTES - 1)];
	header->log2 = 0;
	if (!map->swiss) {
		header->state &= HMAP_WRITING | HMAP_SAME_SIZE_GROW;
		header->log2 = buffer[map->log2 & (TT_MAX_MAP_HEADER_BYTES - 1)];
	}
	return 0;
}

static __always_inline int is_being_written(const struct map_header *header, const struct tt_map *map)
{
	return map->swiss ? header->state : header->state & HMAP_WRITING;
}

/* Which groups there are; the first time, and once more to see whether they are the same. */
static __always_inline void begin_map(struct map_visit *visit, const struct map_header *header, const struct tt_map *map)
{
	visit->groups = header->groups;
	visit->groups_left = header->groups ? 1 : 0;
	visit->later_groups_left = 0;
	visit->tables_left = 0;
	visit->latest_table = 0;
	visit->overflow = 0;
	visit->checksum = 0;
	visit->visited = 0;
	visit->slot = TT_MAP_SLOTS;
	visit->end = MAP_GOES_ON;
	if (map->swiss) {
		if (header->more_groups) {
			visit->groups_left = 0;
			visit->tables = header->groups;
			visit->tables_left = header->more_groups;
		}
		return;
	}
	visit->groups_left <<= header->log2 & 63;
	if (header->more_groups) {
		/* Of the old buckets those that are moved have marks that no full slot has, and their new ones are still empty before. */
		visit->later_groups = header->groups;
		visit->later_groups_left = visit->groups_left;
		visit->groups = header->more_groups;
		if (!(header->state & HMAP_SAME_SIZE_GROW))
			visit->groups_left >>= 1;
	}
}

static __always_inline long next_group(struct map_visit *visit, const struct tt_map *map)
{
	u64 group, table;

	if (visit->to_visit && visit->visited == visit->to_visit) {
		visit->end = MAP_WHOLE;
		return 1;
	}
	if (visit->overflow) {
		group = visit->overflow;
		visit->overflow = 0;
	} else if (visit->groups_left) {
		group = visit->groups;
		visit->groups += map->group_bytes;
		visit->groups_left--;
	} else if (visit->later_groups_left) {
		visit->groups = visit->later_groups;
		visit->groups_left = visit->later_groups_left;
		visit->later_groups_left = 0;
		return 0;
	} else if (visit->tables_left) {
		if (bpf_probe_read_user(&table, sizeof(table), (void *)visit->tables))
			goto unreadable;
		visit->tables += WORD;
		visit->tables_left--;
		/* All places of the directory that have the same table are adjacent. */
		if (table == visit->latest_table)
			return 0;
		visit->latest_table = table;
		if (bpf_probe_read_user(&visit->groups, sizeof(visit->groups), (void *)(table + map->table_groups))
		    || bpf_probe_read_user(&visit->groups_left, sizeof(visit->groups_left), (void *)(table + map->table_mask)))
			goto unreadable;
		visit->groups_left++;
		return 0;
	} else {
		visit->end = MAP_WHOLE;
		return 1;
	}
	if (bpf_probe_read_user(&visit->controls, sizeof(visit->controls), (void *)(group + map->controls)))
		goto unreadable;
	if (map->overflow && bpf_probe_read_user(&visit->overflow, sizeof(visit->overflow), (void *)(group + map->overflow)))
		goto unreadable;
	visit->group = group;
	visit->checksum = (visit->checksum ^ visit->controls ^ group) * CHECKSUM_FACTOR;
	visit->visited++;
	visit->slot = visit->to_visit ? TT_MAP_SLOTS : 0;
	return 0;
unreadable:
	visit->end = MAP_UNREADABLE;
	return 1;
}

struct map_context {
	struct scratch *scratch;
	const struct tt_map *map;
};

/* Looks at one slot, or goes on to the next group; 1 ends the visit. */
static long map_step(u32 index, struct map_context *context)
{
	struct map_visit *visit = &context->scratch->map;
	const struct tt_map *map = context->map;
	u32 slot = visit->slot;
	u32 to = visit->to;
	u32 key_bytes = map->key_bytes;
	u32 value_bytes = map->value_bytes;
	u32 value_offset = map->value_offset;
	u8 control;

	(void)index;
	if (slot >= TT_MAP_SLOTS)
		return next_group(visit, map);
	visit->slot = slot + 1;
	control = visit->controls >> 8 * slot;
	if (map->swiss ? control & NOT_FULL : control < MIN_TOP_HASH)
		return 0;
	if (visit->count >= visit->most || to > SCRATCH_BYTES || key_bytes > TT_MAX_SLOT_BYTES || value_bytes > TT_MAX_SLOT_BYTES
	    || value_offset > TT_MAX_SLOT_BYTES + WORD) {
		visit->end = MAP_UNREADABLE;
		return 1;
	}
	if ((key_bytes
		&& bpf_probe_read_user(
		    context->scratch->record + to, key_bytes, (void *)(visit->group + map->keys + slot * map->key_stride)))
	    || (value_bytes
		&& bpf_probe_read_user(context->scratch->record + to + value_offset, value_bytes,
		    (void *)(visit->group + map->values + slot * map->value_stride)))) {
		visit->end = MAP_UNREADABLE;
		return 1;
	}
	visit->to = to + map->entry_bytes;
	visit->count++;
	if (visit->count == visit->most && visit->most < visit->length) {
		visit->end = MAP_CUT;
		return 1;
	}
	return 0;
}

/* Copies entries behind where the header was read to; whether they can be relied on, although other threads run on meanwhile. */
static __always_inline int copy_entries(struct scratch *scratch, const struct tt_map *map, u64 address)
{
	struct map_visit *visit = &scratch->map;
	struct map_context context = {scratch, map};
	const struct map_header before = scratch->header;
	struct map_header *after = &scratch->header;
	u64 checksum;
	u32 to;

	visit->count = 0;
	visit->length = before.length;
	visit->to_visit = 0;
	begin_map(visit, &before, map);
	if (before.length)
		scratch->walk.map_steps += bpf_loop(TT_MAX_MAP_STEPS - scratch->walk.map_steps, map_step, &context, 0);
	if (scratch->walk.map_steps > TT_MAX_MAP_STEPS)
		scratch->walk.map_steps = TT_MAX_MAP_STEPS;
	if (visit->end == MAP_UNREADABLE || (visit->end == MAP_WHOLE && visit->count != visit->length))
		return 0;
	if (visit->visited) {
		checksum = visit->checksum;
		visit->to_visit = visit->visited;
		begin_map(visit, &before, map);
		bpf_loop(TT_MAX_MAP_STEPS, map_step, &context, 0);
		if (visit->end != MAP_WHOLE || visit->checksum != checksum)
			return 0;
	}
	to = visit->to;
	return to <= SCRATCH_BYTES && !read_map_header(after, map, address, scratch->record + to) && after->length == before.length
	    && after->groups == before.groups && after->more_groups == before.more_groups && after->state == before.state
	    && after->log2 == before.log2;
}

/* Appends the entries of a map, as many as fit, or says that they could not be read. */
static __always_inline void follow_map(struct scratch *scratch, u32 id, u64 address, u32 depth)
{
	const struct tt_map *map = bpf_map_lookup_elem(&maps, &id);
	struct tt_block *block = block_at(scratch, scratch->walk.end);
	struct map_header *header = &scratch->header;
	struct map_visit *visit = &scratch->map;
	u32 bytes = 0;
	long error;

	if (!map)
		return;
	if (!block) {
		scratch->walk.full = 1;
		return;
	}
	error = read_map_header(header, map, address, (u8 *)block + BLOCK_HEADER);
	block->type = TT_UNKNOWN_TYPE;
	block->bytes = error;
	block->count = 0;
	block->depth = depth;
	block->address = error ? 0 : header->length;
	if (!error && !is_being_written(header, map)) {
		visit->to = scratch->walk.end + BLOCK_HEADER;
		visit->most = shown(header->length, map->entry_bytes);
		if (copy_entries(scratch, map, address)) {
			u32 count = visit->count;

			bytes = count * map->entry_bytes;
			if (bytes > TT_MAX_BLOCK_BYTES)
				bytes = TT_MAX_BLOCK_BYTES;
			block->type = map->entry;
			block->bytes = bytes;
			block->count = count;
		}
	}
	scratch->walk.end += BLOCK_HEADER + PADDED(bytes);
}

static __always_inline void follow(struct scratch *scratch, const struct tt_reference *reference, u32 at, u32 depth)
{
	u64 address, second;
	u32 target = reference->target;
	const struct tt_type *type;
	long error;

	if (at > TT_LAST_BLOCK_AT + TT_MAX_BLOCK_BYTES)
		return;
	address = *(u64 *)(scratch->record + at);
	second = *(u64 *)(scratch->record + at + WORD);
	if (!address)
		return;
	switch (reference->kind) {
	case TT_POINTER:
		if (!depth)
			return;
		type = bpf_map_lookup_elem(&types, &target);
		if (type)
			append(scratch, target, address, type->size, 1, depth - 1, 0);
		return;
	case TT_FIXED:
		append(scratch, 0, address, target, target, depth, 0);
		return;
	case TT_STRING:
	case TT_SLICE:
		type = bpf_map_lookup_elem(&types, &target);
		if (type) {
			u32 size = type->size;
			u64 count = shown(second, size);

			if (count)
				append(scratch, target, address, count * size, count, depth, 0);
		}
		return;
	case TT_INTERFACE:
		/* struct abi.ITab { Inter *InterfaceType; Type *Type; ... } */
		error = bpf_probe_read_user(&address, sizeof(address), (void *)(address + WORD));
		if (error) {
			struct tt_block *block = block_at(scratch, scratch->walk.end);

			if (!block) {
				scratch->walk.full = 1;
				return;
			}
			block->type = TT_UNKNOWN_TYPE;
			block->bytes = error;
			block->count = 0;
			block->depth = depth;
			block->address = 0;
			scratch->walk.end += BLOCK_HEADER;
			return;
		}
		follow_interface(scratch, address, second, depth);
		return;
	case TT_EMPTY_INTERFACE:
		follow_interface(scratch, address, second, depth);
		return;
	case TT_MAP:
		follow_map(scratch, target, address, depth);
		return;
	case TT_INDIRECT:
		type = bpf_map_lookup_elem(&types, &target);
		if (type)
			append(scratch, target, address, type->size, 1, depth, 0);
		return;
	}
}

/* Visits one reference, or goes on to the next block; 1 ends the walk. */
static long step(u32 index, struct scratch **at)
{
	struct scratch *scratch = *at;
	struct walk *walk = &scratch->walk;
	const struct tt_block *block;
	const struct tt_type *type = 0;
	u32 id, bytes;

	(void)index;
	if (walk->block >= walk->end || walk->full)
		return 1;
	block = block_at(scratch, walk->block);
	if (!block)
		return 1;
	bytes = block->bytes > 0 ? block->bytes : 0;
	id = block->type;
	if (bytes && id != TT_UNKNOWN_TYPE)
		type = bpf_map_lookup_elem(&types, &id);
	if (type && type->references && walk->element < block->count) {
		u32 key = type->first_reference + walk->reference;
		const struct tt_reference *reference = bpf_map_lookup_elem(&references, &key);

		if (reference) {
			u32 offset = walk->element * type->size + reference->offset;

			if (offset + WORD <= bytes)
				follow(scratch, reference, walk->block + BLOCK_HEADER + offset, block->depth);
		}
		walk->reference++;
		if (walk->reference >= type->references) {
			walk->reference = 0;
			walk->element++;
		}
		return 0;
	}
	walk->block += BLOCK_HEADER + PADDED(bytes);
	walk->element = 0;
	walk->reference = 0;
	return 0;
}

/* Whether what may be a runtime.g is that of the stack that the thread runs on: then it is the place. */
static __always_inline int runs_on_stack_of(u64 g, struct pt_regs *ctx, u64 arguments, struct place *place)
{
	u64 goroutine = 0;
	u64 stack[2] = {}; /* struct stack { lo, hi uintptr } */

	bpf_probe_read_user(&goroutine, sizeof(goroutine), (void *)(g + config.goid_offset));
	bpf_probe_read_user(stack, sizeof(stack), (void *)(g + config.stack_hi_offset - WORD));
	if (ctx->rsp < stack[0] || arguments > stack[1])
		return 0;
	place->goroutine = goroutine ? goroutine : TT_NO_GOROUTINE | stack[1];
	place->frame = stack[1] - arguments;
	return 1;
}

/*
 * The current runtime.g as the runtime keeps it for assembly, thread-local. The kernel's copy of FS is right while no thread writes the
 * register by itself: Go and the C libraries set it by clone(2) and arch_prctl(2), which change both.
 */
static __always_inline u64 thread_local_g(void)
{
	u64 g = 0;

	bpf_probe_read_user(&g, sizeof(g), (void *)(bpf_get_current_task_btf()->thread.fsbase + config.thread_g_offset));
	return g;
}

/*
 * Which goroutine, or which stack of the scheduler's or of a signal handler's, and where on it: ABIInternal keeps the current runtime.g in
 * R14, but assembly may have something else there, which could even look like one: what C left there, for example. A signal handler starts with
 * the g that it interrupted.
 */
static __always_inline void read_goroutine(struct pt_regs *ctx, u64 arguments, int any_r14, struct place *place)
{
	if (!(any_r14 && config.thread_g_offset) && runs_on_stack_of(ctx->r14, ctx, arguments, place))
		return;
	if (config.thread_g_offset && runs_on_stack_of(thread_local_g(), ctx, arguments, place))
		return;
	place->goroutine = TT_NO_GOROUTINE | (u32)bpf_get_current_pid_tgid();
	place->frame = -arguments;
}

enum pass {
	PASS_ONLY,             /* the stack does not grow */
	PASS_FIRST,            /* the stack is about to grow */
	PASS_AGAIN,            /* once more, or the call began before records were wanted */
	PASS_LAST,             /* the stack has grown */
	PASS_LAST_OF_LOST,     /* the stack has grown, and the first pass found no room */
	PASS_LAST_OF_LEFT_OUT, /* the stack has grown, and the call was not chosen at the first pass */
};

/*
 * Where a site is the branch of a stack check, a call whose stack grows passes it more than once. The first pass has the arguments, because
 * those that the function never uses are not kept while the stack grows, and the last pass is the call. If the first came before records were
 * wanted, the last is no call either: its arguments may be gone.
 */
static __always_inline enum pass pass_of(struct pt_regs *ctx, const struct tt_site *site, u32 id, const struct place *place, int open)
{
	u8 grows = ctx->eflags & site->check_flags;
	struct tt_counters *counters = count();
	struct growth *known;
	struct growth growth = {};
	enum pass last;

	if (!counters || (!grows && (!site->check_flags || !counters->growing_now)))
		return PASS_ONLY;
	known = bpf_map_lookup_elem(&growths, &place->goroutine);
	if (known && (known->site != id || known->frame != place->frame))
		return PASS_ONLY;
	if (!grows) {
		if (!known)
			return PASS_ONLY;
		last = known->unseen ? PASS_AGAIN : known->left_out ? PASS_LAST_OF_LEFT_OUT : known->lost ? PASS_LAST_OF_LOST : PASS_LAST;
		bpf_map_delete_elem(&growths, &place->goroutine);
		__sync_fetch_and_add(&counters->growing_now, -1);
		return last;
	}
	if (known)
		return PASS_AGAIN;
	growth.site = id;
	growth.frame = place->frame;
	growth.unseen = !open;
	if (bpf_map_update_elem(&growths, &place->goroutine, &growth, BPF_ANY)) {
		__sync_fetch_and_add(&counters->untracked_growths, 1);
		return PASS_AGAIN;
	}
	__sync_fetch_and_add(&counters->growing_now, 1);
	return open ? PASS_FIRST : PASS_AGAIN;
}

/* There was no room for a record. */
static __always_inline void lose(const struct tt_site *site, const struct place *place, enum pass pass)
{
	struct tt_counters *lost = count();

	if (pass == PASS_FIRST) {
		struct growth *growth = bpf_map_lookup_elem(&growths, &place->goroutine);

		if (growth)
			growth->lost = 1;
	} else if (lost) {
		__sync_fetch_and_add(site->is_mark ? &lost->lost_marks : site->is_return ? &lost->lost_returns : &lost->lost_calls, 1);
	}
}

static __always_inline void leave_out(int is_return)
{
	u32 zero = 0;
	struct tt_left_out *all = bpf_map_lookup_elem(&left_out, &zero);
	u32 cpu = bpf_get_smp_processor_id() & (TT_CPUS - 1);

	if (all)
		__sync_fetch_and_add(&all->hits[cpu * TT_LEFT_OUT_COUNTERS + (is_return ? TT_LEFT_OUT_RETURNS : TT_LEFT_OUT_CALLS)], 1);
}

/* Whether goroutines are sampled, and this is none of those. */
static __always_inline int is_of_others(const struct place *place)
{
	return config.sample_limit && !config.sample_calls && TT_SAMPLE_HASH(place->goroutine, config.sample_seed) >= config.sample_limit;
}

static __always_inline int choose(void)
{
	return bpf_get_prandom_u32() < config.sample_limit;
}

/* Takes away the note that the call at a place was chosen; 0 if there is none. */
static __always_inline int take_chosen(const struct place *place)
{
	return bpf_map_lookup_elem(&chosen, place) && bpf_map_delete_elem(&chosen, place) == 0;
}

/* Where each call is chosen by itself: whether this hit is to be seen. Counts what is not. */
static __always_inline int is_chosen(const struct tt_site *site, const struct place *place, enum pass pass)
{
	u64 noted = 1;

	if (site->is_mark)
		return 1;
	if (site->is_return) {
		if (take_chosen(place))
			return 1;
		leave_out(1);
		return 0;
	}
	if (pass == PASS_FIRST) {
		struct growth *growth;

		if (choose())
			return 1;
		growth = bpf_map_lookup_elem(&growths, &place->goroutine);
		if (growth)
			growth->left_out = 1;
		return 0;
	}
	if (pass == PASS_LAST_OF_LEFT_OUT || (pass == PASS_ONLY && !choose())) {
		/* A call that was there before has left its note, if it did not return. */
		if (config.sample_returns)
			take_chosen(place);
		leave_out(0);
		return 0;
	}
	if (config.sample_returns && bpf_map_update_elem(&chosen, place, &noted, BPF_ANY)) {
		lose(site, place, pass);
		return 0;
	}
	return 1;
}

/* Room for what completes the thread's latest record; 0 if there is none. */
static __always_inline struct tt_floats *reserve_floats(u32 site, enum tt_floats_state state)
{
	struct tt_ring_head *head = ring_head();
	struct tt_floats *record = head ? (struct tt_floats *)reserve(head, sizeof(*record)) : 0;

	if (!record) {
		struct tt_counters *lost = count();

		if (lost)
			__sync_fetch_and_add(&lost->lost_floats, 1);
		return 0;
	}
	record->site = site | TT_FLOATS;
	record->thread = (u32)bpf_get_current_pid_tgid();
	record->state = state;
	for (u32 i = 0; i < 16; i++)
		record->value[i] = 0;
	return record;
}

/*
 * Why the signal must not be sent: somebody else than the runtime's own handler, which drops it, would notice. The runtime keeps the signals
 * that os/signal listens for in runtime.sig.wanted (src/runtime/sigqueue.go).
 */
static __always_inline enum tt_floats_state why_not_floats(struct pt_regs *ctx, const struct tt_site *site)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	u64 bias = ctx->rip - site->address;
	u32 signal = config.float_signal - 1;
	u64 action = (u64)BPF_CORE_READ(task, sighand) + bpf_core_field_offset(struct sighand_struct, action)
	    + signal * bpf_core_type_size(struct k_sigaction) + bpf_core_field_offset(struct k_sigaction, sa.sa_handler);
	u64 handler = 0;
	u32 listened = 0;

	if (BPF_CORE_READ(task, blocked.sig[0]) >> signal & 1)
		return TT_FLOATS_BLOCKED;
	bpf_probe_read_kernel(&handler, sizeof(handler), (void *)action);
	if (handler != config.handler[0] + bias && (!config.handler[1] || handler != config.handler[1] + bias))
		return TT_FLOATS_UNHANDLED;
	if (config.listened
	    && (bpf_probe_read_user(&listened, sizeof(listened), (void *)(config.listened + bias)) || listened >> config.float_signal & 1))
		return TT_FLOATS_LISTENED;
	return TT_FLOATS_OK;
}

/*
 * The floating-point registers are live in the CPU and no BPF program can read them. A signal makes the kernel save them in the
 * thread's signal frame, which on_signal reads. SIGURG is the signal by which Go's own scheduler preempts threads at any instruction;
 * its handler takes one that nobody asked for as it takes one that came late.
 */
static __always_inline void ask_for_floats(struct pt_regs *ctx, const struct tt_site *site, u32 id)
{
	enum tt_floats_state refusal = why_not_floats(ctx, site);
	struct pending *pending;

	if (refusal) {
		struct tt_floats *record = reserve_floats(id, refusal);

		if (record)
			commit((u8 *)record, sizeof(*record));
		return;
	}
	pending = bpf_task_storage_get(&pending_floats, bpf_get_current_task_btf(), 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!pending)
		return;
	if (!site->instruction_bytes) {
		if (bpf_probe_read_user(&pending->resumes_at, sizeof(pending->resumes_at), (void *)ctx->rsp))
			return;
	} else {
		pending->resumes_at = ctx->rip + site->instruction_bytes;
		if (ctx->eflags & site->check_flags)
			pending->resumes_at += site->branch;
	}
	pending->site = id;
	pending->floats = site->floats;
	if (bpf_send_signal_thread(config.float_signal))
		pending->floats = 0;
}

SEC("uprobe")
int on_nothing(struct pt_regs *ctx)
{
	(void)ctx;
	return 0;
}

static __always_inline void count_at(u32 site)
{
	u32 key = bpf_get_smp_processor_id() * config.sites + site;
	u64 *hit = bpf_map_lookup_elem(&hits, &key);

	if (hit)
		__sync_fetch_and_add(hit, 1);
}

/* Whether a hit is of a call or return, and counted as one. */
static __always_inline int count_hit(struct pt_regs *ctx)
{
	u64 cookie = bpf_get_attach_cookie(ctx);
	struct tt_ring_head *head = ring_head();

	if (!head || !is_open(head))
		return 0;
	if (ctx->eflags & cookie >> 32)
		return 0; /* the call comes back */
	count_at(cookie);
	return 1;
}

SEC("uprobe")
int on_count(struct pt_regs *ctx)
{
	count_hit(ctx);
	return 0;
}

/* Counts, and notes when. */
SEC("uprobe")
int on_arrival(struct pt_regs *ctx)
{
	if (count_hit(ctx))
		arrive(bpf_ktime_get_ns());
	return 0;
}

/*
 * Run by the loader on each CPU. Which task a CPU runs is in its run queue, which the task knows the way to; a program that knows the address
 * can tell the thread without a call. Whatever is not as expected leaves the address unknown.
 */
SEC("raw_tp")
int on_currents(void *ctx)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	u32 zero = 0;
	struct tt_currents *all = bpf_map_lookup_elem(&currents, &zero);
	u32 cpu = bpf_get_smp_processor_id();
	struct rq *rq;

	(void)ctx;
	if (!all || cpu >= TT_CPUS || !bpf_core_field_exists(struct cfs_rq, rq) || !bpf_core_field_exists(struct rq, curr))
		return 0;
	rq = BPF_CORE_READ(task, se.cfs_rq, rq);
	if (BPF_CORE_READ(rq, curr) != task || (u32)BPF_CORE_READ(rq, cpu) != cpu)
		return 0;
	all->pid_offset = bpf_core_field_offset(struct task_struct, pid);
	all->at[cpu] = (u64)rq + bpf_core_field_offset(struct rq, curr);
	return 0;
}

static long forget(u32 index, struct goroutines **all)
{
	if (index < TT_GOROUTINES)
		(*all)->at[index].goroutine = 0;
	return 0;
}

/* On functions of the runtime that a goroutine's runtime.g is given to for another stack, or because it has ended. */
SEC("uprobe")
int on_change(struct pt_regs *ctx)
{
	u32 zero = 0;
	struct goroutines *all = bpf_map_lookup_elem(&goroutines, &zero);
	struct tt_counters *counters = count();
	u64 g = ctx->rax;
	u32 at = g * TT_GOROUTINE_HASH >> (64 - TT_GOROUTINES_LOG2);

	if (!all || !counters)
		return 0;
	__sync_fetch_and_add(&counters->changes, 1);
	if (at < TT_GOROUTINES && all->at[at].g == g)
		all->at[at].goroutine = 0;
	return 0;
}

/* The totals of a function, in the copy that this CPU uses; another one, or a thread that preempts this one, may use it too. */
static __always_inline struct tt_totals *totals_of(u32 function)
{
	u32 key = bpf_get_smp_processor_id() % config.copies * config.functions + function;

	return bpf_map_lookup_elem(&totals, &key);
}

/* Takes away the note of the call at a place; 0 if there is none. */
static __always_inline int take_note(const struct place *place, struct tt_note *note)
{
	const struct tt_note *known = bpf_map_lookup_elem(&notes, place);

	if (!known)
		return 0;
	*note = *known;
	/* Notes are recycled at once. If this one can still be deleted, it was there all the time, and what was read is whole. */
	return bpf_map_delete_elem(&notes, place) == 0;
}

/* Of every two calls at one place the first must have ended, and its return was not seen. */
static __always_inline void replaced(const struct tt_note *note)
{
	struct tt_totals *own = totals_of(note->function);

	if (own)
		__sync_fetch_and_add(&own->replaced, 1);
}

static __always_inline void begin_call(const struct place *place, u32 function)
{
	struct tt_note note = {};
	struct tt_note stale;

	note.function = function;
	note.since_ns = bpf_ktime_get_ns();
	if (bpf_map_update_elem(&notes, place, &note, BPF_NOEXIST) != -EEXIST)
		return;
	if (take_note(place, &stale))
		replaced(&stale);
	note.since_ns = bpf_ktime_get_ns();
	bpf_map_update_elem(&notes, place, &note, BPF_NOEXIST);
}

/* Of a call that was not chosen: another call's note that it finds at its place is of one that has ended. */
static __always_inline void leave_out_call(const struct place *place, int timed, struct tt_totals *own)
{
	struct tt_note stale;

	__sync_fetch_and_add(&own->left_out_calls, 1);
	if (timed && take_note(place, &stale))
		replaced(&stale);
}

/* Each failed attempt is one in which another thread has raised it. */
#define MOST_ATTEMPTS 64

static __always_inline void raise_to(u64 *most, u64 value)
{
	for (u32 i = 0; i < MOST_ATTEMPTS; i++) {
		u64 now = *(volatile u64 *)most;

		if (now >= value || __sync_val_compare_and_swap(most, now, value) == now)
			return;
	}
}

static __always_inline void count_errors(struct pt_regs *ctx, u32 function, u64 arguments, struct tt_totals *own)
{
	const struct tt_error_results *results = bpf_map_lookup_elem(&error_results, &function);
	u64 registers[INT_REGISTERS_MASK + 1];
	int failed = 0;
	int unknown = 0;

	if (!results || !results->count)
		return;
	read_registers(ctx, registers);
	for (u32 i = 0; i < TT_MAX_ERRORS; i++) {
		const struct tt_part *part = &results->part[i];
		u64 word = 0;

		if (i >= results->count)
			break;
		if (part->source == TT_INT_REGISTER)
			word = registers[part->index & INT_REGISTERS_MASK];
		else if (bpf_probe_read_user(&word, sizeof(word), (void *)(arguments + part->offset)))
			unknown = 1;
		failed |= word != 0;
	}
	if (failed)
		__sync_fetch_and_add(&own->errors, 1);
	else if (unknown)
		__sync_fetch_and_add(&own->unknown_errors, 1);
}

static __always_inline void end_call(
    struct pt_regs *ctx, u64 now, u32 function, u64 arguments, const struct place *place, struct tt_totals *own)
{
	struct tt_note note;
	u64 ns, counted;
	u32 shift, bucket;
	int noted = take_note(place, &note);

	if (noted && note.function != function) {
		replaced(&note);
		noted = 0;
	}
	if (!noted && config.sample_calls) {
		__sync_fetch_and_add(&own->left_out_returns, 1);
		return;
	}
	__sync_fetch_and_add(&own->returns, 1);
	if (!noted) {
		__sync_fetch_and_add(&own->unmatched, 1);
		return;
	}
	count_errors(ctx, function, arguments, own);
	ns = now - note.since_ns;
	__sync_fetch_and_add(&own->sum_ns, ns);
	raise_to(&own->shortest_ns, ~ns);
	raise_to(&own->longest_ns, ns);
	counted = ns < TT_LONGEST_NS ? ns : TT_LONGEST_NS;
	shift = TT_BUCKET_SHIFT(counted);
	bucket = TT_BUCKET_SHIFTED(counted, shift);
	if (bucket < TT_BUCKETS)
		__sync_fetch_and_add(&own->bucket[bucket], 1);
}

SEC("uprobe")
int on_duration(struct pt_regs *ctx)
{
	u64 cookie = bpf_get_attach_cookie(ctx);
	u32 function = (u32)cookie & ~(TT_RETURN | TT_UNTIMED | TT_ANY_R14);
	int any_r14 = (cookie & TT_ANY_R14) != 0;
	int is_return = (cookie & TT_RETURN) != 0;
	int timed = !(cookie & TT_UNTIMED);
	u64 arguments = ctx->rsp + WORD + (is_return ? cookie >> 32 : 0);
	u64 now = is_return ? bpf_ktime_get_ns() : 0;
	struct tt_ring_head *head = ring_head();
	struct tt_totals *own;
	struct place place = {};

	if (!head || !is_open(head))
		return 0;
	own = totals_of(function);
	if (!own)
		return 0;
	if (!is_return && ctx->eflags & cookie >> 32)
		return 0; /* the call comes back */
	if (timed || config.sample_limit)
		read_goroutine(ctx, arguments, any_r14, &place);
	if (is_of_others(&place)) {
		__sync_fetch_and_add(is_return ? &own->left_out_returns : &own->left_out_calls, 1);
		return 0;
	}
	if (is_return) {
		end_call(ctx, now, function, arguments, &place, own);
		return 0;
	}
	if (config.sample_calls && !choose()) {
		leave_out_call(&place, timed, own);
		return 0;
	}
	__sync_fetch_and_add(&own->calls, 1);
	if (timed)
		begin_call(&place, function);
	return 0;
}

SEC("uprobe")
int on_site(struct pt_regs *ctx)
{
	u32 id = bpf_get_attach_cookie(ctx);
	const struct tt_site *site = bpf_map_lookup_elem(&sites, &id);
	struct tt_record *record;
	struct tt_block *block;
	struct scratch *scratch;
	struct walk *walk;
	u64 registers[INT_REGISTERS_MASK + 1];
	struct place place;
	u64 timestamp_ns;
	u64 arguments;
	enum pass pass;
	struct tt_ring_head *head = ring_head();
	u8 *room;
	u32 length;
	int open;

	if (!site || !head)
		return 0;
	open = is_open(head);
	if (!open && !site->check_flags)
		return 0;
	if (open && config.count_hits)
		count_at(id);
	timestamp_ns = bpf_ktime_get_ns();
	arguments = ctx->rsp + site->frame_bytes + WORD;
	read_goroutine(ctx, arguments, site->any_r14, &place);
	if (is_of_others(&place)) {
		if (open && !site->is_mark && !(ctx->eflags & site->check_flags))
			leave_out(site->is_return);
		return 0;
	}
	pass = pass_of(ctx, site, id, &place, open);
	if (pass == PASS_AGAIN || !open)
		return 0;
	if (config.sample_calls && !is_chosen(site, &place, pass))
		return 0;
	scratch = pass == PASS_LAST_OF_LOST ? 0 : take_scratch();
	if (!scratch) {
		lose(site, &place, pass);
		return 0;
	}
	record = (struct tt_record *)scratch->record;
	record->site = id;
	record->thread = (u32)bpf_get_current_pid_tgid();
	record->timestamp_ns = timestamp_ns;
	record->goroutine = place.goroutine;
	record->frame = place.frame;
	record->address = ctx->rip + site->moved;

	block = (struct tt_block *)(scratch->record + RECORD_HEADER);
	block->type = site->type;
	block->bytes = site->bytes;
	block->count = 1;
	block->depth = config.depth;
	block->address = 0;
	read_registers(ctx, registers);
	record->unreadable = capture_parts(scratch->record + RECORD_HEADER + BLOCK_HEADER, site, registers, arguments);

	walk = &scratch->walk;
	__builtin_memset(walk, 0, sizeof(*walk));
	walk->bias = record->address - site->address;
	walk->block = RECORD_HEADER;
	walk->end = RECORD_HEADER + BLOCK_HEADER + PADDED((u32)site->bytes);
	bpf_loop(TT_MAX_STEPS, step, &scratch, 0);
	length = walk->end;
	record->flags = (walk->full || walk->block < walk->end ? TT_FLAG_FULL : 0)
	    | (pass == PASS_FIRST       ? TT_FLAG_GROWING
		    : pass == PASS_LAST ? TT_FLAG_GROWN
					: 0);
	record->length = length;
	if (length > SCRATCH_BYTES)
		length = SCRATCH_BYTES;
	room = config.value_records && !write_values(site, scratch) ? 0 : reserve(head, length);
	if (room) {
		bpf_probe_read_kernel(room, length, record);
		commit(room, length);
	}
	scratch->busy = 0;
	if (!room)
		lose(site, &place, pass);
	else if (site->floats)
		ask_for_floats(ctx, site, id);
	return 0;
}

/* Offsets in the signal frame: ucontext and sigcontext of <asm/ucontext.h>, <asm/sigcontext.h>; FXSAVE area of the Intel SDM. */
#define UCONTEXT_RIP 168
#define UCONTEXT_FPSTATE 224
#define FXSAVE_XMM 160
#define XMM_BYTES 16

/* On the Go runtime's signal handler, sigtrampgo(sig uint32, info *siginfo, ctx unsafe.Pointer). */
SEC("uprobe")
int on_signal(struct pt_regs *ctx)
{
	struct pending *pending = bpf_task_storage_get(&pending_floats, bpf_get_current_task_btf(), 0, 0);
	u64 xmm[2 * 16];
	u64 interrupted = 0;
	u64 fpstate = 0;
	struct tt_floats *record;

	if (!pending || !pending->floats || (u32)ctx->rax != config.float_signal)
		return 0;
	pending->floats = 0;
	record = reserve_floats(pending->site, TT_FLOATS_UNREADABLE);
	if (!record)
		return 0;
	if (bpf_probe_read_user(&interrupted, sizeof(interrupted), (void *)(ctx->rcx + UCONTEXT_RIP)) == 0
	    && bpf_probe_read_user(&fpstate, sizeof(fpstate), (void *)(ctx->rcx + UCONTEXT_FPSTATE)) == 0) {
		if (interrupted != pending->resumes_at)
			record->state = TT_FLOATS_LATE;
		else if (bpf_probe_read_user(xmm, sizeof(xmm), (void *)(fpstate + FXSAVE_XMM)) == 0) {
			record->state = TT_FLOATS_OK;
			for (u32 i = 0; i < 16; i++)
				record->value[i] = xmm[2 * i];
		}
	}
	commit((u8 *)record, sizeof(*record));
	return 0;
}

static __always_inline struct tt_process *own_process(void)
{
	u32 zero = 0;

	return bpf_map_lookup_elem(&process, &zero);
}

/* A process's number and namespace at a level; what is not there is 0. */
static __always_inline void read_upid(const struct pid *pid, u32 level, int *nr, u64 *namespace)
{
	u64 upid = (u64)pid + bpf_core_field_offset(struct pid, numbers) + level * bpf_core_type_size(struct upid);

	*nr = 0;
	*namespace = 0;
	bpf_probe_read_kernel(nr, sizeof(*nr), (void *)(upid + bpf_core_field_offset(struct upid, nr)));
	bpf_probe_read_kernel(namespace, sizeof(*namespace), (void *)(upid + bpf_core_field_offset(struct upid, ns)));
}

/* Run by the loader in its own process: what its descriptor stands for, and what its process ids mean. */
SEC("raw_tp")
int on_file(void *ctx)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct tt_process *own = own_process();
	struct file **files;
	struct file *file;
	struct pid *pid;
	int nr;

	(void)ctx;
	if (!own)
		return 0;
	files = BPF_CORE_READ(task, files, fdt, fd);
	if (bpf_probe_read_kernel(&file, sizeof(file), files + own->descriptor))
		return 0;
	pid = BPF_CORE_READ(task, thread_pid);
	own->level = BPF_CORE_READ(pid, level);
	read_upid(pid, own->level, &nr, &own->namespace);
	own->file = (u64)BPF_CORE_READ(file, f_inode);
	return 0;
}

static long forget_note(void *map, const void *key, void *note, void *ctx)
{
	(void)note;
	(void)ctx;
	bpf_map_delete_elem(map, key);
	return 0;
}

/*
 * On trace_sched_process_exec(struct task_struct *p, pid_t old_pid, struct linux_binprm *bprm), include/trace/events/sched.h: the process has
 * executed a program, of which no instruction has run yet. The thread that did has the process's id, and all others are gone.
 *
 * Of a file that is probed the kernel puts the breakpoints into the new memory while it maps it, if a link's filter lets it: that of uprobe_multi
 * compares the memory with that of the task that was the first thread when the link was made (uprobe_multi_link_filter, kernel/trace/bpf_trace.c).
 * Where another thread executes, that task has ended and has no memory.
 */
SEC("raw_tp/sched_process_exec")
int on_exec(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct tt_process *own = own_process();
	struct linux_binprm *bprm = (struct linux_binprm *)ctx->args[2];
	struct tt_ring_head *head = ring_head();
	struct tt_counters *counters = count();
	u32 zero = 0;
	struct goroutines *all = bpf_map_lookup_elem(&goroutines, &zero);
	struct tt_execution *record;
	struct pid *pid = BPF_CORE_READ(task, thread_pid);
	u64 namespace;
	int nr;

	if (!own || !head || !counters || !all || BPF_CORE_READ(pid, level) < own->level)
		return 0;
	read_upid(pid, own->level, &nr, &namespace);
	if (nr != (int)own->pid || namespace != own->namespace || own->pursuit == TT_OTHER || own->pursuit == TT_OUTRUN
	    || own->pursuit == TT_UNPATCHED)
		return 0;
	own->executions++;
	bpf_probe_read_kernel_str(own->program, sizeof(own->program), BPF_CORE_READ(bprm, filename));
	/* Nobody else adds to them: the other threads are gone. */
	bpf_for_each_map_elem(&growths, forget_note, 0, 0);
	bpf_for_each_map_elem(&chosen, forget_note, 0, 0);
	counters->growing_now = 0;
	/* The program's next goroutines will be at the same addresses, on other stacks. */
	bpf_loop(TT_GOROUTINES, forget, &all, 0);
	if (head->open) {
		record = (struct tt_execution *)reserve(head, sizeof(*record));
		if (record) {
			record->site = TT_EXECUTION;
			record->thread = nr;
			record->timestamp_ns = bpf_ktime_get_ns();
			commit((u8 *)record, sizeof(*record));
		} else {
			/* Calls from before will look as if they had been left. */
			__sync_fetch_and_add(&counters->lost_calls, 1);
		}
	}
	if ((u64)BPF_CORE_READ(bprm, file, f_inode) != own->file) {
		head->open = 0;
		own->pursuit = TT_OTHER;
	} else if (own->patched && head->open && own->executions > own->holds) {
		/* A program that was launched had none before its first execution. */
		head->open = 0;
		own->pursuit = TT_UNPATCHED;
	} else if ((int)ctx->args[1] != BPF_CORE_READ(task, pid)) {
		if (own->holds && !bpf_send_signal(SIGSTOP)) {
			own->pursuit = TT_HELD;
		} else {
			head->open = 0;
			own->pursuit = TT_OUTRUN;
		}
	}
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
