package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.problem.BadInput;
import dev.tracetoll.tracing.ring.Draining;
import dev.tracetoll.tracing.ring.RingChoice;
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

    private static Draining draining(RingOptions options) {
        return options.choice(RING_BYTES).drainingOr(Draining.adaptive());
    }

    @Test
    void nothingNeedBeChosen() {
        RingOptions none = parse();

        assertThat(none.given()).isEmpty();
        assertThat(none.choice(RING_BYTES)).isEqualTo(RingChoice.NONE);
    }

    @Test
    void everythingCanBeChosen() {
        assertThat(parse("--ring-size", "64k").choice(RING_BYTES).bytes()).isEqualTo(65_536);
        assertThat(draining(parse("--wakeup", "each"))).isEqualTo(Draining.everyRecords(1));
        assertThat(draining(parse("--wakeup", "records:100"))).isEqualTo(Draining.everyRecords(100));
        assertThat(draining(parse("--wakeup", "bytes:16k"))).isEqualTo(Draining.atBytes(16_384));
        assertThat(draining(parse("--wakeup", "timed", "--drain-interval", "5ms")))
                .isEqualTo(Draining.timed().every(Duration.ofMillis(5)));
        assertThat(draining(parse("--drain-interval", "5ms")))
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
        assertThatThrownBy(() -> parse("--ring-size", size).choice(RING_BYTES))
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
        assertThatThrownBy(() -> parse(option, value).choice(RING_BYTES))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining(option + " " + value)
                .hasMessageContaining(why);
    }

    @Test
    void aTuningThatIsNotThereIsRefused() {
        assertThatThrownBy(() -> parse("--tuning", "/nowhere/tuning.json").choice(RING_BYTES))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("/nowhere/tuning.json");
    }

    @Test
    void whatIsTypedGoesBeforeWhatIsAdvised() {
        RingChoice advised = new RingChoice(1 << 20, "timed", 1_000_000);

        assertThat(advised.overriddenBy(RingChoice.NONE)).isEqualTo(advised);
        assertThat(advised.overriddenBy(new RingChoice(4096, "", 0)))
                .isEqualTo(new RingChoice(4096, "timed", 1_000_000));
        assertThat(advised.overriddenBy(new RingChoice(0, "each", 0))).isEqualTo(new RingChoice(1 << 20, "each", 0));
        assertThat(advised.overriddenBy(new RingChoice(0, "", 5))).isEqualTo(new RingChoice(1 << 20, "timed", 5));
    }
}
