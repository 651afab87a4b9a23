package dev.tracetoll.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RenderingTest {

    @ParameterizedTest
    @EnumSource
    void whatIsInvisibleShowsAndObeysNothing(Rendering rendering) {
        assertThat(rendering.escape("a\u0000b\u001b(c\nd\u007f\u0085\u202e\u200b\u2029e"))
                .isEqualTo("a?b?(c?d?????e");
    }

    @ParameterizedTest
    @EnumSource
    void whatIsPlainStaysAsItIs(Rendering rendering) {
        String plain = "main.count: +3.3 µs (3.26–3.33 µs), ×28.8 ≤ 5 % °";
        assertThat(rendering.escape(plain)).isEqualTo(plain);
    }

    @Test
    void markupIsShown() {
        assertThat(Rendering.TERMINAL.escape("<a|b>&\"*_`[]\\")).isEqualTo("<a|b>&\"*_`[]\\");
        assertThat(Rendering.HTML.escape("<a|b>&\"*_`[]\\")).isEqualTo("&lt;a|b&gt;&amp;&quot;*_`[]\\");
        assertThat(Rendering.MARKDOWN.escape("<a|b>&\"*_`[]\\"))
                .isEqualTo("&lt;a\\|b&gt;&amp;&quot;\\*\\_\\`\\[\\]\\\\");
    }

    @Test
    void wordsBecomeASentence() {
        assertThat(List.of(Sentence.of("to ours: the cost"), Sentence.of("CHEAPER."), Sentence.of("×1")))
                .containsExactly("To ours: the cost.", "CHEAPER.", "×1.");
    }

    @Test
    void textIsWrappedBetweenWordsAndWithinLongOnes() {
        Screen screen = new Screen(TerminalStyle.PLAIN, 0);

        assertThat(screen.columns()).isEqualTo(40);
        assertThat(screen.wrapped("word ".repeat(9) + "\u001b[31m" + "x".repeat(50), "  "))
                .containsExactly(
                        "word word word word word word word word",
                        "  word",
                        "  ?[31m" + "x".repeat(33),
                        "  " + "x".repeat(17));
    }
}
