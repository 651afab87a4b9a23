/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The contract between the BPF programs and the Java side, which reads from the object how the maps' values are laid out, and has the rest in
 * dev.tracetoll.tracing.ebpf.Contract and dev.tracetoll.tracing.record.RecordFormat; a test compares them.
 */
#ifndef TRACETOLL_H
#define TRACETOLL_H

/* The most parts of arguments or results at a site. */
#define TT_MAX_PARTS 64
/* The most values at a site that are records of their own. */
#define TT_MAX_VALUES 64
/* The most bytes in one block. */
#define TT_MAX_BLOCK_BYTES 4096
/* No block starts behind this. */
#define TT_LAST_BLOCK_AT (16 << 10)
/* The most references and blocks visited for a record. */
#define TT_MAX_STEPS 4096
/* The largest header of a map. */
#define TT_MAX_MAP_HEADER_BYTES 64
/* The most slots, groups of slots and tables of maps looked at for a record. */
#define TT_MAX_MAP_STEPS (16 << 10)
/* Slots of a group. */
#define TT_MAP_SLOTS 8
/* The largest key or value that a slot holds; a larger one is held by its address. */
#define TT_MAX_SLOT_BYTES 128

/* Where a part comes from. */
enum tt_source {
	TT_INT_REGISTER = 0,   /* ABIInternal's integer register number `index`, behind which are R12 and R13 */
	TT_STACK = 1,          /* `size` bytes at the stack pointer + 8 + `offset` */
	TT_FLOAT_REGISTER = 2, /* follows in a struct tt_floats, if the signal comes; 0 here */
};

struct tt_part {
	__u8 source;
	__u8 index;
	__u16 size;
	__u16 to; /* where it goes in the first block */
	__u16 unused;
	__s32 offset;
};

/*
 * The ring of records, an array map's only element: this head, then config.ring_bytes for records, then TT_RING_SPARE bytes for the end of a
 * record that begins near the end. Each record is behind its length, 8 bytes that are 0 until the record is whole; it is padded to 8 bytes.
 * The consumer clears what it has read. Positions count bytes since the beginning.
 *
 * The kernel's own ring buffer does the same behind a lock and two calls, which cost more than all else that a probe does.
 */
struct tt_ring_head {
	__u64 produced;    /* where the next record goes; producers alone write it */
	__u64 unused1[15]; /* a pair of cache lines each: neighbours are fetched together */
	__u64 consumed;    /* up to where the consumer has cleared */
	__u64 open;        /* not 0 from when every probe is attached until the first is to be detached: no other hit counts */
	__u64 unused2[14];
};

#define TT_RING_SPARE (32 << 10)
#define TT_RECORD_LENGTH_BYTES 8

/* What to capture at a probe site; the key is the low half of the probe's cookie. The high half is check_flags. */
struct tt_site {
	__u64 address; /* in the file */
	__u32 type;    /* of the first block */
	__u16 bytes;   /* size of the first block */
	__u16 parts;
	__u8 floats; /* floating-point registers wanted, X0 to X(floats - 1) */
	__u8 is_return;
	__u8 instruction_bytes; /* length of the displaced instruction; 0 for a return */
	__u8 check_flags;       /* the instruction is a stack check's branch, taken if one of these bits of EFLAGS is set; 0 if it is not */
	__s32 branch;           /* where it then goes, from the next instruction */
	__u32 frame_bytes;      /* how far above the stack pointer the return address is */
	__u8 any_r14;           /* R14 need not have the current runtime.g: the function is assembly, or called as assembly is */
	__u8 values;            /* how many arguments or results, at most TT_MAX_VALUES */
	__u8 is_mark;           /* of no function that is traced: what is lost here is neither a call nor a return */
	__u8 unused;
	__s64 moved; /* where the site is in the process from where it is hit: 0 unless a jump leads from the one to the other */
	struct tt_part part[TT_MAX_PARTS];
};

/* A type: where its references are, in the map of references. */
struct tt_type {
	__u32 size;
	__u32 first_reference;
	__u32 references;
};

enum tt_kind {
	TT_POINTER = 0,         /* to a `target`; followed as deep as asked for */
	TT_FIXED = 1,           /* to `target` bytes */
	TT_STRING = 2,          /* pointer and length in bytes */
	TT_SLICE = 3,           /* pointer and length in `target`s */
	TT_INTERFACE = 4,       /* itab and data word */
	TT_EMPTY_INTERFACE = 5, /* type and data word */
	TT_MAP = 6,             /* to the header of a map that struct tt_map number `target` describes */
	TT_INDIRECT = 7,        /* to a `target`; always followed */
};

struct tt_reference {
	__u32 offset;
	__u32 kind;
	__u32 target;
};

/*
 * A type of maps: what a block of entries looks like, and where a map keeps them. A header leads to groups of slots, each with a control
 * byte that says whether it is full. The header of a Swiss map has the address of its only group or of a directory of tables, that of a map
 * of buckets the address of its buckets and, while it grows, of the old ones. All but `entry` and `swiss` are offsets and sizes in bytes.
 */
struct tt_map {
	__u32 entry; /* the type of an entry: key and value */
	__u32 entry_bytes;
	__u32 key_bytes;
	__u32 value_bytes;
	__u32 value_offset; /* in an entry */
	__u32 swiss;        /* what is behind is in the header: */
	__u32 header_bytes;
	__u32 length;       /* the number of entries, a word */
	__u32 state;        /* Swiss: the byte that is not 0 while the map is written to; else the byte of flags */
	__u32 log2;         /* buckets: the byte with the logarithm of their number */
	__u32 groups;       /* Swiss: the directory; else the buckets */
	__u32 more_groups;  /* Swiss: the length of the directory; else the old buckets */
	__u32 table_groups; /* in a table: the address of its groups, */
	__u32 table_mask;   /* their number less one */
	__u32 group_bytes;
	__u32 controls; /* in a group: the control bytes, */
	__u32 keys;     /* the first key, */
	__u32 key_stride;
	__u32 values; /* the first value, */
	__u32 value_stride;
	__u32 overflow; /* the address of a further bucket; 0 if there is none */
};

/* A type that an interface can hold; the key is the address of its description in the file. */
struct tt_dynamic_type {
	__u32 type;
	__u32 direct; /* the data word is the value */
};

/* What is the same for all sites; set before the programs are loaded. */
struct tt_config {
	__u32 goid_offset;     /* in runtime.g */
	__u32 stack_hi_offset; /* in runtime.g */
	__u32 max_bytes;       /* of a string, slice, array or map; at most TT_MAX_BLOCK_BYTES */
	__u32 depth;           /* pointers followed one behind the other */
	__u32 float_signal;    /* the signal whose frame shows the floating-point registers */
	__u32 wakeup_records;  /* so many records wake the consumer; 0: none does */
	__u32 sites;           /* how many hit counters each CPU has: one a site, and some that keep CPUs off each other's cache lines */
	__s32 thread_g_offset; /* of the current runtime.g from the base of FS; 0 where that is not known */
	__u32 functions;       /* how many have totals */
	__u32 copies;          /* of each function's totals, for CPUs to share */
	__u32 ring_bytes;      /* a power of two */
	__u32 wakeup_bytes;    /* so many unread bytes wake the consumer; 0: none do */
	__u32 value_records;   /* not 0: each value is a record of its own besides, of TT_VALUE_BYTES in the bell */
	__u32 count_hits;      /* not 0: hits of sites are counted where there are events, too */
	__u64 handler[2];      /* where the file has what Go's runtime handles signals with; 0 if there is no second */
	__u64 sample_limit;    /* calls are sampled: those of goroutines whose TT_SAMPLE_HASH is below; 0: all are wanted */
	__u64 sample_seed;
	__u32 sample_calls;   /* not 0: each call by itself, if a random number of 32 bits is below sample_limit */
	__u32 sample_returns; /* not 0: and what was chosen is noted, so that its return is known */
	__u64 listened; /* where the file has the runtime's word of a bit for each signal that the program listens for; 0: it cannot */
};

/*
 * What Delve makes of a value, a param_event_data_t, has 123 bytes, and takes as much of a ring buffer (Delve 1.27.1,
 * pkg/proc/internal/ebpf/bpf/include/function_vals.bpf.h).
 */
#define TT_VALUE_BYTES 128

/* A record in the ring buffer, followed by blocks; see RecordFormat. */
struct tt_record {
	__u32 site;
	__u32 thread;
	__u64 timestamp_ns; /* CLOCK_MONOTONIC */
	__u64 goroutine;
	__u64 frame;      /* distance from the top of the stack to the call's frame */
	__u64 unreadable; /* bit i: part i could not be read */
	__u64 address;    /* of the site in the process */
	__u32 flags;
	__u32 length; /* with all blocks */
};

#define TT_FLAG_FULL 1
/* The stack is about to grow: the call comes back, and this record has its arguments as they were passed. */
#define TT_FLAG_GROWING 2
/* The call has come back from growing its stack. */
#define TT_FLAG_GROWN 4

/* In tt_record.goroutine: not a goroutine's stack; the other bits are the address of its top, or the thread where that is not known. */
#define TT_NO_GOROUTINE (1ull << 63)

/* A dynamic type that the file does not describe, or a map whose entries could not be read. */
#define TT_UNKNOWN_TYPE 0xffffffffu

/* Followed by `bytes` bytes, padded to 8. */
struct tt_block {
	__u32 type;
	__s32 bytes; /* negative: the error that reading them gave */
	__u32 count;
	__u32 depth;   /* pointers that may still be followed */
	__u64 address; /* interfaces: of the dynamic type's description; maps: how many entries the map has */
};

/* Marks a struct tt_floats in tt_record's place: it completes the thread's latest record. */
#define TT_FLOATS 0x80000000u
/* Why the floating-point registers could not be had; in tt_floats.state. */
enum tt_floats_state {
	TT_FLOATS_OK = 0,
	TT_FLOATS_LATE = 1,       /* the signal came elsewhere than at the probe site */
	TT_FLOATS_UNREADABLE = 2, /* the signal frame could not be read */
	TT_FLOATS_LISTENED = 3,   /* not asked for: the program itself listens for the signal, */
	TT_FLOATS_BLOCKED = 4,    /* or the thread blocks it, */
	TT_FLOATS_UNHANDLED = 5,  /* or the runtime does not handle it: it is ignored, or another handler's */
};

struct tt_floats {
	__u32 site; /* with TT_FLOATS set */
	__u32 thread;
	__u64 state;
	__u64 value[16]; /* low 8 bytes of X0 to X15 */
};

/* Marks a struct tt_execution in tt_record's place: the process has executed a program, so no call from before returns. */
#define TT_EXECUTION 0x40000000u

struct tt_execution {
	__u32 site; /* TT_EXECUTION */
	__u32 thread;
	__u64 timestamp_ns; /* bpf_ktime_get_ns */
};

/* What has become of the probes when the process executed a program. */
enum tt_pursuit {
	TT_FOLLOWED = 0,  /* the kernel has put them into the program anew, or there was no execution yet */
	TT_HELD = 1,      /* it is to be put into the stopped process by the consumer, who lets it go on */
	TT_OUTRUN = 2,    /* it has none, and runs */
	TT_OTHER = 3,     /* it is another program */
	TT_UNPATCHED = 4, /* it has none where jumps led to some */
};

#define TT_PROGRAM_NAME_BYTES 256

/* The process, as it is told from all others when it executes a program. */
struct tt_process {
	__u64 file;      /* address of the inode that is probed; on_file finds this and the next two */
	__u64 namespace; /* the consumer's, of process ids, in which `pid` is the process; */
	__u32 level;     /* how deep below the first one it is */
	__u32 pid;
	__u32 descriptor; /* the consumer's, of the file that is probed */
	__u32 holds;      /* not 0 if the process may be stopped: its parent is the consumer and takes no notice */
	__u32 pursuit;    /* enum tt_pursuit; whoever holds sets it back */
	__u32 executions; /* how many there were */
	__u32 patched;    /* not 0 if jumps in the program's code lead to probes: they go with its memory */
	__u32 unused;
	char program[TT_PROGRAM_NAME_BYTES]; /* the latest, as it was named to execve(2) */
};

/* What the programs keep count of; the first two are events that found no room in the ring buffer. */
struct tt_counters {
	__u64 lost_calls;
	__u64 lost_returns;
	__u64 lost_marks;        /* panics and the like: no events, but they say why calls do not return */
	__u64 lost_floats;       /* records whose floating-point registers are missing */
	__u64 untracked_growths; /* growing stacks for whose note there was no memory */
	__u64 growing_now;       /* so that a call need not look for a note when no stack is growing, which is nearly always */
	__u64 remembering;       /* not 0 while struct tt_goroutine holds; the consumer alone writes it */
	__u64 changes;           /* hits of what on_change is attached to */
	__u64 lost_bytes;        /* room that was not to be had, for events and for floating-point registers */
	__u64 records;           /* counted only if some number of them wakes the consumer */
};

/*
 * A goroutine as a hit found it, so that the next hits need not read it from the process. It holds until on_change is hit for it, or the process
 * executes a program. Its place in the table follows from `g`; whoever comes first has the place for good, others that would have it are not
 * remembered. So all else in it is only ever written by who has `g` for itself: the goroutine, or those that change it while it does not run.
 */
struct tt_goroutine {
	__u64 g;         /* address of its runtime.g; 0: a free place */
	__u64 goroutine; /* its number; 0: nothing is known */
	__u64 low;       /* bounds of its stack */
	__u64 high;
};

/*
 * Which goroutines are sampled, 32 bits of whose number and a seed: multiplication (see TT_GOROUTINE_HASH) spreads numbers that follow each other
 * evenly, and so tells those of every second goroutine from the others; a second round behind a fold leaves no such pattern.
 */
#define TT_SAMPLE_ROUND(x) ((x)*TT_GOROUTINE_HASH)
#define TT_SAMPLE_FOLD(x) ((x) ^ (x) >> 32)
#define TT_SAMPLE_HASH(goroutine, seed) (TT_SAMPLE_ROUND(TT_SAMPLE_FOLD(TT_SAMPLE_ROUND((goroutine) ^ (seed)))) >> 32)

/* CPUs that struct tt_currents and struct tt_left_out have room for, a power of two. */
#define TT_CPUS_LOG2 10
#define TT_CPUS (1 << TT_CPUS_LOG2)

/* Where the kernel keeps which task each CPU runs, as on_currents finds it. */
struct tt_currents {
	__u64 pid_offset;  /* of the thread's number in struct task_struct */
	__u64 at[TT_CPUS]; /* address of the CPU's pointer to its task; 0: not known */
};

/* So many, that those of two CPUs share no cache line, nor a pair of lines that the processor fetches together. */
#define TT_LEFT_OUT_COUNTERS 16
#define TT_LEFT_OUT_CALLS 0
#define TT_LEFT_OUT_RETURNS 1

/* What was not chosen where calls are sampled, by the CPU that it was left out on; for all others together if there are more. */
struct tt_left_out {
	__u64 hits[TT_CPUS * TT_LEFT_OUT_COUNTERS];
};

/* How many are remembered, a power of two. */
#define TT_GOROUTINES_LOG2 12
#define TT_GOROUTINES (1 << TT_GOROUTINES_LOG2)
/* The place of g: the upper bits of its product with this. 2^64 divided by the golden ratio spreads multiples best (Knuth, TAOCP 3, 6.4). */
#define TT_GOROUTINE_HASH 0x9e3779b97f4a7c15ull

/*
 * Durations are counted in buckets. Below 2 * TT_SUB_BUCKETS ns each has a bucket of its own; above, every power of two is divided into
 * TT_SUB_BUCKETS buckets of equal width.
 */
#define TT_SUB_BUCKETS 16
#define TT_BUCKETS 624
/* Longer ones are counted in the last bucket. */
#define TT_LONGEST_NS ((1ull << 42) - 1)
/* The power of two in a number from 1 on; clang 14 never finishes __builtin_clzll for BPF. */
#define TT_LOG2_OF_2_BITS(n) ((n) >> 1 ? 1 : 0)
#define TT_LOG2_OF_4_BITS(n) ((n) >> 2 ? 2 + TT_LOG2_OF_2_BITS((n) >> 2) : TT_LOG2_OF_2_BITS(n))
#define TT_LOG2_OF_8_BITS(n) ((n) >> 4 ? 4 + TT_LOG2_OF_4_BITS((n) >> 4) : TT_LOG2_OF_4_BITS(n))
#define TT_LOG2_OF_16_BITS(n) ((n) >> 8 ? 8 + TT_LOG2_OF_8_BITS((n) >> 8) : TT_LOG2_OF_8_BITS(n))
#define TT_LOG2_OF_32_BITS(n) ((n) >> 16 ? 16 + TT_LOG2_OF_16_BITS((n) >> 16) : TT_LOG2_OF_16_BITS(n))
#define TT_LOG2(n) ((n) >> 32 ? 32 + TT_LOG2_OF_32_BITS((n) >> 32) : TT_LOG2_OF_32_BITS(n))
#define TT_BUCKET_SHIFT(ns) (TT_LOG2((ns) | TT_SUB_BUCKETS) - 4)
#define TT_BUCKET_SHIFTED(ns, shift) ((shift)*TT_SUB_BUCKETS + ((ns) >> (shift)))
#define TT_BUCKET(ns) TT_BUCKET_SHIFTED(ns, TT_BUCKET_SHIFT(ns))

/*
 * In the low half of the cookie of a probe that measures durations, beside the function's number: the site is a return, and the high half is its
 * frame_bytes; that of an entry is its check_flags.
 */
#define TT_RETURN 0x80000000u
/* The same for an entry: the function's returns are not probed. */
#define TT_UNTIMED 0x40000000u
/* The same: tt_site.any_r14. */
#define TT_ANY_R14 0x20000000u

/* What is known of the calls of a function. */
struct tt_totals {
	__u64 calls;
	__u64 returns;
	__u64 unmatched;   /* returns of calls that no note was left of */
	__u64 replaced;    /* calls that did not return: another call has taken their place on the stack */
	__u64 sum_ns;      /* of the durations of calls that returned, as the next two */
	__u64 shortest_ns; /* every bit inverted, so that 0 is none */
	__u64 longest_ns;
	__u64 errors;         /* calls that returned an error: a result of the type that is not nil */
	__u64 left_out_calls; /* that were not chosen, where calls are sampled; none of these and of their returns is in what is above */
	__u64 left_out_returns;
	__u64 unknown_errors; /* calls of which that cannot be told, because a result could not be read */
	__u64 bucket[TT_BUCKETS];
};

/* The most results of type error that a function may have for its errors to be counted. */
#define TT_MAX_ERRORS 8

/* Where a function that returns has the first word of each result of type error, which is 0 for nil. */
struct tt_error_results {
	__u32 count;
	__u32 unused;
	struct tt_part part[TT_MAX_ERRORS];
};

/* A call that has not returned. */
struct tt_note {
	__u32 function;
	__u32 unused;
	__u64 since_ns; /* CLOCK_MONOTONIC */
};

#endif
