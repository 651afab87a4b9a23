package dev.tracetoll.tracing;

/**
 * A way to trace, as the command line and the results name it.
 *
 * @param name for example {@code untraced}, {@code ptrace}, {@code ebpf}
 */
public record Technique(String name) {

    public static final Technique UNTRACED = new Technique("untraced");
    public static final Technique PTRACE = new Technique("ptrace");
    public static final Technique EBPF = new Technique("ebpf");

    /** System calls, each stopped at its entry and at its exit. */
    public static final Technique SYSCALL_PTRACE = new Technique("syscall-ptrace");
    /** System calls, only those asked for stopped. */
    public static final Technique SYSCALL_SECCOMP = new Technique("syscall-seccomp");
    /** System calls, seen by BPF programs on tracepoints. */
    public static final Technique SYSCALL_EBPF = new Technique("syscall-ebpf");

    @Override
    public String toString() {
        return name;
    }
}
