package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.linux.bpf.Uprobes;
import dev.tracetoll.linux.kernel.Capability;
import dev.tracetoll.linux.kernel.Feature;
import dev.tracetoll.linux.kernel.KernelVersion;
import dev.tracetoll.testing.Golden;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineChecksTest {

    private static final KernelVersion NEW = new KernelVersion(6, 18);
    private static final KernelVersion OLD = new KernelVersion(5, 4);

    private static String printed(List<Check> checks) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DoctorCommand.print(checks, new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({"none, ''", "half, BPF", "enough, BPF PERFMON", "administrator, SYS_ADMIN SYS_PTRACE"})
    void capabilitiesLookLikeTheGoldenFiles(String name, String held) throws IOException {
        Set<Capability> present = EnumSet.noneOf(Capability.class);
        for (String each : held.isEmpty() ? new String[0] : held.split(" ")) {
            present.add(Capability.valueOf(each));
        }
        Golden.of(MachineChecksTest.class)
                .assertEqual("doctor-capabilities-" + name + ".txt", printed(MachineChecks.capabilities(NEW, present)));
    }

    @Test
    void settingsOfTheKernelLookLikeTheGoldenFile() throws IOException {
        List<Check> checks = new ArrayList<>();
        for (String level : List.of("-1", "2", "3")) {
            checks.add(MachineChecks.paranoid(level, Uprobes.Mode.MULTI));
            checks.add(MachineChecks.paranoid(level, Uprobes.Mode.ONE_BY_ONE));
        }
        for (String level : List.of("0", "1", "2")) {
            checks.add(MachineChecks.unprivilegedBpf(level));
        }
        checks.add(Check.needed(Feature.fails("BTF", "/sys/kernel/btf/vmlinux is empty", "boot another kernel")));
        Golden.of(MachineChecksTest.class).assertEqual("doctor-settings.txt", printed(checks));
    }

    @Test
    void onOldKernelsOnlyAdministratorsMayTrace() {
        assertThat(MachineChecks.capabilities(OLD, Set.of()))
                .filteredOn(check -> check.what().equals("CAP_SYS_ADMIN"))
                .singleElement()
                .satisfies(check ->
                        assertThat(check.remedy()).contains("+sys_admin", "AmbientCapabilities=CAP_SYS_ADMIN"));
    }
}
