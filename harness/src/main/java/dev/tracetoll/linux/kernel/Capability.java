package dev.tracetoll.linux.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The capabilities that tracing asks for; numbers from {@code include/uapi/linux/capability.h}. */
public enum Capability {
    SYS_PTRACE(19, null, "ptrace of processes of other users"),
    SYS_ADMIN(21, new KernelVersion(5, 8), "eBPF on kernels before 5.8"),
    SYS_RESOURCE(24, new KernelVersion(5, 11), "BPF maps beyond the limit of locked memory, on kernels before 5.11"),
    PERFMON(38, null, "attaching BPF programs to uprobes and tracepoints"),
    BPF(39, null, "loading BPF programs and creating maps");

    private static final Path STATUS = Path.of("/proc/self/status");

    private final int number;
    private final @Nullable KernelVersion needlessSince;
    private final String neededFor;

    Capability(int number, @Nullable KernelVersion needlessSince, String neededFor) {
        this.number = number;
        this.needlessSince = needlessSince;
        this.neededFor = neededFor;
    }

    /** What cannot be done without it. */
    public String neededFor() {
        return neededFor;
    }

    /** Whether a kernel of this version asks tracers for it. */
    public boolean isNeededBy(KernelVersion kernel) {
        return needlessSince == null || !kernel.isAtLeast(needlessSince);
    }

    /** Whether the kernel takes another capability for it: CAP_SYS_ADMIN was split into the two newer ones. */
    public boolean isImpliedBy(Set<Capability> present) {
        return isOfEbpf() && present.contains(SYS_ADMIN);
    }

    /** What to do about capabilities that are missing, in a few words; docs/troubleshooting.md has the commands, as {@link #commands} has. */
    public static String remedy(Capability... needed) {
        return "run as root, or with " + joined(" and ", Capability::toString, needed)
                + " by setpriv, by AmbientCapabilities= of systemd or by --cap-add of a container (docs/troubleshooting.md)";
    }

    /**
     * How a process comes by capabilities, in a line that can be copied.
     *
     * @param needed all that are missing, so that the next try does not find another one missing
     */
    public static String commands(Collection<Capability> needed) {
        Capability[] all = needed.toArray(Capability[]::new);
        String options = joined(",", each -> "+" + each.name().toLowerCase(Locale.ROOT), all);
        return "sudo setpriv --reuid USER --regid GROUP --init-groups --inh-caps " + options + " --ambient-caps "
                + options
                + " ./tracetoll ...; in a service of systemd AmbientCapabilities="
                + joined(" ", Capability::toString, all)
                + "; of a container " + joined(" ", each -> "--cap-add " + each.name(), all) + "; or run as root";
    }

    private static String joined(String by, Function<Capability, String> word, Capability... needed) {
        return Stream.of(needed).map(word).collect(Collectors.joining(by));
    }

    /** Whether it is one of the two that eBPF takes since CAP_SYS_ADMIN was split. */
    public boolean isOfEbpf() {
        return this == BPF || this == PERFMON;
    }

    /** The capabilities in effect for this process. */
    public static Set<Capability> inEffect() {
        try {
            return in(Files.readString(STATUS));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + STATUS, e);
        }
    }

    /** @param status the text of a {@code /proc/PID/status} */
    static Set<Capability> in(String status) {
        long mask = status.lines()
                .filter(line -> line.startsWith("CapEff:"))
                .mapToLong(line -> Long.parseUnsignedLong(
                        line.substring("CapEff:".length()).strip(), 16))
                .findFirst()
                .orElse(0);
        Set<Capability> present = EnumSet.noneOf(Capability.class);
        for (Capability capability : values()) {
            if ((mask >>> capability.number & 1) == 1) {
                present.add(capability);
            }
        }
        return Collections.unmodifiableSet(present);
    }

    @Override
    public String toString() {
        return "CAP_" + name();
    }
}
