package dev.tracetoll.linux.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ExitStatusTest {

    @Test
    void readsWaitStatuses() {
        assertThat(ExitStatus.ofWaitStatus(0)).isEqualTo(new ExitStatus.Exited(0));
        assertThat(ExitStatus.ofWaitStatus(0xff00)).isEqualTo(new ExitStatus.Exited(255));
        assertThat(ExitStatus.ofWaitStatus(9)).isEqualTo(new ExitStatus.Killed(9));
        assertThat(ExitStatus.ofWaitStatus(0x80 | 11)).isEqualTo(new ExitStatus.Killed(11));
    }

    @Test
    void refusesTheStatusOfALivingProcess() {
        int stoppedBySigstop = 19 << 8 | 0x7f;
        int continued = 0xffff;
        assertThatThrownBy(() -> ExitStatus.ofWaitStatus(stoppedBySigstop))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ExitStatus.ofWaitStatus(continued)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void describesItselfInWords() {
        assertThat(new ExitStatus.Exited(2).describe()).isEqualTo("exited with code 2");
        assertThat(new ExitStatus.Killed(9).describe()).isEqualTo("was killed by SIGKILL");
        assertThat(new ExitStatus.Killed(40).describe()).isEqualTo("was killed by signal 40");
    }
}
