package dev.tracetoll.experiment.ladder;

import dev.tracetoll.experiment.ladder.Rung.Group;
import dev.tracetoll.results.Arm;
import java.util.List;
import java.util.Optional;

/**
 * The rungs from an untraced call to a fully traced one, in order. Each differs from the one below in one thing, so that the difference of
 * the two is the price of that thing.
 */
public final class Ladder {

    private static final String EMPTY = "ebpf-empty";
    static final String READINGS = "ebpf-readings";
    static final String EMPTY_AT_ENTRY = "ebpf-empty-entry";
    private static final String BOTH_EMPTY = "ebpf-empty-returns";
    private static final String PATCHED_EMPTY = "ebpf-patched-empty";
    private static final String STOP = "ptrace-floor";
    private static final String NOTE = "source-floor";

    private static final Rung CALL = Rung.lowest(
            "text",
            Group.FUNCTIONS_EBPF,
            "A call of a Go function that takes an int and a string of 16 bytes and works for about 100 ns; nobody watches.");
    private static final Rung PATCHED = CALL.in(Group.FUNCTIONS_INLINE);
    private static final Rung JUMPING_TO_NOPS = CALL.in(Group.FUNCTIONS_EBPF_PATCHED);
    private static final Rung STOPPED = CALL.in(Group.FUNCTIONS_PTRACE);
    private static final Rung NOP =
            Rung.lowest("nop", Group.YARDSTICKS, "A call of an assembly function that is a 5-byte nop and a return.");
    /** The one whose source can tell of its calls. */
    static final String TELLING_TARGET = "calls";

    private static final Rung FLOAT =
            Rung.lowest(TELLING_TARGET, Group.YARDSTICKS, "A call of a Go function that takes a float besides.");
    private static final Rung WRITE =
            Rung.lowest("writes", Group.SYSTEM_CALLS, "A write(2) of a Go program to a file; nobody watches.");

    private static final List<Rung> RUNGS = List.of(
            CALL,
            CALL.withTechnique(
                    Arm.UNHIT,
                    Arm.UNTRACED,
                    "A uprobe sits on a function that is never called: what it costs merely to be traced."),
            CALL.withTechnique(
                    EMPTY,
                    Arm.UNHIT,
                    "An empty BPF program runs on the site where the call is seen: what the kernel asks for a probe hit, and the floor of "
                            + "everything under eBPF."),
            CALL.withTechnique(
                    EMPTY_AT_ENTRY,
                    EMPTY,
                    "The empty program sits on the function's first instruction instead, as most tools place it: the kernel has to step over "
                            + "the displaced instruction."),
            CALL.withTechnique("ebpf-count", EMPTY, "The program counts the call in the kernel; no event is made.")
                    .overFloor(),
            CALL.withTechnique(
                            READINGS,
                            "ebpf-count",
                            "The program calls the kernel as often as an event needs it, to read the string and the clock, finds out the thread, looks up "
                                    + "the goroutine that it remembers, and throws all away: the least that knowing them can cost.")
                    .overFloor(),
            CALL.withTechnique(
                            "ebpf-arguments",
                            READINGS,
                            "The program writes an event with goroutine, time and arguments into a ring buffer, and a thread of the tracer reads it.")
                    .overFloor()
                    .atMost(1.25),
            CALL.withTechnique(
                            "ebpf-forgetful",
                            "ebpf-arguments",
                            "The same event by a program that reads from the process at each hit which goroutine runs, instead of remembering it until a "
                                    + "probe on the runtime tells that it has ended or got another stack.")
                    .overFloor(),
            CALL.withTechnique(
                            "ebpf-interpreted",
                            "ebpf-forgetful",
                            "The same event by a program that interprets a description of the function's arguments, instead of one that was compiled "
                                    + "for them.")
                    .overFloor(),
            CALL.withTechnique(
                    BOTH_EMPTY,
                    EMPTY,
                    "An empty BPF program on the sites where the function returns as well: the floor of what traces both ends of a call."),
            CALL.withTechnique(
                            "ebpf",
                            "ebpf-arguments",
                            "The return is traced too: a second probe hit and a second event, with the results.")
                    .overFloor()
                    .atMost(1.15)
                    .containing("ebpf-arguments"),
            CALL.withTechnique(
                            "ebpf-wakeup",
                            "ebpf",
                            "The kernel wakes the tracer for each event, instead of leaving it to look for events now and then.")
                    .overFloor(),
            CALL.withTechnique(
                            "ebpf-value-records",
                            "ebpf-wakeup",
                            "As Delve does it: each argument and each result is a record of its own besides, and the kernel wakes the tracer for each "
                                    + "of them.")
                    .overFloor(),
            PATCHED.withTechnique(
                    NOTE,
                    Arm.UNTRACED,
                    "The program itself writes goroutine, time, int and string to its memory, by a few instructions of assembly that its source was "
                            + "given, and nobody reads them: the least that an event can cost."),
            PATCHED.withTechnique(
                    "source-floor-returns",
                    NOTE,
                    "It writes goroutine, time and result at the return as well: the least that telling of both ends can cost."),
            PATCHED.withTechnique(
                            "inline-arguments",
                            NOTE,
                            "The tracer has patched the running program: it jumps to code of the tracer's that writes the same, and whatever else the "
                                    + "function takes, to a ring that the tracer reads.")
                    .overFloor()
                    .atMost(1.5),
            PATCHED.withTechnique(
                            "inline",
                            "inline-arguments",
                            "The return is traced too: a second jump and a second event, with the results.")
                    .overFloor()
                    .atMost(1.5)
                    .containing("inline-arguments"),
            JUMPING_TO_NOPS.withTechnique(
                    PATCHED_EMPTY,
                    Arm.UNTRACED,
                    "The running program jumps, where the call is seen and where it returns, to a 5-byte nop of the tracer's, which newer kernels turn "
                            + "into a call of an empty BPF program: the floor of uprobes at jumps."),
            JUMPING_TO_NOPS
                    .withTechnique(
                            "ebpf-patched",
                            PATCHED_EMPTY,
                            "The BPF programs there write an event of the call, with its arguments, and one of the return, with the results.")
                    .overFloor()
                    .atMost(1.3),
            STOPPED.withTechnique(
                    STOP,
                    Arm.UNTRACED,
                    "A breakpoint stops the thread and a tracer in C continues it, without looking: the floor of everything under ptrace."),
            STOPPED.withTechnique(
                            "ptrace-arguments",
                            STOP,
                            "The tracer reads registers and memory of the stopped thread, makes an event with the arguments, and acts out the "
                                    + "instruction that the breakpoint displaced.")
                    .overFloor()
                    .atMost(1.6),
            STOPPED.withTechnique(
                            "ptrace",
                            "ptrace-arguments",
                            "The return is traced too: a second stop and a second event, with the results.")
                    .overFloor()
                    .containing("ptrace-arguments"),
            STOPPED.withTechnique(
                            "ptrace-step",
                            "ptrace",
                            "The displaced instruction is executed by a single step of the processor: another stop for each hit.")
                    .overFloor(),
            STOPPED.withTechnique(
                            "ptrace-classic",
                            "ptrace-step",
                            "As debuggers do it: at each hit all threads are stopped, the breakpoint is taken out, the thread steps, the breakpoint "
                                    + "is put back.")
                    .overFloor(),
            WRITE,
            WRITE.withTechnique(
                    "syscall-ebpf",
                    Arm.UNTRACED,
                    "BPF programs on the tracepoints of entry and exit write events with the arguments, the first bytes and the result."),
            WRITE.withTechnique(
                    "syscall-seccomp",
                    Arm.UNTRACED,
                    "A seccomp filter stops the thread at each write, and only there, for a ptrace tracer that reads arguments and result."),
            WRITE.withTechnique(
                    "syscall-ptrace",
                    "syscall-seccomp",
                    "PTRACE_SYSCALL stops the thread at entry and exit of every system call, whether it is asked for or not."),
            Rung.lowest(
                    "clock",
                    Group.YARDSTICKS,
                    "A reading of the monotonic clock, as every burst makes two of and every event one."),
            Rung.lowest("getppid", Group.YARDSTICKS, "A bare system call, getppid(2): a way into the kernel and back."),
            NOP,
            NOP.withTechnique(
                    EMPTY,
                    Arm.UNTRACED,
                    "An empty BPF program on a 5-byte nop, which newer kernels turn into a call: the least that a uprobe can cost."),
            FLOAT,
            FLOAT.withTechnique(
                    "ebpf-arguments",
                    Arm.UNTRACED,
                    "An event with the float among its arguments: a BPF program cannot read the register, so it sends the thread a signal and "
                            + "reads the signal's frame."),
            FLOAT.withTechnique(
                    "inline",
                    Arm.UNTRACED,
                    "The same event and one of the return, written by code that the program jumps to."),
            FLOAT.withTechnique(
                    "source-ring",
                    Arm.UNTRACED,
                    "Both events again, written to a ring by Go code that the program's source was given."),
            FLOAT.withTechnique(
                    "source-region",
                    Arm.UNTRACED,
                    "A region of runtime/trace around the call, by the program's source, in an execution trace with all that the runtime notes besides: times, no values."),
            FLOAT.withTechnique(
                    "source-slog",
                    Arm.UNTRACED,
                    "A line of log/slog for the call and one for the return, by the program's source, into a pipe."));

    private Ladder() {}

    /** All rungs, lower ones first. */
    public static List<Rung> rungs() {
        return RUNGS;
    }

    /** The rung of a technique on a target. */
    public static Optional<Rung> rung(String technique, String target) {
        return RUNGS.stream()
                .filter(rung ->
                        rung.technique().equals(technique) && rung.target().equals(target))
                .findFirst();
    }

    /** Of the arms of one workload the highest that is below this one: the rung below, or where it was not measured the next lower. */
    public static Optional<Arm> below(Arm arm, List<Arm> sameWorkload) {
        Optional<String> below = rung(arm.technique(), arm.target()).flatMap(Rung::below);
        while (below.isPresent()) {
            String technique = below.get();
            Optional<Arm> found = sameWorkload.stream()
                    .filter(other -> other.technique().equals(technique))
                    .findFirst();
            if (found.isPresent()) {
                return found;
            }
            below = rung(technique, arm.target()).flatMap(Rung::below);
        }
        return Optional.empty();
    }
}
