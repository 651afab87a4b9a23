package dev.tracetoll.results;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a technique tells of the calls that it traces, which is what its price is to be seen against.
 *
 * @param level how much
 * @param stops whether the target is stopped for it, by ptrace
 */
public record Insight(Level level, boolean stops) {

    /** How much, the least first; each tells all that the one before it does. */
    public enum Level {
        COUNT("how many calls there were"),
        CALLS("each call"),
        ARGUMENTS("each call with its arguments"),
        RETURNS("each call with its arguments, and each return"),
        RESULTS("each call with its arguments, and each return with its results");

        private final String explanation;

        Level(String explanation) {
            this.explanation = explanation;
        }

        /** What is told, for people. */
        public String explanation() {
            return explanation;
        }
    }

    private static final String AT_ENTRY = "-entry";

    private static final Map<Level, Set<String>> BY_LEVEL = Map.of(
            Level.COUNT, Set.of("ebpf-count", "ebpf-durations", "bpftrace", "gdb", "bpftrace-syscall"),
            Level.CALLS, Set.of("perf"),
            Level.ARGUMENTS, Set.of("ebpf-arguments", "ebpf-forgetful", "ebpf-interpreted", "ptrace-arguments"),
            // Delve prints "unreadable" for the results of optimised programs, and with --ebpf no result at all of what it takes.
            Level.RETURNS, Set.of("dlv", "dlv-ebpf"),
            Level.RESULTS, Set.of("ebpf", "ebpf-wakeup", "ptrace", "ptrace-step", "ptrace-classic", "syscall-ebpf", "syscall-seccomp",
                    "syscall-ptrace", "bpftrace-syscall-print", "perf-trace", "strace", "strace-seccomp"));

    private static final Set<String> STOPPING = Set.of("ptrace-arguments", "ptrace", "ptrace-step", "ptrace-classic", "syscall-seccomp",
            "syscall-ptrace", "gdb", "dlv", "strace", "strace-seccomp");

    /** Of a technique by its name; empty for one that tells nothing, as {@code untraced} and the empty programs of floors. */
    public static Optional<Insight> of(String technique) {
        String name = technique.endsWith(AT_ENTRY) ? technique.substring(0, technique.length() - AT_ENTRY.length()) : technique;
        return BY_LEVEL.entrySet().stream().filter(level -> level.getValue().contains(name)).findFirst()
                .map(level -> new Insight(level.getKey(), STOPPING.contains(name)));
    }

    /** Whether this one tells all that another does. */
    public boolean covers(Insight other) {
        return level.compareTo(other.level) >= 0;
    }
}
