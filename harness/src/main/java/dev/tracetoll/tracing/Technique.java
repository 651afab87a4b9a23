package dev.tracetoll.tracing;

/**
 * A way to trace, as the command line and the results name it. What is known of it, {@link dev.tracetoll.tracing.registry.TechniqueRegistry} says.
 *
 * @param name for example {@code untraced}, {@code ptrace}, {@code ebpf}
 */
public record Technique(String name) {

    public static final Technique UNTRACED = new Technique("untraced");
    public static final Technique PTRACE = new Technique("ptrace");
    /** As {@link #PTRACE}, but every displaced instruction is single-stepped in a copy. */
    public static final Technique PTRACE_STEP = new Technique("ptrace-step");
    /** As debuggers do it: every hit stops all threads and steps over the instruction in its place. */
    public static final Technique PTRACE_CLASSIC = new Technique("ptrace-classic");
    /** The least that a breakpoint can cost: every stop is ended at once, and nothing is captured. */
    public static final Technique PTRACE_FLOOR = new Technique("ptrace-floor");

    /** Jumps into code of the tracer's own within the program. */
    public static final Technique INLINE = new Technique("inline");

    public static final Technique EBPF = new Technique("ebpf");

    /** Jumps to uprobes with BPF programs. */
    public static final Technique EBPF_PATCHED = new Technique("ebpf-patched");

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
