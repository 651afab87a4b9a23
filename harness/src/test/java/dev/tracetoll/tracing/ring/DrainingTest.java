package dev.tracetoll.tracing.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DrainingTest {

    @Test
    void onlyRecordsAndBytesRing() {
        assertThat(Draining.everyRecords(3).rings()).isTrue();
        assertThat(Draining.everyRecords(3).records()).isEqualTo(3);
        assertThat(Draining.everyRecords(3).bytes()).isZero();
        assertThat(Draining.atBytes(64).rings()).isTrue();
        assertThat(Draining.atBytes(64).bytes()).isEqualTo(64);
        assertThat(Draining.atBytes(64).records()).isZero();
        assertThat(Draining.timed().rings()).isFalse();
        assertThat(Draining.adaptive().rings()).isFalse();
    }

    @Test
    void waitsAreAsLongAsTold() {
        assertThat(Draining.timed().longestWait()).isEqualTo(Duration.ofMillis(1));
        assertThat(Draining.atBytes(64).longestWait()).isEqualTo(Duration.ofMillis(10));
        assertThat(Draining.timed().every(Duration.ofMillis(3)).longestWait()).isEqualTo(Duration.ofMillis(3));
    }

    @Test
    void nonsenseIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Draining.everyRecords(0));
        assertThatIllegalArgumentException().isThrownBy(() -> Draining.atBytes(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> Draining.timed().every(Duration.ZERO));
    }
}
