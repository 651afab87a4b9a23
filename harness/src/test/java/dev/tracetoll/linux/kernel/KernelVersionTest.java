package dev.tracetoll.linux.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.problem.OperationFailed;
import org.junit.jupiter.api.Test;

class KernelVersionTest {

    @Test
    void readsReleasesOfDistributions() {
        assertThat(KernelVersion.parse("6.1.0-28-amd64")).isEqualTo(new KernelVersion(6, 1));
        assertThat(KernelVersion.parse("6.18.44-fc-v657")).isEqualTo(new KernelVersion(6, 18));
        assertThat(KernelVersion.parse("7.0-rc1")).hasToString("7.0");
        assertThatThrownBy(() -> KernelVersion.parse("six"))
                .isInstanceOf(OperationFailed.class)
                .hasMessageContaining("six");
    }

    @Test
    void comparesAsNumbersNotAsText() {
        assertThat(new KernelVersion(6, 12).isAtLeast(new KernelVersion(6, 6))).isTrue();
        assertThat(new KernelVersion(6, 12).isAtLeast(new KernelVersion(6, 12))).isTrue();
        assertThat(new KernelVersion(5, 19).isAtLeast(new KernelVersion(6, 6))).isFalse();
        assertThat(new KernelVersion(7, 0).isAtLeast(new KernelVersion(6, 18))).isTrue();
    }
}
