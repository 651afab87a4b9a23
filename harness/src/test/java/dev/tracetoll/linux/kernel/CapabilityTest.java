package dev.tracetoll.linux.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CapabilityTest {

    @Test
    void readsTheMaskInEffectAndNoOther() {
        assertThat(Capability.in("CapPrm:\t000001ffffffffff\nCapEff:\t0000000000000000\n"))
                .isEmpty();
        assertThat(Capability.in("CapEff:\t000001ffffffffff\n")).isEqualTo(EnumSet.allOf(Capability.class));
        assertThat(Capability.in("CapEff:\t0000008000080000\n")).containsExactly(Capability.SYS_PTRACE, Capability.BPF);
    }

    @Test
    void administratorsMayUseBpf() {
        Set<Capability> administrator = Set.of(Capability.SYS_ADMIN);
        assertThat(Capability.BPF.isImpliedBy(administrator)).isTrue();
        assertThat(Capability.PERFMON.isImpliedBy(administrator)).isTrue();
        assertThat(Capability.SYS_PTRACE.isImpliedBy(administrator)).isFalse();
        assertThat(Capability.BPF.isImpliedBy(Set.of())).isFalse();
    }

    @Test
    void newKernelsCountTheMemoryOfMapsElsewhere() {
        assertThat(Capability.SYS_RESOURCE.isNeededBy(new KernelVersion(5, 10))).isTrue();
        assertThat(Capability.SYS_RESOURCE.isNeededBy(new KernelVersion(5, 11))).isFalse();
        assertThat(Capability.BPF.isNeededBy(new KernelVersion(6, 18))).isTrue();
    }
}
