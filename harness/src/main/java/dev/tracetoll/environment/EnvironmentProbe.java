package dev.tracetoll.environment;

import dev.tracetoll.problem.OperationFailed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the environment of a run from {@code /proc}, {@code /sys} and the Java virtual machine. */
public final class EnvironmentProbe {

    /** Time in {@code /proc/stat} counts in USER_HZ, which is 100 on every architecture Tracetoll runs on (proc(5), time(7)). */
    private static final long TICK_NS = 10_000_000;

    /** Parameters that change what a trap, an interrupt or a context switch costs; each stands for those that begin so. */
    private static final List<String> TELLING_BOOT_FLAGS = List.of(
            "mitigations",
            "nopti",
            "pti",
            "spectre",
            "nospectre",
            "spec_",
            "retbleed",
            "l1tf",
            "mds",
            "tsx",
            "mmio_stale_data",
            "srbds",
            "gather_data_sampling",
            "reg_file_data_sampling",
            "nosmt",
            "nosmep",
            "nosmap",
            "isolcpus",
            "nohz",
            "rcu_nocbs",
            "irqaffinity",
            "preempt",
            "threadirqs",
            "idle",
            "intel_idle",
            "processor.max_cstate",
            "intel_pstate",
            "amd_pstate",
            "cpufreq",
            "clocksource",
            "tsc",
            "lockdown",
            "ibt",
            "cet",
            "transparent_hugepage",
            "nokaslr",
            "maxcpus",
            "nr_cpus",
            "lsm");

    /** Vendor or product of the firmware's system tables, by what it begins with (Linux, drivers/firmware/dmi-sysfs; systemd's virt.c). */
    private static final Map<String, String> DMI_HYPERVISORS = Map.ofEntries(
            Map.entry("KVM", "KVM"),
            Map.entry("OpenStack", "KVM"),
            Map.entry("Amazon EC2", "Amazon Nitro"),
            Map.entry("QEMU", "QEMU"),
            Map.entry("VMware", "VMware"),
            Map.entry("VMW", "VMware"),
            Map.entry("innotek", "VirtualBox"),
            Map.entry("VirtualBox", "VirtualBox"),
            Map.entry("Xen", "Xen"),
            Map.entry("Bochs", "Bochs"),
            Map.entry("Parallels", "Parallels"),
            Map.entry("BHYVE", "bhyve"),
            Map.entry("Hyper-V", "Hyper-V"),
            Map.entry("Virtual Machine", "Hyper-V"),
            Map.entry("Google Compute Engine", "Google Compute Engine"),
            Map.entry("Apple Virtualization", "Apple Virtualization"),
            Map.entry("Firecracker", "Firecracker"));

    private final Path root;

    /** Reads this machine. */
    public EnvironmentProbe() {
        this(Path.of("/"));
    }

    /** @param root the directory that holds {@code proc}, {@code sys} and {@code etc} */
    EnvironmentProbe(Path root) {
        this.root = root;
    }

    /**
     * The environment now; {@link Environment#endedWith} completes it when the run is over.
     *
     * @param goVersion version of Go that built the targets, as {@code go1.26.1}
     * @param tools version by name of each tool and library used, as {@link ToolVersion} finds them
     */
    public Environment read(String goVersion, Map<String, String> tools) {
        LoadSample load = load();
        return new Environment(
                operatingSystem(),
                line("proc/sys/kernel/osrelease").orElse(Environment.UNKNOWN),
                line("proc/sys/kernel/version").orElse(Environment.UNKNOWN),
                System.getProperty("os.arch"),
                cpuModel(),
                cpus(),
                hypervisor(),
                governor(),
                line("sys/devices/system/clocksource/clocksource0/current_clocksource")
                        .orElse(Environment.UNKNOWN),
                mitigations(),
                bootFlags(),
                memoryBytes(),
                goVersion,
                System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
                new TreeMap<>(tools),
                load,
                load);
    }

    /** How busy the machine is now. */
    public LoadSample load() {
        double loadAverage = Double.parseDouble(require("proc/loadavg").split(" ")[0]);
        // user nice system idle iowait irq softirq steal; guest time, behind them, is part of user time (proc(5))
        long[] ticks = Arrays.stream(require("proc/stat").split("\\s+"))
                .skip(1)
                .limit(8)
                .mapToLong(Long::parseLong)
                .toArray();
        return new LoadSample(
                loadAverage,
                ticks[7] * TICK_NS,
                Arrays.stream(ticks).sum() * TICK_NS,
                (ticks[0] + ticks[1] + ticks[2]) * TICK_NS,
                ownTicks() * TICK_NS,
                throttled());
    }

    /** User and system time of this process and of its children that have been waited for; the name before them may have blanks (proc_pid_stat(5)). */
    private long ownTicks() {
        return line("proc/self/stat").stream()
                .map(stat -> stat.substring(stat.lastIndexOf(')') + 2).split(" "))
                .flatMapToLong(fields -> Arrays.stream(fields, 11, 15).mapToLong(Long::parseLong))
                .sum();
    }

    /** See {@code arch/x86/kernel/cpu/mce/therm_throt.c} of Linux. */
    private long throttled() {
        return children("sys/devices/system/cpu").stream()
                .filter(cpu -> cpu.matches("cpu\\d+"))
                .flatMap(cpu -> Stream.of("core", "package")
                        .map(of -> "sys/devices/system/cpu/" + cpu + "/thermal_throttle/" + of + "_throttle_count"))
                .flatMap(file -> line(file).stream())
                .mapToLong(Long::parseLong)
                .sum();
    }

    private String operatingSystem() {
        return field("etc/os-release", Pattern.compile("PRETTY_NAME=\"?([^\"]*)\"?"))
                .orElse(Environment.UNKNOWN);
    }

    private String cpuModel() {
        return field("proc/cpuinfo", Pattern.compile("(?:model name|Model|cpu model)\\s*:\\s*(.+)"))
                .map(String::strip)
                .orElse(Environment.UNKNOWN);
    }

    private int cpus() {
        return (int) lines("proc/stat").stream()
                .filter(line -> line.matches("cpu\\d.*"))
                .count();
    }

    private String hypervisor() {
        Optional<String> named = line("sys/hypervisor/type")
                .map(type -> type.equals("xen") ? "Xen" : type)
                .or(this::hypervisorOfFirmware);
        if (named.isPresent()) {
            return named.get();
        }
        boolean guest = field("proc/cpuinfo", Pattern.compile("flags\\s*:(.* hypervisor(?: .*)?)"))
                .isPresent();
        if (!guest) {
            return Environment.NONE;
        }
        // A guest of KVM has its clock even where the hypervisor, as Firecracker does, offers no system tables of a
        // vendor.
        return lineContains("sys/devices/system/clocksource/clocksource0/available_clocksource", "kvm-clock")
                ? "KVM"
                : lineContains("sys/devices/system/clocksource/clocksource0/available_clocksource", "hyperv")
                        ? "Hyper-V"
                        : Environment.UNKNOWN;
    }

    private boolean lineContains(String file, String text) {
        return line(file).filter(line -> line.contains(text)).isPresent();
    }

    private Optional<String> hypervisorOfFirmware() {
        return Stream.of("product_name", "sys_vendor", "board_vendor", "bios_vendor")
                .flatMap(name -> line("sys/class/dmi/id/" + name).stream())
                .flatMap(text -> DMI_HYPERVISORS.entrySet().stream().filter(entry -> text.startsWith(entry.getKey())))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private String governor() {
        TreeSet<String> governors = children("sys/devices/system/cpu/cpufreq").stream()
                .filter(policy -> policy.startsWith("policy"))
                .flatMap(policy -> line("sys/devices/system/cpu/cpufreq/" + policy + "/scaling_governor").stream())
                .collect(Collectors.toCollection(TreeSet::new));
        return governors.isEmpty() ? Environment.NONE : String.join("+", governors);
    }

    private SortedMap<String, String> mitigations() {
        String directory = "sys/devices/system/cpu/vulnerabilities";
        SortedMap<String, String> mitigations = new TreeMap<>();
        for (String name : children(directory)) {
            line(directory + "/" + name).ifPresent(state -> mitigations.put(name, state));
        }
        return mitigations;
    }

    private List<String> bootFlags() {
        return line("proc/cmdline").stream()
                .flatMap(commandLine -> Arrays.stream(commandLine.split("\\s+")))
                .filter(flag -> TELLING_BOOT_FLAGS.stream().anyMatch(flag::startsWith))
                .toList();
    }

    private long memoryBytes() {
        return field("proc/meminfo", Pattern.compile("MemTotal:\\s*(\\d+) kB"))
                .map(kib -> Long.parseLong(kib) * 1024)
                .orElse(0L);
    }

    private String require(String file) {
        return line(file)
                .orElseThrow(() -> new OperationFailed("cannot read /" + file
                        + ", which says how busy the machine is; mount /proc and measure again"));
    }

    private Optional<String> line(String file) {
        return lines(file).stream().findFirst().map(String::strip).filter(line -> !line.isEmpty());
    }

    private Optional<String> field(String file, Pattern pattern) {
        return lines(file).stream()
                .map(pattern::matcher)
                .filter(Matcher::matches)
                .map(matcher -> matcher.group(1))
                .findFirst();
    }

    private List<String> lines(String file) {
        try {
            return new String(Files.readAllBytes(root.resolve(file)), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private List<String> children(String directory) {
        try (Stream<Path> children = Files.list(root.resolve(directory))) {
            return children.map(child -> child.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
