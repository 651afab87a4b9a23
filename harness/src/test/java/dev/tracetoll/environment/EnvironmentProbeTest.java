package dev.tracetoll.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentProbeTest {

    @TempDir
    private Path root;

    @BeforeEach
    void makeMachine() throws IOException {
        write("proc/loadavg", "0.52 0.58 0.59 1/257 4711\n");
        write(
                "proc/stat",
                "cpu  100 0 50 800 10 0 5 35 20 0\ncpu0 50 0 25 400 5 0 2 20 10 0\ncpu1 50 0 25 400 5 0 3 15 10 0\nintr 1\n");
        write(
                "proc/cpuinfo",
                "processor\t: 0\nmodel name\t: Example CPU @ 3.00GHz\nflags\t\t: fpu vme hypervisor lahf_lm\n");
        write("proc/meminfo", "MemTotal:       2048 kB\n");
        write("proc/cmdline", "BOOT_IMAGE=/vmlinuz root=/dev/secret mitigations=off quiet isolcpus=1\n");
        write("proc/sys/kernel/osrelease", "6.1.0-18-amd64\n");
        write("proc/sys/kernel/version", "#1 SMP Debian\n");
        write("etc/os-release", "ID=debian\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n");
        write("sys/devices/system/cpu/vulnerabilities/meltdown", "Vulnerable\n");
        write("sys/devices/system/cpu/cpufreq/policy0/scaling_governor", "performance\n");
        write("sys/devices/system/cpu/cpufreq/policy1/scaling_governor", "performance\n");
        write("sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc\n");
        write("proc/self/stat", "4711 (ja va) S 1 2 3 4 -1 5 6 7 8 9 10 20 30 40 20 0 17 0 99 1 2\n");
        write("sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count", "3\n");
        write("sys/devices/system/cpu/cpu1/thermal_throttle/package_throttle_count", "4\n");
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private Environment read() {
        return new EnvironmentProbe(root).read("go1.26.1", Map.of());
    }

    @Test
    void readsTheMachine() {
        Environment environment = read();

        assertThat(environment.operatingSystem()).isEqualTo("Debian GNU/Linux 12 (bookworm)");
        assertThat(environment.kernelRelease()).isEqualTo("6.1.0-18-amd64");
        assertThat(environment.cpuModel()).isEqualTo("Example CPU @ 3.00GHz");
        assertThat(environment.cpus()).isEqualTo(2);
        assertThat(environment.governor()).isEqualTo("performance");
        assertThat(environment.clockSource()).isEqualTo("tsc");
        assertThat(environment.memoryBytes()).isEqualTo(2 << 20);
        assertThat(environment.mitigations()).containsExactly(Map.entry("meltdown", "Vulnerable"));
        assertThat(environment.bootFlags()).containsExactly("mitigations=off", "isolcpus=1");
        assertThat(environment.atStart())
                .isEqualTo(new LoadSample(0.52, 350_000_000, 10_000_000_000L, 1_500_000_000L, 1_000_000_000L, 7L));
    }

    @Test
    void namesTheHypervisorFromFirmwareElseFromTheClockElseNotAtAll() throws IOException {
        assertThat(read().hypervisor()).isEqualTo(Environment.UNKNOWN);

        write("sys/devices/system/clocksource/clocksource0/available_clocksource", "tsc kvm-clock\n");
        assertThat(read().hypervisor()).isEqualTo("KVM");

        write("sys/class/dmi/id/sys_vendor", "Amazon EC2\n");
        assertThat(read().hypervisor()).isEqualTo("Amazon Nitro");
    }

    @Test
    void bareMetalHasNoHypervisor() throws IOException {
        write("proc/cpuinfo", "model name\t: Example CPU\nflags\t\t: fpu vme\n");

        assertThat(read().hypervisor()).isEqualTo(Environment.NONE);
    }

    @Test
    void whatIsMissingIsUnknown() throws IOException {
        Files.delete(root.resolve("proc/cpuinfo"));
        Files.delete(root.resolve("etc/os-release"));

        assertThat(read().cpuModel()).isEqualTo(Environment.UNKNOWN);
        assertThat(read().operatingSystem()).isEqualTo(Environment.UNKNOWN);
    }

    @Test
    void theFingerprintKnowsKindNotMoment() throws IOException {
        Environment before = read();
        write("proc/loadavg", "7.00 0.58 0.59 1/257 4711\n");
        write("proc/stat", "cpu  900 0 50 800 10 0 5 99 20 0\ncpu0 1\ncpu1 1\n");

        assertThat(read().fingerprint()).isEqualTo(before.fingerprint()).matches("[0-9a-f]{16}");
        assertThat(new EnvironmentProbe(root)
                        .read("go1.26.9", Map.of("clang", "15"))
                        .fingerprint())
                .isEqualTo(before.fingerprint());
        assertThat(new EnvironmentProbe(root).read("go1.27", Map.of()).fingerprint())
                .isNotEqualTo(before.fingerprint());
        write("sys/devices/system/cpu/vulnerabilities/meltdown", "Mitigation: PTI\n");
        assertThat(read().fingerprint()).isNotEqualTo(before.fingerprint());
    }

    @Test
    void stolenTimeIsAShareOfTheTimeBetween() {
        LoadSample later = new LoadSample(0, 30, 300, 0L, 0L, 0L);
        assertThat(later.stealShareSince(new LoadSample(0, 10, 100, 0L, 0L, 0L)))
                .isCloseTo(0.1, within(1e-12));
        assertThat(later.stealShareSince(later)).isZero();
    }

    @Test
    void whatOthersUseIsWhatTheRunDoesNot() {
        LoadSample before = new LoadSample(0, 0, 1_000, 500L, 100L, 0L);

        assertThat(new LoadSample(0, 0, 2_000, 1_000L, 400L, 0L).othersShareSince(before))
                .isCloseTo(0.2, within(1e-12));
        assertThat(new LoadSample(0, 0, 2_000, 510L, 120L, 0L).othersShareSince(before))
                .as("clocks that tick differently")
                .isZero();
    }

    @Test
    void readsThisMachine() {
        Environment environment = new EnvironmentProbe().read("go1.26.1", Map.of());

        assertThat(environment.cpus()).isPositive();
        assertThat(environment.memoryBytes()).isPositive();
        assertThat(environment.kernelRelease()).isNotEqualTo(Environment.UNKNOWN);
    }

    @Test
    void asksToolsForTheirVersion() {
        assertThat(ToolVersion.of(List.of("sh", "-c", "echo; echo tool 1.2; echo more"), Duration.ofSeconds(60)))
                .contains("tool 1.2");
        assertThat(ToolVersion.of(List.of("sh", "-c", "echo broken; exit 3"), Duration.ofSeconds(60)))
                .isEmpty();
        assertThat(ToolVersion.of(List.of("/nonexistent/tool"), Duration.ofSeconds(60)))
                .isEmpty();
        assertThat(ToolVersion.of(List.of("sh", "-c", "echo late; sleep 600 & wait"), Duration.ofMillis(200)))
                .isEmpty();
    }
}
