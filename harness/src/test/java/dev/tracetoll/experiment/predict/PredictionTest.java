package dev.tracetoll.experiment.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tracetoll.bench.prices.Cost;
import dev.tracetoll.bench.prices.Prices;
import dev.tracetoll.bench.program.Census;
import dev.tracetoll.experiment.predict.Load.Bottleneck;
import dev.tracetoll.text.Screen;
import dev.tracetoll.text.TerminalStyle;
import dev.tracetoll.tracing.Technique;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class PredictionTest {

    private static final Offset<Double> CLOSELY = within(1e-6);
    private static final long SECOND_NS = 1_000_000_000L;

    private static Prices.OfCall call(double ns, boolean returns) {
        return new Prices.OfCall(new Cost(ns, ns), new Cost(0, 0), returns, returns ? 2_000 : 1_000, "emulated");
    }

    /** In two seconds a program that keeps one of eight CPUs busy has called one function 40 000 times, and the other 10 000 times. */
    private static final Prediction PREDICTION = new Prediction(
            new Census(
                    List.of(
                            new Census.Called("main.often", 40_000),
                            new Census.Called("main.seldom", 10_000),
                            new Census.Called("main.never", 0)),
                    2 * SECOND_NS,
                    2 * SECOND_NS,
                    0,
                    2 * SECOND_NS),
            8,
            new Prices(Prices.SCHEMA_VERSION, Instant.parse("2026-11-30T10:00:00Z"), "0123456789abcdef", 20, Map.of()),
            Map.of("main.often", call(0, false), "main.seldom", call(0, false)),
            Map.of(Technique.EBPF, Map.of("main.often", call(10_000, true), "main.seldom", call(60_000, false))));

    @Test
    void isWhatCallsCostTimesHowOftenTheyCome() {
        Prediction.Line line = PREDICTION.line(Technique.EBPF);

        assertThat(line.eventsPerSecond()).isCloseTo(45_000, CLOSELY);
        assertThat(line.added().held()).isCloseTo(0.2 + 0.3, CLOSELY);
        assertThat(line.added().tracer()).isCloseTo(0.045, CLOSELY);
        assertThat(line.lost().loss()).isCloseTo(1 / 3.0, CLOSELY);
        assertThat(line.lost().by()).isEqualTo(Bottleneck.PROGRAM);
    }

    @Test
    void saysWhichFunctionsMakeMostOfIt() {
        List<Prediction.Part> parts = PREDICTION.parts(Technique.EBPF);

        assertThat(parts).extracting(Prediction.Part::function).containsExactly("main.seldom", "main.often");
        assertThat(parts.get(0).share()).isCloseTo(0.6, CLOSELY);
        assertThat(parts.get(0).lossWithout()).isCloseTo(1 - 1 / 1.2, CLOSELY);
    }

    @Test
    void isShownWithTheRingBufferThatIsNeeded() {
        PredictionScreen screen = new PredictionScreen(new Screen(TerminalStyle.PLAIN, 120));
        Optional<PredictionScreen.Ring> ring =
                Optional.of(new PredictionScreen.Ring(OptionalInt.of(1 << 18), 72, 72 * 45_000));

        assertThat(screen.render("serve", PREDICTION, ring))
                .contains("What tracing would cost serve", "ring buffer needed: 256 KiB (trace --ring-size 256k)")
                .containsPattern("(?m)^ebpf +500 ms +50 % +4.5 % +33 % +the program +45.000$")
                .containsPattern("(?m)^main.seldom +emulated +");
        assertThat(screen.render("serve", PREDICTION, Optional.empty())).contains("ring buffer must be is not known");
        assertThat(screen.render(
                        "serve",
                        PREDICTION,
                        Optional.of(new PredictionScreen.Ring(OptionalInt.empty(), 72, 72 * 45_000))))
                .contains("none is large enough");
    }
}
