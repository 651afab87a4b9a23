/*
 * The least that a breakpoint can cost under ptrace: wait, write the instruction pointer, let the thread go on.
 *
 *     ptrace-floor PID SITE COPY BYTES COUNT CPU
 *
 * Traces the process PID, which is stopped before it executes its program, from there on. SITE is the address of the breakpoint, COPY (a
 * multiple of 8) is where BYTES, in hexadecimal, are put: the displaced instruction and a jump back, where a thread that has hit goes on. Of
 * the two, only the first byte of BYTES and what is behind the displaced instruction are ever an instruction pointer. The number of stops is
 * kept in the first 8 bytes of the file COUNT. With a CPU, 0 and up, tracer and process are confined to it; with -1 they are not.
 *
 * Says "ready" once it traces. Ends with the process, or by SIGTERM, which detaches; the copy stays in memory that the program does not
 * use. Numbers are decimal, or hexadecimal behind 0x.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST_BYTES 64
#define RIP offsetof(struct user_regs_struct, rip)

static pid_t process;
static unsigned long site, copy;
static unsigned char bytes[MOST_BYTES];
static size_t size;
static long original;
static volatile uint64_t *stops;
static volatile sig_atomic_t ending;

/* A signal that comes just before waitpid does not interrupt it; so it comes again until the loop has seen it. */
static void again(long microseconds)
{
    struct itimerval every = {{0, microseconds}, {0, microseconds}};

    setitimer(ITIMER_REAL, &every, NULL);
}

static void end(int signal)
{
    (void)signal;
    ending = 1;
    again(10000);
}

static void fail(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
}

static void plant(pid_t thread)
{
    for (size_t at = 0; at < size; at += sizeof(long)) {
        long word = ptrace(PTRACE_PEEKTEXT, thread, copy + at, 0);
        memcpy(&word, bytes + at, size - at < sizeof word ? size - at : sizeof word);
        if (ptrace(PTRACE_POKETEXT, thread, copy + at, word))
            fail("the copy of the displaced instruction cannot be written");
    }
    original = ptrace(PTRACE_PEEKTEXT, thread, site, 0);
    if (ptrace(PTRACE_POKETEXT, thread, site, (original & ~0xffL) | 0xcc))
        fail("the breakpoint cannot be planted");
}

/* The first thread that is let go leaves nothing for the others to run into; a thread in the copy goes back to the program's own code. */
static void release(pid_t thread, int signal, int planted)
{
    struct user_regs_struct registers;

    if (planted && !ptrace(PTRACE_GETREGS, thread, 0, &registers)) {
        unsigned long now = registers.rip;

        ptrace(PTRACE_POKETEXT, thread, site, original);
        if (now == site + 1 && signal == SIGTRAP) {
            ptrace(PTRACE_POKEUSER, thread, RIP, site);
            signal = 0;
        } else if (now >= copy && now < copy + size) {
            ptrace(PTRACE_POKEUSER, thread, RIP, now == copy ? site : now - (copy + size) + site);
        }
    }
    ptrace(PTRACE_DETACH, thread, 0, signal);
}

int main(int count, char **argument)
{
    struct sigaction terminate = {.sa_handler = end};
    int status, file, cpu, planted = 0;

    if (count != 7) {
        fprintf(stderr, "usage: ptrace-floor PID SITE COPY BYTES COUNT CPU\n");
        return 2;
    }
    process = atoi(argument[1]);
    site = strtoul(argument[2], NULL, 0);
    copy = strtoul(argument[3], NULL, 0);
    for (const char *digits = argument[4]; digits[0] && digits[1] && size < MOST_BYTES; digits += 2) {
        char one[] = {digits[0], digits[1], 0};
        bytes[size++] = strtoul(one, NULL, 16);
    }
    file = open(argument[5], O_RDWR);
    stops = mmap(NULL, sizeof *stops, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (file < 0 || stops == MAP_FAILED)
        fail(argument[5]);
    cpu = atoi(argument[6]);
    if (cpu >= 0) {
        cpu_set_t one;

        CPU_ZERO(&one);
        CPU_SET(cpu, &one);
        if (sched_setaffinity(0, sizeof one, &one) || sched_setaffinity(process, sizeof one, &one))
            fail("the CPU cannot be chosen");
    }
    sigaction(SIGTERM, &terminate, NULL);
    sigaction(SIGALRM, &terminate, NULL);
    if (ptrace(PTRACE_SEIZE, process, 0, PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL))
        fail("the process cannot be traced");
    puts("ready");
    fflush(stdout);

    for (;;) {
        pid_t thread = waitpid(-1, &status, __WALL | __WNOTHREAD);

        if (thread < 0) {
            if (errno != EINTR)
                return 0;
            break;
        }
        if (status == (SIGTRAP << 8 | 0x7f)) {
            *stops = *stops + 1;
            ptrace(PTRACE_POKEUSER, thread, RIP, copy);
            ptrace(PTRACE_CONT, thread, 0, 0);
            if (ending)
                break;
            continue;
        }
        if (!WIFSTOPPED(status))
            continue;
        if (status >> 16 == PTRACE_EVENT_EXEC && !planted) {
            plant(thread);
            planted = 1;
        }
        if (status >> 16 == PTRACE_EVENT_STOP && WSTOPSIG(status) != SIGTRAP)
            ptrace(PTRACE_LISTEN, thread, 0, 0);
        else
            ptrace(PTRACE_CONT, thread, 0, status >> 16 ? 0 : WSTOPSIG(status));
    }

    signal(SIGALRM, SIG_IGN);
    again(0);
    /* Threads that are interrupted create no others; those born meanwhile are traced, and reported. */
    char path[64];
    DIR *directory;

    snprintf(path, sizeof path, "/proc/%d/task", process);
    directory = opendir(path);
    for (struct dirent *entry; directory && (entry = readdir(directory));)
        ptrace(PTRACE_INTERRUPT, atoi(entry->d_name), 0, 0);
    for (pid_t thread; (thread = waitpid(-1, &status, __WALL | __WNOTHREAD)) > 0 || errno == EINTR;)
        if (thread > 0 && WIFSTOPPED(status))
            release(thread, status >> 16 ? 0 : WSTOPSIG(status), planted);
    return 0;
}
