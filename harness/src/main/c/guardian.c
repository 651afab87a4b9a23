/*
 * Sees to a traced process whose tracer ends without having let it go.
 *
 *     guardian TRACER PID kill
 *     guardian TRACER PID continue
 *     guardian TRACER PID THREAD TABLE
 *
 * Says "ready" once it watches the process TRACER. When that ends, it kills the process PID, or has it continue if it was stopped. With a
 * TABLE, it watches the thread THREAD of the tracer, which alone traces, and repairs the process PID from what that file says (see below): the
 * program's own code is put back, threads that have hit a breakpoint go on with the displaced instruction, and whatever else the tracer has
 * changed becomes what it was.
 *
 * A "q" on standard input says that the tracer has let the process go: there is nothing to do any more. An "r" says that the tracer lives and
 * could not let it go: the process is repaired as soon as its threads are traced no more. The end of the input alone says nothing.
 *
 * How a process can be repaired that has gone on without its tracer: threads that had been stopped for a breakpoint, and all that run into one
 * later, get the SIGTRAP. As long as there are breakpoints, that signal's action is the program's own with the address of its handler replaced
 * by that of a loop which waits: the threads are found there, with the context of the int3 in the signal's frame, and sent back through it.
 *
 * TABLE holds 64-bit numbers, written by dev.tracetoll.process.GuardTable; everything is there before it takes effect in the process.
 * Numbers on the command line are decimal.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MASK_WORDS 128
#define SCRATCH_WORDS 8
#define STRUCTURE_WORDS 4
#define REGISTER_WORDS 27
#define MOST_CONFINED 64
#define HANDED 16

struct table {
    /* Memory of the process that was spare; 0 if nothing was put there. */
    uint64_t spare, spare_size;
    /* In the spare memory: where instructions are single-stepped; the instruction syscall, and behind it the loop that waits, up to its end. */
    uint64_t stepping, stepping_end, call, loop, loop_end;
    /* The address that the instruction at the place for single-stepping belongs to. */
    uint64_t stepped;
    /* The program's own action for SIGTRAP, as the kernel's struct sigaction has it; known is 0 while there is none of ours. */
    uint64_t action_known, handler, flags, restorer, mask;
    /*
     * A thread that is made to do a system call, and what it had before, while its instruction pointer is at call or in the loop; scratch is 0
     * if no memory of its is used.
     */
    uint64_t caller, caller_mask, scratch, scratch_was[SCRATCH_WORDS], registers[REGISTER_WORDS];
    /* Threads that were about to get another signal in place of the SIGTRAP of a single-step, and that signal. */
    struct handed {
        uint64_t thread, signal;
    } handed[HANDED];
    /* A thread that blocks signals while it executes one instruction, what it blocked before, and the signal it is to get then. */
    uint64_t masked, masked_before, masked_signal;
    /* The one CPU that threads are confined to, and what they could run on before. */
    uint64_t cpu;
    struct confined {
        uint64_t thread, before[MASK_WORDS];
    } confined[MOST_CONFINED];
    /* Code that was overwritten: 8 aligned bytes each. Of lengths, every byte is that of the displaced instruction there, 0 if there is none. */
    uint64_t words;
    struct word {
        uint64_t address, original, armed, lengths;
    } word[];
};

struct thread {
    pid_t id;
    int status;
    /* To be delivered when it is let go. */
    int signal;
    int gone;
};

/* The kernel's own, see arch/x86/include/uapi/asm/signal.h. */
struct action {
    uint64_t handler, flags, restorer, mask;
};

/* In the frame of a signal, see asm/ucontext.h and asm/sigcontext.h; and si_code and what follows in siginfo_t. */
#define CONTEXT_RSP (40 + 15 * 8)
#define CONTEXT_RIP (40 + 16 * 8)
#define INFO_MARK 4
#define INFO_CODE 8
#define INFO_RIP 16
#define INFO_RSP 24

/* In si_errno: the tracer has seen to the hit, and is about to give the thread another instruction pointer or stack pointer than these. */
#define SEEN_TO 0x7472

#define CODE_KERNEL 0x80
#define CODE_TRACE 2
#define INT3 0xcc
#define SYSCALL_INSTRUCTION 0x050f
#define LONGEST_INSTRUCTION 15
#define SYNCHRONOUS                                                                                                                                  \
    (1UL << (SIGILL - 1) | 1UL << (SIGTRAP - 1) | 1UL << (SIGBUS - 1) | 1UL << (SIGFPE - 1) | 1UL << (SIGSEGV - 1) | 1UL << (SIGSYS - 1))
#define UNBLOCKABLE (1UL << (SIGKILL - 1) | 1UL << (SIGSTOP - 1))
#define SYSTEM_CALL_STOP (SIGTRAP | 0x80)
/* Of pidfd_open(2), from Linux 6.9 on: O_EXCL. */
#define THREAD_DESCRIPTOR 0200
#define PATIENCE_SECONDS 20
#define QUIET_LISTINGS 3
#define MOST_VISITS 50
#define BETWEEN_VISITS 20000000

static struct table *table;
static pid_t process;
static struct thread *threads;
static size_t count, room;
static struct timespec deadline;
/* Whether threads were seen to before: only what was in their way then is still to be looked at. */
static int revisiting;
/* CPUs that some thread was confined to from the beginning. */
static uint64_t pinned[MASK_WORDS];

static void fail(const char *what)
{
    fprintf(stderr, "tracetoll: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int late(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec > deadline.tv_sec || (now.tv_sec == deadline.tv_sec && now.tv_nsec > deadline.tv_nsec);
}

static void moment(void)
{
    struct timespec pause = {0, 200000};

    nanosleep(&pause, NULL);
}

/* --- memory --- */

static int peek(struct thread *thread, uint64_t address, uint64_t *word)
{
    errno = 0;
    *word = ptrace(PTRACE_PEEKTEXT, thread->id, address, 0);
    return errno == 0;
}

static int poke(struct thread *thread, uint64_t address, uint64_t word)
{
    return ptrace(PTRACE_POKETEXT, thread->id, address, word) == 0;
}

static int is_spare(uint64_t address)
{
    return address - table->spare < table->spare_size;
}

static int is_waiting(uint64_t rip)
{
    return rip >= table->call && rip < table->loop_end;
}

/* Whether the bytes in place can only be the program's and the tracer's. */
static int is_ours(const struct word *word, uint64_t now)
{
    for (int shift = 0; shift < 64; shift += 8) {
        uint8_t byte = now >> shift, original = word->original >> shift, armed = word->armed >> shift;

        if (byte != original && byte != armed)
            return 0;
    }
    return 1;
}

/* The length of the instruction that a breakpoint at an address has displaced; 0 if there is none. */
static unsigned displaced(uint64_t address)
{
    for (uint64_t i = 0; i < table->words; i++)
        if (table->word[i].address == (address & ~7UL))
            return (uint8_t)(table->word[i].lengths >> (address & 7) * 8);
    return 0;
}

static int is_site(uint64_t address)
{
    return displaced(address) != 0;
}

static int is_behind_displaced(uint64_t address)
{
    for (unsigned length = 1; length <= LONGEST_INSTRUCTION; length++)
        if (displaced(address - length) == length)
            return 1;
    return 0;
}

/* Takes the breakpoints away without stopping anybody, as far as the kernel allows: the sooner, the fewer threads have to wait. */
static void disarm(void)
{
    char path[64];
    int memory;
    uint64_t now;

    snprintf(path, sizeof path, "/proc/%d/mem", process);
    memory = open(path, O_RDWR | O_CLOEXEC);
    if (memory < 0)
        return;
    for (uint64_t i = 0; i < table->words; i++) {
        const struct word *word = &table->word[i];

        if (!is_spare(word->address) && pread(memory, &now, sizeof now, word->address) == sizeof now && now != word->original && is_ours(word, now)
            && pwrite(memory, &word->original, sizeof now, word->address) < 0)
            break;
    }
    close(memory);
}

/* --- threads --- */

static struct thread *known(pid_t id)
{
    for (size_t i = 0; i < count; i++)
        if (threads[i].id == id)
            return &threads[i];
    return NULL;
}

/* Waits for the next stop of a thread; 0 if it is gone or the time is up. */
static int await(struct thread *thread)
{
    while (!thread->gone) {
        pid_t found = waitpid(thread->id, &thread->status, __WALL | WNOHANG);

        if (found == thread->id && WIFSTOPPED(thread->status))
            return 1;
        if (found == thread->id || (found < 0 && errno != EINTR) || late())
            thread->gone = 1;
        else
            moment();
    }
    return 0;
}

static int is_event(const struct thread *thread)
{
    return thread->status >> 16 != 0;
}

static int is_call(const struct thread *thread)
{
    return thread->status >> 8 == SYSTEM_CALL_STOP;
}

/*
 * Seizes and stops every thread; 0 if there is none. A zombie, a leader that has ended before its threads, cannot be seized and need not. A
 * listing may leave out a thread while another one ends, so that one without news is not enough.
 */
static int stop_all(void)
{
    char path[64];
    size_t before;
    int quiet = 0;

    snprintf(path, sizeof path, "/proc/%d/task", process);
    do {
        DIR *directory = opendir(path);

        before = count;
        for (struct dirent *entry; directory && (entry = readdir(directory));) {
            pid_t id = atoi(entry->d_name);

            if (id <= 0 || known(id))
                continue;
            /* The one who traced may not have gone completely yet. */
            while (ptrace(PTRACE_SEIZE, id, 0, PTRACE_O_TRACESYSGOOD) && errno == EPERM && !late()) {
                char stat[64], line[256] = "";
                int file;

                snprintf(stat, sizeof stat, "/proc/%d/stat", id);
                file = open(stat, O_RDONLY | O_CLOEXEC);
                if (file < 0)
                    break;
                ssize_t size = read(file, line, sizeof line - 1);
                close(file);
                const char *state = size > 0 ? strrchr(line, ')') : NULL;
                if (!state || state[2] == 'Z' || state[2] == 'X')
                    break;
                moment();
            }
            if (ptrace(PTRACE_INTERRUPT, id, 0, 0))
                continue;
            if (count == room) {
                room = room ? 2 * room : 64;
                threads = realloc(threads, room * sizeof *threads);
                if (!threads)
                    fail("no memory");
            }
            threads[count++] = (struct thread){.id = id};
        }
        if (directory)
            closedir(directory);
        for (size_t i = before; i < count; i++)
            if (await(&threads[i]) && !is_event(&threads[i]))
                threads[i].signal = WSTOPSIG(threads[i].status);
        quiet = count > before ? 0 : quiet + 1;
    } while (quiet < QUIET_LISTINGS);
    for (size_t i = 0; i < count; i++)
        if (!threads[i].gone)
            return 1;
    return 0;
}

static int read_registers(struct thread *thread, struct user_regs_struct *registers)
{
    return !thread->gone && ptrace(PTRACE_GETREGS, thread->id, 0, registers) == 0;
}

static int set_registers(struct thread *thread, struct user_regs_struct *registers)
{
    return ptrace(PTRACE_SETREGS, thread->id, 0, registers) == 0;
}

/* A signal that the thread has stopped for comes again once it is not blocked; so it can be moved without it. */
static uint64_t block(struct thread *thread)
{
    uint64_t mask = 0, most;

    ptrace(PTRACE_GETSIGMASK, thread->id, sizeof mask, &mask);
    most = mask | ~SYNCHRONOUS;
    ptrace(PTRACE_SETSIGMASK, thread->id, sizeof most, &most);
    if (thread->signal && thread->signal != SIGTRAP)
        syscall(SYS_tgkill, process, thread->id, thread->signal);
    thread->signal = 0;
    return mask;
}

static void unblock(struct thread *thread, uint64_t mask)
{
    ptrace(PTRACE_SETSIGMASK, thread->id, sizeof mask, &mask);
}

/*
 * Moves a thread that blocks all signals to its next stop of a kind. A stop signal, which cannot be blocked, is sent again; a fault ends the
 * move, and is delivered later.
 */
static int move(struct thread *thread, int request, int (*is_it)(const struct thread *))
{
    int stop = 0, arrived = 0;

    while (!arrived) {
        if (ptrace(request, thread->id, 0, 0) || !await(thread))
            break;
        arrived = is_it(thread);
        if (!arrived && !is_event(thread) && WSTOPSIG(thread->status) == SIGSTOP) {
            stop = 1;
        } else if (!arrived && !is_event(thread) && !is_call(thread)) {
            thread->signal = WSTOPSIG(thread->status);
            break;
        }
    }
    if (stop)
        syscall(SYS_tgkill, process, thread->id, SIGSTOP);
    return arrived;
}

static int is_step(const struct thread *thread)
{
    return !is_event(thread) && WSTOPSIG(thread->status) == SIGTRAP;
}

/* To a stop from which the kernel restarts a system call that was interrupted; the thread executes nothing on the way. */
static int interrupt(struct thread *thread)
{
    return ptrace(PTRACE_INTERRUPT, thread->id, 0, 0) == 0 && move(thread, PTRACE_CONT, is_event);
}

/*
 * Makes a stopped thread do a system call: with a number and a structure to read, or a structure to be filled in behind them. What the thread
 * has on top of its stack makes room for the structures meanwhile.
 */
static int call(struct thread *thread, uint64_t number, uint64_t first, const struct action *in, uint64_t *out, int out_is_second, long *result)
{
    struct user_regs_struct before, changed;
    uint64_t scratch, was[SCRATCH_WORDS], mask;
    int done;

    if (!read_registers(thread, &before))
        return 0;
    scratch = before.rsp & ~7UL;
    for (int i = 0; i < SCRATCH_WORDS; i++)
        if (!peek(thread, scratch + 8 * i, &was[i]))
            return 0;
    mask = block(thread);
    for (int i = 0; in && i < STRUCTURE_WORDS; i++)
        poke(thread, scratch + 8 * i, ((const uint64_t *)in)[i]);
    changed = before;
    changed.rip = table->call;
    changed.orig_rax = -1;
    changed.rax = number;
    changed.rdi = first;
    changed.rsi = in ? scratch : out && out_is_second ? scratch + 32 : 0;
    changed.rdx = out && !out_is_second ? scratch + 32 : 0;
    changed.r10 = 8;
    done = set_registers(thread, &changed) && move(thread, PTRACE_SYSCALL, is_call) && move(thread, PTRACE_SYSCALL, is_call)
        && read_registers(thread, &changed);
    *result = changed.rax;
    for (int i = 0; done && out && i < STRUCTURE_WORDS; i++)
        done = peek(thread, scratch + 32 + 8 * i, &out[i]);
    for (int i = 0; i < SCRATCH_WORDS; i++)
        poke(thread, scratch + 8 * i, was[i]);
    interrupt(thread);
    set_registers(thread, &before);
    unblock(thread, mask);
    return done;
}

/* --- repair --- */

/* A thread that the tracer was making do a system call, and that waits instead of going on with what it does not know. */
static void give_back(struct thread *thread, struct user_regs_struct *registers)
{
    for (int i = 0; table->scratch && i < SCRATCH_WORDS; i++)
        poke(thread, table->scratch + 8 * i, table->scratch_was[i]);
    unblock(thread, table->caller_mask);
    memcpy(registers, table->registers, sizeof *registers);
    set_registers(thread, registers);
}

/* The signal that a thread was to get in place of a SIGTRAP which does not say any more what it came from; 0 if there is none. */
static int handed(const struct thread *thread)
{
    for (int i = 0; i < HANDED; i++)
        if (table->handed[i].thread == (uint64_t)thread->id)
            return table->handed[i].signal;
    return 0;
}

/* Whether a SIGTRAP is the program's own: it has an int3 there itself, or somebody has sent it. Not if rip is that of a hit. */
static int is_own_trap(struct thread *thread, int code, uint64_t rip)
{
    uint64_t original = 0;

    if (code != CODE_KERNEL)
        return code != CODE_TRACE && !(code == SI_USER && handed(thread));
    if (!is_spare(rip - 1) && !is_behind_displaced(rip))
        peek(thread, (rip - 1) & ~7UL, &original);
    return (uint8_t)(original >> ((rip - 1) & 7) * 8) == INT3;
}

/* A thread that waits in the loop for having got a SIGTRAP. Returns to what the signal has interrupted, or calls the program's own handler. */
static void send_back(struct thread *thread, struct user_regs_struct *registers)
{
    uint64_t info = registers->rsi, context = registers->rdx, mark, code, rip, rsp, seen_rip, seen_rsp;
    int own, again;

    /* si_signo and si_errno, then si_code: three ints. */
    if (!peek(thread, info, &mark) || !peek(thread, info + INFO_CODE, &code) || !peek(thread, info + INFO_RIP, &seen_rip)
        || !peek(thread, info + INFO_RSP, &seen_rsp) || !peek(thread, context + CONTEXT_RIP, &rip) || !peek(thread, context + CONTEXT_RSP, &rsp))
        return;
    code = (uint32_t)code;
    if (code == CODE_KERNEL && mark >> 32 == SEEN_TO) {
        own = 0;
        again = rip == seen_rip && rsp == seen_rsp;
    } else {
        again = code == CODE_KERNEL && is_site(rip - 1);
        own = !again && is_own_trap(thread, code, rip);
        if (!own && code == SI_USER)
            syscall(SYS_tgkill, process, thread->id, handed(thread));
    }
    if (own && table->handler > 1) {
        registers->rip = table->handler;
        registers->rax = 0;
        registers->orig_rax = -1;
        set_registers(thread, registers);
        return;
    }
    if (own && !table->handler)
        syscall(SYS_tgkill, process, thread->id, SIGTRAP);
    if (again)
        poke(thread, context + CONTEXT_RIP, rip - 1);
    /* The handler's return: to the restorer, which does rt_sigreturn. */
    if (!peek(thread, registers->rsp, (uint64_t *)&registers->rip))
        return;
    registers->rsp += 8;
    registers->rax = 0;
    registers->orig_rax = -1;
    if (set_registers(thread, registers)) {
        /* It gets its own mask back from the frame. */
        block(thread);
        if (move(thread, PTRACE_SYSCALL, is_call))
            move(thread, PTRACE_SYSCALL, is_call);
    }
}

/* A thread that was about to do a system call for the tracer, with all signals blocked. */
static void free_signals(struct thread *thread)
{
    uint64_t mask = 0;

    ptrace(PTRACE_GETSIGMASK, thread->id, sizeof mask, &mask);
    if ((mask | UNBLOCKABLE) == ~0UL)
        unblock(thread, table->caller_mask);
}

/* A thread that was to get a signal after one instruction, and blocked the others until then. */
static void give_signal(struct thread *thread)
{
    uint64_t mask = 0;

    ptrace(PTRACE_GETSIGMASK, thread->id, sizeof mask, &mask);
    if (mask == ((table->masked_before | ~SYNCHRONOUS) & ~UNBLOCKABLE) || mask == (table->masked_before | ~SYNCHRONOUS))
        unblock(thread, table->masked_before);
    if (table->masked_signal)
        syscall(SYS_tgkill, process, thread->id, (int)table->masked_signal);
}

/* What stands behind the name of a field of a thread's status, in the caller's line; NULL if it is gone. */
static const char *status_field(const struct thread *thread, const char *field, char line[256])
{
    char path[64];
    const char *found = NULL;
    FILE *status;

    snprintf(path, sizeof path, "/proc/%d/status", thread->id);
    status = fopen(path, "re");
    while (status && !found && fgets(line, 256, status))
        if (!strncmp(line, field, strlen(field)))
            found = line + strlen(field);
    if (status)
        fclose(status);
    return found;
}

/* Fields of a thread's status that are masks of signals; 0 if it is gone. */
static uint64_t signals(const struct thread *thread, const char *field)
{
    char line[256];
    const char *mask = status_field(thread, field, line);

    return mask ? strtoul(mask, NULL, 16) : 0;
}

static int has_pending_trap(const struct thread *thread)
{
    return signals(thread, "SigPnd:") >> (SIGTRAP - 1) & 1;
}

/* Brings a stopped thread to an instruction of the program's own code that it has not executed. */
static void bring_home(struct thread *thread)
{
    struct user_regs_struct registers;
    siginfo_t info;

    if (!read_registers(thread, &registers))
        return;
    if (!revisiting && table->caller == (uint64_t)thread->id) {
        if (is_waiting(registers.rip))
            give_back(thread, &registers);
        else
            free_signals(thread);
    } else if (is_waiting(registers.rip)) {
        send_back(thread, &registers);
        if (!read_registers(thread, &registers))
            return;
    }
    /* Most likely it has executed an int3, and is about to be told. */
    if (is_event(thread) && has_pending_trap(thread)) {
        if (ptrace(PTRACE_CONT, thread->id, 0, 0) || !await(thread) || !read_registers(thread, &registers))
            return;
        if (!is_event(thread))
            thread->signal = WSTOPSIG(thread->status);
    }
    if (thread->signal == SIGTRAP && !ptrace(PTRACE_GETSIGINFO, thread->id, 0, &info)) {
        if (info.si_code == CODE_KERNEL && is_site(registers.rip - 1)) {
            thread->signal = 0;
            registers.rip--;
            set_registers(thread, &registers);
        } else if (!is_own_trap(thread, info.si_code, registers.rip)) {
            thread->signal = 0;
        }
    }
    if (table->stepped && registers.rip >= table->stepping && registers.rip < table->stepping_end) {
        registers.rip += table->stepped - table->stepping;
        set_registers(thread, &registers);
    }
    if (!revisiting && table->masked == (uint64_t)thread->id)
        give_signal(thread);
    if (is_spare(registers.rip)) {
        /* A copy of an instruction that leads back. */
        uint64_t mask = block(thread);

        for (int steps = 0; steps < 4 && is_spare(registers.rip); steps++)
            if (!move(thread, PTRACE_SINGLESTEP, is_step) || !read_registers(thread, &registers))
                break;
        unblock(thread, mask);
    }
}

static struct thread *any(void)
{
    for (size_t i = 0; i < count; i++)
        if (!threads[i].gone)
            return &threads[i];
    return NULL;
}

/* Whether it is another program's memory now, which needs nothing. */
static int is_another(struct thread *thread)
{
    uint64_t now;

    for (uint64_t i = 0; i < table->words; i++)
        if (!is_spare(table->word[i].address) && (!peek(thread, table->word[i].address, &now) || !is_ours(&table->word[i], now)))
            return 1;
    return 0;
}

static void restore(int spare)
{
    struct thread *thread = any();

    for (uint64_t i = 0; thread && i < table->words; i++)
        if (is_spare(table->word[i].address) == spare)
            poke(thread, table->word[i].address, table->word[i].original);
}

/* Whether the tracer has not yet taken away what the thread would do the call with. */
static int can_call(struct thread *thread)
{
    uint64_t code;

    return table->call && peek(thread, table->call, &code) && (code & 0xffff) == SYSCALL_INSTRUCTION;
}

static void restore_action(void)
{
    struct thread *thread = any();
    struct action own = {table->handler, table->flags, table->restorer, table->mask};
    uint64_t now[STRUCTURE_WORDS];
    long result;

    if (thread && table->action_known && can_call(thread) && call(thread, SYS_rt_sigaction, SIGTRAP, NULL, now, 0, &result) && !result
        && now[0] == table->loop)
        call(thread, SYS_rt_sigaction, SIGTRAP, &own, NULL, 0, &result);
}

static void restore_affinity(void)
{
    uint64_t now[MASK_WORDS], one[MASK_WORDS] = {0};
    const struct confined *some = NULL;

    if (table->cpu >= MASK_WORDS * 64)
        return;
    one[table->cpu / 64] = 1UL << table->cpu % 64;
    for (int i = 0; i < MOST_CONFINED && !some; i++)
        if (table->confined[i].thread)
            some = &table->confined[i];
    for (size_t i = 0; some && i < count; i++) {
        const struct confined *found = NULL;

        memset(now, 0, sizeof now);
        if (syscall(SYS_sched_getaffinity, threads[i].id, sizeof now, now) < 0 || memcmp(now, one, sizeof now))
            continue;
        for (int j = 0; j < MOST_CONFINED; j++)
            if (table->confined[j].thread == (uint64_t)threads[i].id)
                found = &table->confined[j];
        /* A thread that a confined one has created just now. */
        if (!found && !(pinned[table->cpu / 64] >> table->cpu % 64 & 1))
            found = some;
        if (found)
            syscall(SYS_sched_setaffinity, threads[i].id, sizeof found->before, found->before);
    }
}

/*
 * Whether a thread is executing the handler of a signal: its frame may lead back to a copy, which cannot be seen. While a handler is
 * executed, at least its own signal is blocked; a thread that executes Go's code does it on a stack of its own, see sigaltstack(2).
 */
static int handles_signal(struct thread *thread)
{
    uint64_t stack[STRUCTURE_WORDS];
    long result;

    return !thread->gone && (signals(thread, "SigBlk:") & signals(thread, "SigCgt:")) != 0 && can_call(thread)
        && call(thread, SYS_sigaltstack, 0, NULL, stack, 1, &result) && !result && ((uint32_t)stack[1] & SS_ONSTACK);
}

static int anybody_handles_signal(void)
{
    for (size_t i = 0; i < count; i++)
        if (handles_signal(&threads[i]))
            return 1;
    return 0;
}

/* Returns whether there was a process to repair. Sets complete if nothing is left to be done. */
static int repair(pid_t id, int is_copy, int *complete)
{
    struct thread *thread;
    int alive;

    process = id;
    count = 0;
    *complete = 1;
    /* Later, breakpoints would be those of another tracer. */
    if (!revisiting)
        disarm();
    alive = stop_all();
    thread = any();
    if (thread && table->words && !is_another(thread)) {
        restore(0);
        for (size_t i = 0; i < count; i++)
            bring_home(&threads[i]);
        restore_action();
        /* What is a copy may be the same memory, and others may be in there. */
        *complete = is_copy || !anybody_handles_signal();
        if (!is_copy && *complete)
            restore(1);
    }
    restore_affinity();
    for (size_t i = 0; i < count; i++)
        if (!threads[i].gone)
            ptrace(PTRACE_DETACH, threads[i].id, 0, threads[i].signal);
    return alive;
}

static int runs_same_program(pid_t one, pid_t other)
{
    char path[64];
    struct stat first, second;

    snprintf(path, sizeof path, "/proc/%d/exe", one);
    if (stat(path, &first))
        return 0;
    snprintf(path, sizeof path, "/proc/%d/exe", other);
    return !stat(path, &second) && first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

/* Copies that the process has made of itself and that have not executed another program. */
static void repair_copies(pid_t parent)
{
    DIR *directory = opendir("/proc");

    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        char path[300], line[512];
        pid_t id = atoi(entry->d_name);
        ssize_t size;
        int file;

        if (id <= 0)
            continue;
        snprintf(path, sizeof path, "/proc/%s/stat", entry->d_name);
        file = open(path, O_RDONLY | O_CLOEXEC);
        size = file < 0 ? -1 : read(file, line, sizeof line - 1);
        if (file >= 0)
            close(file);
        if (size <= 0)
            continue;
        line[size] = 0;
        /* PID (NAME) STATE PARENT */
        const char *name_end = strrchr(line, ')');
        if (name_end && atoi(name_end + 3) == parent && runs_same_program(parent, id))
            repair(id, 1, &(int){0});
    }
    if (directory)
        closedir(directory);
}

static void note_pinned(pid_t id)
{
    char path[64];
    DIR *directory;

    snprintf(path, sizeof path, "/proc/%d/task", id);
    directory = opendir(path);
    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        uint64_t mask[MASK_WORDS] = {0};
        int cpus = 0;

        if (atoi(entry->d_name) <= 0 || syscall(SYS_sched_getaffinity, atoi(entry->d_name), sizeof mask, mask) < 0)
            continue;
        for (int i = 0; i < MASK_WORDS; i++)
            cpus += __builtin_popcountl(mask[i]);
        for (int i = 0; cpus == 1 && i < MASK_WORDS; i++)
            pinned[i] |= mask[i];
    }
    if (directory)
        closedir(directory);
}

/* Whether a process is stopped by a signal, or about to be. */
static int is_stopped(pid_t id)
{
    const struct thread first = {.id = id};
    const uint64_t pending = signals(&first, "SigPnd:") | signals(&first, "ShdPnd:");
    char line[256];
    const char *state = status_field(&first, "State:\t", line);

    return pending >> (SIGSTOP - 1) & 1 || (state && *state == 'T');
}

int main(int arguments, char **argument)
{
    const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU, SIGPIPE};
    pid_t tracer, target;
    int descriptor, subject, kills, demanded = 0, complete = 0;

    kills = arguments == 4 && !strcmp(argument[3], "kill");
    if (arguments != 5 && !kills && (arguments != 4 || strcmp(argument[3], "continue"))) {
        fprintf(stderr, "usage: guardian TRACER PID kill|continue|THREAD TABLE\n");
        return 2;
    }
    /* What ends the tracer, typed at the terminal or sent to all, must not end this as well. */
    for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
        signal(ignored[i], SIG_IGN);
    tracer = atoi(argument[1]);
    target = atoi(argument[2]);
    descriptor = syscall(SYS_pidfd_open, tracer, 0);
    subject = syscall(SYS_pidfd_open, target, 0);
    if (descriptor < 0 || subject < 0 || getppid() != tracer)
        fail("the tracer cannot be watched");
    if (arguments == 5) {
        int file = open(argument[4], O_RDONLY | O_CLOEXEC);
        int thread = syscall(SYS_pidfd_open, atoi(argument[3]), THREAD_DESCRIPTOR);
        struct stat status;

        if (file < 0 || fstat(file, &status))
            fail(argument[4]);
        table = mmap(NULL, status.st_size, PROT_READ, MAP_SHARED, file, 0);
        if (table == MAP_FAILED)
            fail(argument[4]);
        /* It is gone long before the last of the process, which takes its time to give its memory back. */
        if (thread >= 0)
            descriptor = thread;
        close(file);
        note_pinned(target);
    }
    puts("ready");
    fclose(stdout);

    struct pollfd polled[] = {{.fd = descriptor, .events = POLLIN}, {.fd = STDIN_FILENO, .events = POLLIN}};
    while (!demanded && !(polled[0].revents & POLLIN)) {
        char word = 0;

        if (poll(polled, 2, -1) < 0 && errno != EINTR)
            fail("the tracer cannot be waited for");
        if (polled[1].revents) {
            if (read(STDIN_FILENO, &word, 1) <= 0)
                polled[1].fd = -1;
            if (word == 'q')
                return 0;
            demanded = word == 'r';
        }
    }
    if (kills) {
        syscall(SYS_pidfd_send_signal, subject, SIGKILL, NULL, 0);
        return 0;
    }
    if (!table) {
        /* The BPF program that stops it has gone with the tracer's last descriptor, before the tracer's end could be seen. */
        if (is_stopped(target))
            syscall(SYS_pidfd_send_signal, subject, SIGCONT, NULL, 0);
        return 0;
    }
    clock_gettime(CLOCK_MONOTONIC, &deadline);
    deadline.tv_sec += PATIENCE_SECONDS;
    process = target;
    disarm();
    /* First, for the program may be waiting for one. */
    repair_copies(target);
    if (repair(target, 0, &complete)) {
        /* If a handler never returns, the copies stay, in memory that the program does not use. */
        revisiting = 1;
        for (int visit = 0; !complete && visit < MOST_VISITS; visit++) {
            nanosleep(&(struct timespec){0, BETWEEN_VISITS}, NULL);
            repair(target, 0, &complete);
        }
        if (!demanded)
            fprintf(stderr, "tracetoll: the tracer was killed; process %d runs on untraced\n", target);
    } else if (poll(&(struct pollfd){.fd = subject, .events = POLLIN}, 1, 0) == 0) {
        fail("the tracer was killed, and the process cannot be repaired");
    }
    return 0;
}
