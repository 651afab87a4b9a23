package dev.tracetoll.cli;

import dev.tracetoll.linux.bpf.Uprobes;
import dev.tracetoll.linux.features.KernelFeatures;
import dev.tracetoll.linux.features.NativeLibraries;
import dev.tracetoll.linux.kernel.Capability;
import dev.tracetoll.linux.kernel.Feature;
import dev.tracetoll.linux.kernel.KernelVersion;
import dev.tracetoll.tracing.uprobe.Emulation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Everything the doctor looks at, in the order it is printed. */
final class MachineChecks {

    private static final Path YAMA = Path.of("/proc/sys/kernel/yama/ptrace_scope");
    private static final Path PARANOID = Path.of("/proc/sys/kernel/perf_event_paranoid");
    private static final Path UNPRIVILEGED_BPF = Path.of("/proc/sys/kernel/unprivileged_bpf_disabled");
    private static final Path LOCKDOWN = Path.of("/sys/kernel/security/lockdown");
    private static final Path CLOCK_SOURCE =
            Path.of("/sys/devices/system/clocksource/clocksource0/current_clocksource");

    private MachineChecks() {}

    static List<Check> all(KernelFeatures kernel) {
        // The tools take their time to start, so they do while the kernel is asked.
        ToolChecks tools = ToolChecks.start();
        List<Check> checks = new ArrayList<>();
        checks.add(kernel(kernel));
        checks.add(Check.needed(kernel.ptrace()));
        text(YAMA).ifPresent(scope -> checks.add(ptraceScope(scope)));
        checks.add(Check.needed(kernel.bpf()));
        checks.add(Check.needed(kernel.ringBuffer()));
        checks.add(Check.needed(kernel.uprobe()));
        checks.add(Check.useful(kernel.uprobeMulti()));
        Emulation emulation = new Emulation(kernel.kernel());
        checks.add(Check.useful(emulation.push()));
        checks.add(Check.useful(emulation.nopAsCall()));
        checks.add(Check.needed(kernel.btf()));
        checks.add(Check.useful(kernel.tracepoints()));
        checks.addAll(capabilities(kernel.kernel(), Capability.inEffect()));
        checks.add(lockdown(kernel.probeWrite()));
        text(PARANOID).ifPresent(level -> checks.add(paranoid(level, Uprobes.bestMode())));
        text(UNPRIVILEGED_BPF).ifPresent(level -> checks.add(unprivilegedBpf(level)));
        checks.addAll(hardware());
        checks.add(Check.needed(NativeLibraries.libbpf()));
        checks.add(Check.needed(NativeLibraries.libdw()));
        checks.add(Check.needed(NativeLibraries.libcapstone()));
        checks.addAll(tools.results());
        return checks;
    }

    private static Check kernel(KernelFeatures kernel) {
        String detail = text(Path.of("/proc/sys/kernel/osrelease"))
                        .orElse(kernel.kernel().toString()) + ", " + System.getProperty("os.arch");
        return System.getProperty("os.arch").equals("amd64")
                ? Check.ok("Linux", detail)
                : Check.no("Linux", detail, "Tracetoll traces x86-64 programs on x86-64 machines only");
    }

    private static Check ptraceScope(String scope) {
        return switch (scope) {
            case "0" -> Check.ok("yama ptrace_scope", "0, any process of the same user may be traced");
            case "1" -> Check.ok("yama ptrace_scope", "1, only children may be traced without CAP_SYS_PTRACE");
            case "2" ->
                Check.warn(
                        "yama ptrace_scope",
                        "2, tracing needs CAP_SYS_PTRACE",
                        "as root: sysctl kernel.yama.ptrace_scope=1");
            default ->
                Check.no(
                        "yama ptrace_scope",
                        scope + ", nothing may be traced until the next boot",
                        "set kernel.yama.ptrace_scope=1 in /etc/sysctl.d and reboot");
        };
    }

    static List<Check> capabilities(KernelVersion kernel, Set<Capability> present) {
        Set<Capability> missing = Stream.of(Capability.values())
                .filter(each -> !present.contains(each) && !each.isImpliedBy(present) && each.isNeededBy(kernel))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Capability.class)));
        List<Check> checks = new ArrayList<>();
        for (Capability capability : Capability.values()) {
            if (missing.contains(capability)) {
                checks.add(Check.warn(
                        capability.toString(),
                        "not held; for " + capability.neededFor(),
                        Capability.commands(
                                capability.isOfEbpf()
                                        ? missing.stream()
                                                .filter(Capability::isOfEbpf)
                                                .toList()
                                        : List.of(capability))));
            } else {
                boolean held = present.contains(capability) || capability.isImpliedBy(present);
                checks.add(Check.ok(
                        capability.toString(),
                        (held ? "held; for " : "not held, not needed here; for ") + capability.neededFor()));
            }
        }
        return checks;
    }

    /** Links do not ask for it; events do, and kernels differ in which capability overrules it. */
    static Check paranoid(String level, Uprobes.Mode mode) {
        return Check.ok(
                "perf_event_paranoid",
                level
                        + (mode == Uprobes.Mode.MULTI
                                ? ", of no matter here: probes are attached by links, which CAP_PERFMON allows"
                                : Integer.parseInt(level) > 1
                                        ? ", probes need CAP_PERFMON or CAP_SYS_ADMIN"
                                        : ", processes may open their own events"));
    }

    /** Documentation/admin-guide/sysctl/kernel.rst: 0, and 1 until the next boot, and 2. */
    static Check unprivilegedBpf(String level) {
        return Check.ok(
                "unprivileged_bpf_disabled",
                level
                        + (level.equals("0")
                                ? ", anyone may load simple programs, but those of probes need CAP_BPF and CAP_PERFMON"
                                : ", BPF needs CAP_BPF"));
    }

    private static Check lockdown(Feature probeWrite) {
        String mode = text(LOCKDOWN)
                .map(modes -> modes.replaceAll(".*\\[(.*)].*", "$1"))
                .orElse("not told, as securityfs is not mounted");
        return Check.ok("lockdown", mode + "; " + probeWrite.detail());
    }

    private static List<Check> hardware() {
        String cpuinfo = text(Path.of("/proc/cpuinfo")).orElse("");
        String model = cpuinfo.lines()
                .filter(line -> line.startsWith("model name"))
                .findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .orElse("unknown");
        boolean virtual = cpuinfo.lines().anyMatch(line -> line.startsWith("flags") && line.contains(" hypervisor"));
        String vendor = text(Path.of("/sys/class/dmi/id/sys_vendor")).orElse("vendor unknown");
        int cores = Runtime.getRuntime().availableProcessors();
        String clock = text(CLOCK_SOURCE).orElse("unknown");
        return List.of(
                Check.ok("CPU", model),
                Check.ok("hypervisor", virtual ? "yes, " + vendor : "none"),
                cores > 1
                        ? Check.ok("cores", Integer.toString(cores))
                        : Check.warn("cores", "1", "with one core the tracer and its target share it; use two or more"),
                clock.equals("tsc") || clock.equals("kvm-clock")
                        ? Check.ok("clock source", clock)
                        : Check.warn(
                                "clock source",
                                clock,
                                "reading the time takes a system call; boot with clocksource=tsc"));
    }

    private static Optional<String> text(Path file) {
        try {
            return Optional.of(Files.readString(file).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
