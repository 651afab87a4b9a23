package dev.tracetoll.experiment.tune;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.tracing.buffer.BufferKind;
import dev.tracetoll.tracing.ring.Draining;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PolicyTest {

    @Test
    void eachHasANameOfItsOwnThatLeadsBackToIt() {
        assertThat(Policy.ALL).extracting(Policy::word).doesNotHaveDuplicates();
        assertThat(Policy.ALL)
                .allSatisfy(policy -> assertThat(Policy.named(policy.word())).hasValue(policy));
        assertThat(Policy.named("ring")).isEmpty();
    }

    @Test
    void readersLookAsTheNameSays() {
        assertThat(new Policy(BufferKind.RING, Policy.When.SHARE, 4).draining(1 << 20))
                .isEqualTo(Draining.atBytes(1 << 18));
        assertThat(new Policy(BufferKind.RINGBUF, Policy.When.CAUGHT_UP, 0).draining(1 << 20))
                .isEqualTo(Draining.atBytes(1));
        assertThat(new Policy(BufferKind.PERF, Policy.When.TIMED, 1_000).draining(1 << 20))
                .isEqualTo(Draining.timed().every(Duration.ofMillis(1)));
    }

    @Test
    void thoseOfOurOwnRingAreOptionsOfTrace() {
        assertThat(Policy.ALL.get(0).asOptions(8 << 20)).hasValue("--ring-size 8m --wakeup adaptive");
        assertThat(new Policy(BufferKind.RING, Policy.When.SHARE, 4).asOptions(64 << 10))
                .hasValue("--ring-size 64k --wakeup bytes:16k");
        assertThat(new Policy(BufferKind.RING, Policy.When.TIMED, 1_000).asOptions(64 << 10))
                .hasValue("--ring-size 64k --wakeup timed --drain-interval 1ms");
        assertThat(new Policy(BufferKind.RINGBUF, Policy.When.EACH, 1).asOptions(8 << 20))
                .isEmpty();
    }
}
