// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Traces Go functions: one generic program, told by a map what to capture at each probe site.
 *
 * Records are written in place in the ring buffer. Nothing is kept per CPU: a uprobe program can be preempted, and another thread
 * could then run it on the same CPU.
 */
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>

#include "tracetoll.h"

typedef __u8 u8;
typedef __s32 s32;
typedef __u32 u32;
typedef __s64 s64;
typedef __u64 u64;

const volatile struct tt_config config;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096); /* the loader sets the real size */
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1); /* the loader sets the number of sites */
	__type(key, u32);
	__type(value, struct tt_site);
} sites SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct tt_counters);
} counters SEC(".maps");

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

#define INT_REGISTERS 9
#define INT_REGISTERS_MASK 15
#define WORD 8

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
	for (int i = INT_REGISTERS; i <= INT_REGISTERS_MASK; i++)
		registers[i] = 0;
}

/* Reads one word; negative if it cannot be read. */
static __always_inline long read_word(const struct tt_word *word, const u64 *registers, u64 arguments, u64 *value)
{
	*value = 0;
	if (word->source == TT_INT_REGISTER) {
		*value = registers[word->index & INT_REGISTERS_MASK];
		return 0;
	}
	if (word->source == TT_STACK) {
		u32 size = word->size;

		if (size > WORD)
			return -1;
		return bpf_probe_read_user(value, size, (void *)(arguments + word->offset));
	}
	return 0;
}

static __always_inline u64 text_bytes(u64 length)
{
	u64 most = config.max_text_bytes;

	return length < most ? length : most;
}

struct hit {
	u64 goroutine;
	u64 frame;
	u64 arguments;
	u64 timestamp_ns;
	u32 site;
	u32 thread;
	u64 registers[INT_REGISTERS_MASK + 1];
};

/*
 * Fills a record of `capacity` bytes, a compile-time constant: texts start in its first half and are no longer than the other, which
 * is how the verifier can see that they end inside it.
 */
static __always_inline void fill(u64 *out, const u32 capacity, const struct tt_site *site, const struct hit *hit)
{
	struct tt_record *record = (struct tt_record *)out;
	const u32 header = sizeof(*record) / WORD;
	u64 unreadable = 0;
	u32 texts = 0;
	u32 at;

	record->site = hit->site;
	record->thread = hit->thread;
	record->timestamp_ns = hit->timestamp_ns;
	record->goroutine = hit->goroutine;
	record->frame = hit->frame;
	for (u32 i = 0; i < TT_MAX_WORDS; i++) {
		u64 value;

		if (i >= site->words || header + i >= capacity / WORD)
			break;
		if (read_word(&site->word[i], hit->registers, hit->arguments, &value))
			unreadable |= 1ull << i;
		out[header + i] = value;
	}
	record->unreadable = unreadable;
	at = header + site->words;
	for (u32 i = 0; i < TT_MAX_TEXTS; i++) {
		struct tt_captured *captured;
		u32 pointer, length;
		u64 bytes;
		long error;

		if (i >= site->texts)
			break;
		pointer = header + site->text[i].pointer;
		length = header + site->text[i].length;
		if (at >= capacity / WORD / 2 || pointer >= capacity / WORD || length >= capacity / WORD)
			break;
		bytes = text_bytes(out[length]);
		captured = (struct tt_captured *)&out[at];
		captured->unused = 0;
		if (bytes > capacity / 2 - sizeof(*captured))
			break;
		error = bpf_probe_read_user(&out[at + 1], bytes, (void *)out[pointer]);
		captured->bytes = error ? error : (s32)bytes;
		at += 1 + (error ? 0 : (bytes + WORD - 1) / WORD);
		texts = i + 1;
	}
	record->texts = texts;
	record->unused = 0;
}

/* A record large enough: its fixed part and all texts but the last end in its first half, and each text fits into a half. */
#define TRY_CAPACITY(capacity)                                                             \
	do {                                                                               \
		if (before_last <= (capacity) / 2 && longest + WORD <= (capacity) / 2) {    \
			u64 *out = bpf_ringbuf_reserve(&events, (capacity), 0);             \
			if (!out)                                                           \
				return -1;                                                  \
			fill(out, (capacity), site, hit);                                   \
			bpf_ringbuf_submit(out, BPF_RB_NO_WAKEUP);                          \
			return 0;                                                           \
		}                                                                           \
	} while (0)

static __always_inline long emit(const struct tt_site *site, const struct hit *hit)
{
	u64 before_last = sizeof(struct tt_record) + site->words * WORD + WORD;
	u64 longest = 0;
	u64 last = 0;

	for (u32 i = 0; i < TT_MAX_TEXTS; i++) {
		u64 length;

		if (i >= site->texts)
			break;
		before_last += last;
		if (read_word(&site->word[site->text[i].length & (TT_MAX_WORDS - 1)], hit->registers, hit->arguments, &length))
			length = 0;
		length = text_bytes(length);
		last = WORD + (length + WORD - 1) / WORD * WORD;
		if (length > longest)
			longest = length;
	}
	TRY_CAPACITY(128);
	TRY_CAPACITY(256);
	TRY_CAPACITY(1024);
	TRY_CAPACITY(4096);
	TRY_CAPACITY(16384);
	TRY_CAPACITY(65536);
	TRY_CAPACITY(262144);
	return -1;
}

static __always_inline struct tt_counters *lost_counters(void)
{
	u32 zero = 0;

	return bpf_map_lookup_elem(&counters, &zero);
}

/*
 * The floating-point registers are live in the CPU and no BPF program can read them. A signal makes the kernel save them in the
 * thread's signal frame, which on_signal reads. SIGURG is the signal by which Go's own scheduler preempts threads at any instruction;
 * its handler takes one that nobody asked for as it takes one that came late.
 */
static __always_inline void ask_for_floats(struct pt_regs *ctx, const struct tt_site *site, u32 id)
{
	struct pending *pending;

	pending = bpf_task_storage_get(&pending_floats, bpf_get_current_task_btf(), 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!pending)
		return;
	if (site->is_return) {
		if (bpf_probe_read_user(&pending->resumes_at, sizeof(pending->resumes_at), (void *)ctx->rsp))
			return;
	} else {
		pending->resumes_at = ctx->rip + site->instruction_bytes;
	}
	pending->site = id;
	pending->floats = site->floats;
	if (bpf_send_signal_thread(config.float_signal))
		pending->floats = 0;
}

SEC("uprobe")
int on_site(struct pt_regs *ctx)
{
	u32 id = bpf_get_attach_cookie(ctx);
	const struct tt_site *site = bpf_map_lookup_elem(&sites, &id);
	u64 stack_hi = 0;
	struct hit hit;

	if (!site)
		return 0;
	hit.timestamp_ns = bpf_ktime_get_ns();
	hit.site = id;
	hit.thread = (u32)bpf_get_current_pid_tgid();
	hit.arguments = ctx->rsp + WORD;
	hit.goroutine = 0;
	read_registers(ctx, hit.registers);
	/* ABIInternal keeps the current goroutine's runtime.g in R14. */
	bpf_probe_read_user(&hit.goroutine, sizeof(hit.goroutine), (void *)(ctx->r14 + config.goid_offset));
	bpf_probe_read_user(&stack_hi, sizeof(stack_hi), (void *)(ctx->r14 + config.stack_hi_offset));
	hit.frame = stack_hi - hit.arguments;
	if (emit(site, &hit)) {
		struct tt_counters *lost = lost_counters();

		if (lost)
			__sync_fetch_and_add(site->is_return ? &lost->lost_returns : &lost->lost_calls, 1);
		return 0;
	}
	if (site->floats)
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
	u32 floats;

	if (!pending || !pending->floats || (u32)ctx->rax != config.float_signal)
		return 0;
	floats = pending->floats;
	pending->floats = 0;
	record = bpf_ringbuf_reserve(&events, sizeof(*record), 0);
	if (!record) {
		struct tt_counters *lost = lost_counters();

		if (lost)
			__sync_fetch_and_add(&lost->lost_floats, 1);
		return 0;
	}
	record->site = pending->site | TT_FLOATS;
	record->thread = (u32)bpf_get_current_pid_tgid();
	record->state = TT_FLOATS_UNREADABLE;
	for (u32 i = 0; i < 16; i++)
		record->value[i] = 0;
	if (bpf_probe_read_user(&interrupted, sizeof(interrupted), (void *)(ctx->rcx + UCONTEXT_RIP)) == 0
	    && bpf_probe_read_user(&fpstate, sizeof(fpstate), (void *)(ctx->rcx + UCONTEXT_FPSTATE)) == 0) {
		if (interrupted != pending->resumes_at)
			record->state = TT_FLOATS_LATE;
		else if (bpf_probe_read_user(xmm, sizeof(xmm), (void *)(fpstate + FXSAVE_XMM)) == 0) {
			record->state = TT_FLOATS_OK;
			for (u32 i = 0; i < 16; i++)
				record->value[i] = i < floats ? xmm[2 * i] : 0;
		}
	}
	bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
