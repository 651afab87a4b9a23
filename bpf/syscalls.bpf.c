// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Traces the write(2) calls of one process: a record at entry with the arguments and the head of the buffer, one at exit with the result.
 *
 * The tracepoints are those of all system calls (sys_enter, sys_exit), with typed arguments: the program finds the registers without a
 * helper call. Those of write alone (syscalls/sys_enter_write) are cheaper for the machine's other system calls, but dearer for write itself.
 */
#include <asm/unistd.h>
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>

#include "syscalls.h"

typedef __u8 u8;
typedef __s32 s32;
typedef __u32 u32;
typedef __s64 s64;
typedef __u64 u64;

const volatile struct ts_config config;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096); /* the loader sets the real size */
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct ts_counters);
} counters SEC(".maps");

static __always_inline struct ts_counters *lost(void)
{
	u32 key = 0;

	return bpf_map_lookup_elem(&counters, &key);
}

static __always_inline void begin(struct ts_record *record, u32 kind, u32 thread)
{
	const volatile struct ts_counters *so_far = lost();

	record->kind = kind;
	record->thread = thread;
	record->timestamp_ns = bpf_ktime_get_ns();
	record->lost = so_far ? so_far->lost_entries + so_far->lost_exits : 0;
}

static __always_inline int is_traced(u64 process_and_thread, u32 descriptor)
{
	return process_and_thread >> 32 == config.process && descriptor >= config.lowest_descriptor;
}

SEC("tp_btf/sys_enter")
int on_enter(u64 *ctx)
{
	const struct pt_regs *regs = (const struct pt_regs *)ctx[0];
	struct ts_counters *counters;
	struct ts_entry *entry;
	u64 process_and_thread;
	u64 head;
	long error;

	if (ctx[1] != __NR_write)
		return 0;
	process_and_thread = bpf_get_current_pid_tgid();
	if (!is_traced(process_and_thread, regs->rdi))
		return 0;
	entry = bpf_ringbuf_reserve(&events, sizeof(*entry) + config.head_bytes, 0);
	if (!entry) {
		counters = lost();
		if (counters)
			__sync_fetch_and_add(&counters->lost_entries, 1);
		return 0;
	}
	begin(&entry->record, TS_ENTRY, process_and_thread);
	entry->length = regs->rdx;
	entry->descriptor = regs->rdi;
	head = regs->rdx;
	/* Keeps the compiler from comparing before it copies: the verifier would not see the bound. */
	asm volatile("" : "+r"(head));
	if (head > config.head_bytes)
		head = config.head_bytes;
	error = head ? bpf_probe_read_user(entry + 1, head, (const void *)regs->rsi) : 0;
	entry->head = error ? error : (s32)head;
	bpf_ringbuf_submit(entry, BPF_RB_NO_WAKEUP);
	return 0;
}

SEC("tp_btf/sys_exit")
int on_exit(u64 *ctx)
{
	const struct pt_regs *regs = (const struct pt_regs *)ctx[0];
	struct ts_counters *counters;
	struct ts_exit *exit;
	u64 process_and_thread;

	if (regs->orig_rax != __NR_write)
		return 0;
	process_and_thread = bpf_get_current_pid_tgid();
	if (!is_traced(process_and_thread, regs->rdi))
		return 0;
	exit = bpf_ringbuf_reserve(&events, sizeof(*exit), 0);
	if (!exit) {
		counters = lost();
		if (counters)
			__sync_fetch_and_add(&counters->lost_exits, 1);
		return 0;
	}
	begin(&exit->record, TS_EXIT, process_and_thread);
	exit->result = (s64)ctx[1];
	bpf_ringbuf_submit(exit, BPF_RB_NO_WAKEUP);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
