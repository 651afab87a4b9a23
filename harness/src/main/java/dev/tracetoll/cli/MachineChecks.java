package dev.tracetoll.cli;

import dev.tracetoll.linux.Capability;
import dev.tracetoll.linux.Feature;
import dev.tracetoll.linux.KernelFeatures;
import dev.tracetoll.linux.KernelVersion;
import dev.tracetoll.linux.NativeLibraries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Everything the doctor looks at, in the order it is printed. */
final class MachineChecks {

    private static final Path YAMA = Path.of("/proc/sys/kernel/yama/ptrace_scope");
    private static final Path PARANOID = Path.of("/proc/sys/kernel/perf_event_paranoid");
    private static final Path UNPRIVILEGED_BPF = Path.of("/proc/sys/kernel/unprivileged_bpf_disabled");
    private static final Path LOCKDOWN = Path.of("/sys/kernel/security/lockdown");
    private static final Path CLOCK_SOURCE = Path.of("/sys/devices/system/clocksource/clocksource0/current_clocksource");

    private MachineChecks() {
    }

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
        checks.add(Check.useful(kernel.pushEmulation()));
        checks.add(Check.useful(kernel.nopOptimization()));
        checks.add(Check.useful(kernel.btf()));
        checks.add(Check.useful(kernel.tracepoints()));
        checks.addAll(capabilities(kernel.kernel()));
        checks.add(lockdown(kernel.probeWrite()));
        text(PARANOID).ifPresent(level -> checks.add(Check.ok("perf_event_paranoid",
                level + (Integer.parseInt(level) > 1 ? ", probes need CAP_PERFMON" : ", processes may open their own events"))));
        text(UNPRIVILEGED_BPF).ifPresent(level -> checks.add(Check.ok("unprivileged_bpf_disabled",
                level + (level.equals("0") ? ", anyone may load simple programs" : ", BPF needs CAP_BPF"))));
        checks.addAll(hardware());
        checks.add(Check.needed(NativeLibraries.libbpf()));
        checks.add(Check.needed(NativeLibraries.libdw()));
        checks.add(Check.needed(NativeLibraries.libcapstone()));
        checks.addAll(tools.results());
        return checks;
    }

    private static Check kernel(KernelFeatures kernel) {
        String detail = text(Path.of("/proc/sys/kernel/osrelease")).orElse(kernel.kernel().toString())
                + ", " + System.getProperty("os.arch");
        return System.getProperty("os.arch").equals("amd64")
                ? Check.ok("Linux", detail)
                : Check.no("Linux", detail, "Tracetoll traces x86-64 programs on x86-64 machines only");
    }

    private static Check ptraceScope(String scope) {
        return switch (scope) {
            case "0" -> Check.ok("yama ptrace_scope", "0, any process of the same user may be traced");
            case "1" -> Check.ok("yama ptrace_scope", "1, only children may be traced without CAP_SYS_PTRACE");
            case "2" -> Check.warn("yama ptrace_scope", "2, tracing needs CAP_SYS_PTRACE",
                    "as root: sysctl kernel.yama.ptrace_scope=1");
            default -> Check.no("yama ptrace_scope", scope + ", nothing may be traced until the next boot",
                    "set kernel.yama.ptrace_scope=1 in /etc/sysctl.d and reboot");
        };
    }

    private static List<Check> capabilities(KernelVersion kernel) {
        Set<Capability> present = Capability.inEffect();
        List<Check> checks = new ArrayList<>();
        for (Capability capability : Capability.values()) {
            if (present.contains(capability) || capability.isImpliedBy(present)) {
                checks.add(Check.ok(capability.toString(), "held; for " + capability.neededFor()));
            } else if (capability.isNeededBy(kernel)) {
                checks.add(Check.warn(capability.toString(), "not held; for " + capability.neededFor(),
                        "run as root; in a container, add the capability"));
            } else {
                checks.add(Check.ok(capability.toString(), "not held, not needed here; for " + capability.neededFor()));
            }
        }
        return checks;
    }

    private static Check lockdown(Feature probeWrite) {
        String mode = text(LOCKDOWN).map(modes -> modes.replaceAll(".*\\[(.*)].*", "$1"))
                .orElse("not told, as securityfs is not mounted");
        return Check.ok("lockdown", mode + "; " + probeWrite.detail());
    }

    private static List<Check> hardware() {
        String cpuinfo = text(Path.of("/proc/cpuinfo")).orElse("");
        String model = cpuinfo.lines().filter(line -> line.startsWith("model name")).findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).strip()).orElse("unknown");
        boolean virtual = cpuinfo.lines().anyMatch(line -> line.startsWith("flags") && line.contains(" hypervisor"));
        String vendor = text(Path.of("/sys/class/dmi/id/sys_vendor")).orElse("vendor unknown");
        int cores = Runtime.getRuntime().availableProcessors();
        String clock = text(CLOCK_SOURCE).orElse("unknown");
        return List.of(
                Check.ok("CPU", model),
                Check.ok("hypervisor", virtual ? "yes, " + vendor : "none"),
                cores > 1 ? Check.ok("cores", Integer.toString(cores))
                        : Check.warn("cores", "1", "with one core the tracer and its target share it; use two or more"),
                clock.equals("tsc") || clock.equals("kvm-clock") ? Check.ok("clock source", clock)
                        : Check.warn("clock source", clock, "reading the time takes a system call; boot with clocksource=tsc"));
    }

    private static Optional<String> text(Path file) {
        try {
            return Optional.of(Files.readString(file).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
