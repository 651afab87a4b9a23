/*
 * Becomes a program once it is told to.
 *
 *     starter GO REPORT DESCRIPTORS IGNORED LIMITS USER PROGRAM ARGUMENT-0 ARGUMENT...
 *
 * Waits for a byte from the descriptor GO, and executes PROGRAM with the arguments and its own environment; ends if there is none to come, as
 * whoever holds the other end is dead then. Ahead of that it closes all descriptors above 2 that are not in the ascending, comma-separated
 * list DESCRIPTORS (GO and REPORT are) and ignores the signals whose bits are set in IGNORED, in hexadecimal; after it, it sets LIMITS, of the
 * form RESOURCE:SOFT:HARD,..., as setrlimit(2) numbers them, or "-" for none. Then it becomes USER, of the form UID:GID:GROUP:..., or stays who it
 * is for "-".
 *
 * Tells by two ints in the descriptor REPORT that it waits, the step READY and 0, and what fails, the step and the errno. After READY there is
 * nothing more in REPORT where PROGRAM runs.
 *
 * Without libc, and linked statically: LD_PRELOAD and what else is in the environment is meant for PROGRAM.
 */
#ifndef __x86_64__
#error "the system calls here are those of x86-64"
#endif
#include <asm/unistd.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/limits.h>
#include <linux/resource.h>

enum step { READY = 0, CLOSING = 1, IGNORING = 2, LIMITING = 3, EXECUTING = 4, BECOMING = 5 };

/* The kernel's own struct sigaction, which is not libc's; SIG_IGN is 1. */
struct kernel_action {
    unsigned long handler, flags, restorer, mask;
};

#define SIGNALS 64
#define IGNORE 1

static long call(long number, long first, long second, long third, long fourth)
{
    register long r10 __asm__("r10") = fourth;
    long result;

    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(first), "S"(second), "d"(third), "r"(r10) : "rcx", "r11", "memory");
    return result;
}

static void end(int code)
{
    for (;;)
        call(__NR_exit_group, code, 0, 0, 0);
}

/* Reads a number and steps behind it and the character that follows, unless that is the end. */
static unsigned long number(const char **text, unsigned base)
{
    unsigned long value = 0;

    for (;; (*text)++) {
        char c = **text;
        unsigned digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : base;

        if (digit >= base)
            break;
        value = value * base + digit;
    }
    if (**text)
        (*text)++;
    return value;
}

static void tell(enum step step, int error, int report)
{
    int words[] = {step, error};

    call(__NR_write, report, (long)words, sizeof words, 0);
}

static void require(long result, enum step step, int report)
{
    if (result < 0) {
        tell(step, -result, report);
        end(127);
    }
}

/* With all the groups of the user, and for good. */
static void become(const char *user, int report)
{
    static unsigned groups[NGROUPS_MAX];
    unsigned id = number(&user, 10), group = number(&user, 10), count = 0;

    while (*user && count < NGROUPS_MAX)
        groups[count++] = number(&user, 10);
    require(call(__NR_setgroups, count, (long)groups, 0, 0), BECOMING, report);
    require(call(__NR_setresgid, group, group, group, 0), BECOMING, report);
    require(call(__NR_setresuid, id, id, id, 0), BECOMING, report);
}

__attribute__((used)) static void start(char **stack)
{
    char **argument = stack + 1, **environment = argument + (long)stack[0] + 1;
    const char *go_text = argument[1], *report_text = argument[2], *kept = argument[3], *ignored_text = argument[4], *limits = argument[5];
    int go = number(&go_text, 10), report = number(&report_text, 10);
    unsigned long ignored = number(&ignored_text, 16);
    unsigned lowest = 3;
    char byte;
    long got;

    for (int signal = 1; signal <= SIGNALS; signal++)
        if (ignored >> (signal - 1) & 1) {
            struct kernel_action action = {.handler = IGNORE};

            require(call(__NR_rt_sigaction, signal, (long)&action, 0, sizeof action.mask), IGNORING, report);
        }
    while (*kept) {
        unsigned keep = number(&kept, 10);

        if (keep > lowest)
            require(call(__NR_close_range, lowest, keep - 1, 0, 0), CLOSING, report);
        lowest = keep + 1;
    }
    require(call(__NR_close_range, lowest, ~0u, 0, 0), CLOSING, report);

    tell(READY, 0, report);
    do
        got = call(__NR_read, go, (long)&byte, 1, 0);
    while (got == -EINTR);
    if (got != 1)
        end(0);

    call(__NR_close, go, 0, 0, 0);
    call(__NR_fcntl, report, F_SETFD, FD_CLOEXEC, 0);
    while (*limits && *limits != '-') {
        int resource = number(&limits, 10);
        struct rlimit64 limit;

        limit.rlim_cur = number(&limits, 10);
        limit.rlim_max = number(&limits, 10);
        require(call(__NR_prlimit64, 0, resource, (long)&limit, 0), LIMITING, report);
    }
    if (*argument[6] != '-')
        become(argument[6], report);
    require(call(__NR_execve, (long)argument[7], (long)(argument + 8), (long)environment, 0), EXECUTING, report);
}

__asm__(".globl _start\n_start:\n\txor %ebp, %ebp\n\tmov %rsp, %rdi\n\tand $-16, %rsp\n\tcall start\n\thlt\n");
