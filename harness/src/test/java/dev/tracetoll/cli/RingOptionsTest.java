package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.problem.BadInput;
import dev.tracetoll.tracing.ring.Draining;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class RingOptionsTest {

    private static final int RING_BYTES = 1 << 20;

    @Command
    private static final class Holder {
        @Mixin
        private RingOptions ring;
    }

    private static RingOptions parse(String... arguments) {
        Holder holder = new Holder();
        new CommandLine(holder).parseArgs(arguments);
        return holder.ring;
    }

    @Test
    void nothingNeedBeChosen() {
        RingOptions none = parse();

        assertThat(none.given()).isEmpty();
        assertThat(none.bytes()).isEmpty();
        assertThat(none.draining(RING_BYTES)).isEqualTo(Draining.adaptive());
    }

    @Test
    void everythingCanBeChosen() {
        assertThat(parse("--ring-size", "64k").bytes()).hasValue(65_536);
        assertThat(parse("--wakeup", "each").draining(RING_BYTES)).isEqualTo(Draining.everyRecords(1));
        assertThat(parse("--wakeup", "records:100").draining(RING_BYTES)).isEqualTo(Draining.everyRecords(100));
        assertThat(parse("--wakeup", "bytes:16k").draining(RING_BYTES)).isEqualTo(Draining.atBytes(16_384));
        assertThat(parse("--wakeup", "timed", "--drain-interval", "5ms").draining(RING_BYTES))
                .isEqualTo(Draining.timed().every(Duration.ofMillis(5)));
        assertThat(parse("--drain-interval", "5ms").draining(RING_BYTES))
                .isEqualTo(Draining.adaptive().every(Duration.ofMillis(5)));
    }

    @ParameterizedTest
    @CsvSource({
        "3000, 4k",
        "4097, 8k",
        "0, 4k",
        "5m, 8m",
        "2g, 1g",
    })
    void aSizeThatARingCannotHaveIsRefusedWithTheNearest(String size, String nearest) {
        assertThatThrownBy(() -> parse("--ring-size", size).bytes())
                .isInstanceOf(BadInput.class)
                .hasMessageStartingWith("--ring-size " + size + " is no power of two from 4k to 1g")
                .hasMessageEndingWith("the nearest is " + nearest);
    }

    @ParameterizedTest
    @CsvSource({
        "--ring-size, large, is no size",
        "--wakeup, sometimes, is unknown",
        "--wakeup, records:0, has no number from 1",
        "--wakeup, records:, has no number from 1",
        "--wakeup, bytes:2g, has no number from 1",
        "--wakeup, bytes:2m, never comes",
    })
    void whatMakesNoSenseIsRefused(String option, String value, String why) {
        assertThatThrownBy(() -> {
                    RingOptions options = parse(option, value);
                    options.bytes();
                    options.draining(RING_BYTES);
                })
                .isInstanceOf(BadInput.class)
                .hasMessageContaining(option + " " + value)
                .hasMessageContaining(why);
    }
}
