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

    @Override
    public String toString() {
        return name;
    }
}
