/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The contract between the BPF programs and the Java side, which has the same offsets in dev.tracetoll.tracing.ebpf.Contract;
 * a test compares the two.
 */
#ifndef TRACETOLL_H
#define TRACETOLL_H

/* Capacity of a site's description. */
#define TT_MAX_WORDS 64
#define TT_MAX_TEXTS 16
/* The most bytes captured of one string. */
#define TT_MAX_TEXT_BYTES 4096

/* Where a word comes from. */
enum tt_source {
	TT_INT_REGISTER = 0, /* ABIInternal's integer register number `index` */
	TT_STACK = 1,        /* `size` bytes at the stack pointer + 8 + `offset` */
	TT_FLOAT_REGISTER = 2, /* follows in a struct tt_floats, if the signal comes; 0 here */
};

struct tt_word {
	__u8 source;
	__u8 index;
	__u16 size;
	__s32 offset;
};

/* A string: which words hold its pointer and its length. */
struct tt_text {
	__u16 pointer;
	__u16 length;
};

/* What to capture at a probe site; the key is the probe's cookie. */
struct tt_site {
	__u16 words;
	__u16 texts;
	__u16 floats;             /* floating-point registers wanted, X0 to X(floats - 1) */
	__u8 is_return;
	__u8 instruction_bytes;   /* length of the displaced instruction */
	struct tt_word word[TT_MAX_WORDS];
	struct tt_text text[TT_MAX_TEXTS];
};

/* What is the same for all sites; set before the programs are loaded. */
struct tt_config {
	__u32 goid_offset;        /* in runtime.g */
	__u32 stack_hi_offset;    /* in runtime.g */
	__u32 max_text_bytes;     /* at most TT_MAX_TEXT_BYTES */
	__u32 float_signal;       /* the signal whose frame shows the floating-point registers */
};

/*
 * A record in the ring buffer. Behind it come `words` 8-byte words, then for each text a struct tt_captured and its bytes,
 * padded to 8.
 */
struct tt_record {
	__u32 site;
	__u32 thread;
	__u64 timestamp_ns;       /* CLOCK_MONOTONIC */
	__u64 goroutine;
	__u64 frame;              /* distance from the top of the stack to the call's frame */
	__u64 unreadable;         /* bit i: word i could not be read */
	__u32 texts;              /* how many texts follow */
	__u32 unused;
};

struct tt_captured {
	__s32 bytes;              /* captured; negative: the error of the read */
	__s32 unused;
};

/* Marks a struct tt_floats in tt_record's place: it completes the thread's latest record. */
#define TT_FLOATS 0x80000000u
/* Why the floating-point registers could not be had; in tt_floats.state. */
enum tt_floats_state {
	TT_FLOATS_OK = 0,
	TT_FLOATS_LATE = 1,       /* the signal came elsewhere than at the probe site */
	TT_FLOATS_UNREADABLE = 2, /* the signal frame could not be read */
};

struct tt_floats {
	__u32 site;               /* with TT_FLOATS set */
	__u32 thread;
	__u64 state;
	__u64 value[16];          /* low 8 bytes of X0 to X15 */
};

/* Events that found no room in the ring buffer. */
struct tt_counters {
	__u64 lost_calls;
	__u64 lost_returns;
	__u64 lost_floats;        /* records whose floating-point registers are missing */
};

#endif
