package dev.tracetoll.burst;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.tracing.NamedValue;
import dev.tracetoll.tracing.Value;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TruthTest {

    private static final Truth TRUTH =
            new Truth(List.of(new Value.Signed(7), text("hello", 5)), List.of(new Value.Float64(0.5)));

    private static Value text(String captured, long length) {
        return new Value.Text(captured.getBytes(StandardCharsets.UTF_8), length);
    }

    private static boolean hasArguments(Value... seen) {
        return TRUTH.hasArguments(List.of(seen).stream()
                .map(value -> new NamedValue("x", "type", value))
                .toList());
    }

    @Test
    void agreesWithWhatIsTheSame() {
        assertThat(hasArguments(new Value.Signed(7), text("hello", 5))).isTrue();
        assertThat(TRUTH.hasResults(List.of(new NamedValue("~r0", "float64", new Value.Float64(0.5)))))
                .isTrue();
    }

    @Test
    void agreesWithACutText() {
        assertThat(hasArguments(new Value.Signed(7), text("hel", 5))).isTrue();
        assertThat(hasArguments(new Value.Signed(7), text("", 5))).isTrue();
    }

    @Test
    void disagreesWithAnythingElse() {
        assertThat(hasArguments(new Value.Signed(7), text("hel", 3))).isFalse();
        assertThat(hasArguments(new Value.Signed(7), text("hellö", 5))).isFalse();
        assertThat(hasArguments(new Value.Signed(7), text("hello!", 5))).isFalse();
        assertThat(hasArguments(new Value.Signed(8), text("hello", 5))).isFalse();
        assertThat(hasArguments(new Value.Unsigned(7), text("hello", 5))).isFalse();
        assertThat(hasArguments(new Value.Signed(7))).isFalse();
        assertThat(hasArguments(new Value.Signed(7), new Value.Unreadable("why")))
                .isFalse();
    }
}
