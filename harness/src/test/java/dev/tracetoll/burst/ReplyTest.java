package dev.tracetoll.burst;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.stats.Bursts;
import dev.tracetoll.tracing.Value;
import org.junit.jupiter.api.Test;

class ReplyTest {

    private static Value only(String json) {
        return Reply.truth("truth [{\"arguments\":[" + json + "],\"results\":[]}]", 1)
                .get(0)
                .arguments()
                .get(0);
    }

    @Test
    void keepsEveryBitOfANumber() {
        assertThat(only("-9223372036854775808")).isEqualTo(new Value.Signed(Long.MIN_VALUE));
        assertThat(only("9007199254740993")).isEqualTo(new Value.Signed(9007199254740993L));
        assertThat(only("18446744073709551615")).isEqualTo(new Value.Unsigned(-1));
        assertThat(only("2.0")).isEqualTo(new Value.Float64(2));
        assertThat(only("0.1")).isEqualTo(new Value.Float64(0.1));
        assertThat(only("5e-324")).isEqualTo(new Value.Float64(Double.MIN_VALUE));
        assertThat(only("1.7976931348623157e+308")).isEqualTo(new Value.Float64(Double.MAX_VALUE));
        assertThat(only("true")).isEqualTo(new Value.Bool(true));
    }

    @Test
    void measuresTextsInBytes() {
        Value.Text text = (Value.Text) only("\"a€\\u003c\"");
        assertThat(text.bytes()).asString().isEqualTo("a€<");
        assertThat(text.length()).isEqualTo(5);
    }

    @Test
    void refusesValuesThatNoGoTypeHas() {
        for (String json : new String[] {"18446744073709551616", "-9223372036854775809", "null", "{}", "[]"}) {
            assertThatThrownBy(() -> only(json)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void refusesWhatFollowsTheAnswer() {
        String answer = "done {\"callsMade\":6,\"durationsNs\":[1,2],\"cpuNs\":0}";
        assertThat(Reply.done(answer, 2, 3).bursts()).isEqualTo(Bursts.ofRound(1, 2));
        assertThatThrownBy(() -> Reply.done(answer + " {}", 2, 3)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tellsWhyARequestWasRefused() {
        assertThat(Reply.isError("error {\"message\":\"no\"}")).isTrue();
        assertThat(Reply.error("error {\"message\":\"no\"}")).isEqualTo("no");
    }
}
