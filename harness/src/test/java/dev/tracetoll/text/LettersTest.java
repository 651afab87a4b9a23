package dev.tracetoll.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LettersTest {

    @Test
    void theLocaleSaysWhatIsShown() {
        assertThat(Letters.of(true, "de_DE.UTF-8")).isEqualTo(Letters.UNICODE);
        assertThat(Letters.of(true, "C.utf8")).isEqualTo(Letters.UNICODE);
        assertThat(Letters.of(true, "sr_RS.UTF-8@latin")).isEqualTo(Letters.UNICODE);
        assertThat(Letters.of(true, "de_DE.ISO-8859-1")).isEqualTo(Letters.ASCII);
        assertThat(Letters.of(true, "C")).isEqualTo(Letters.ASCII);
        assertThat(Letters.of(true, "")).isEqualTo(Letters.ASCII);
        assertThat(Letters.of(false, "C")).isEqualTo(Letters.UNICODE);
    }

    @Test
    void whatCannotBeShownHasSomethingLikeItInItsPlace() {
        String text = "×2\u202f850 −1.5–2 µs → 1 ms · ├─●┤ é 界 e\u0301";

        assertThat(Letters.UNICODE.shown(text)).isEqualTo(text);
        assertThat(Letters.ASCII.shown(text)).isEqualTo("x2 850 -1.5-2 us -> 1 ms - |-*| ? ?? e");
    }

    @Test
    void widthIsThatOfColumns() {
        assertThat(TextWidth.of("ebpf")).isEqualTo(4);
        assertThat(TextWidth.of("界é")).isEqualTo(3);
        assertThat(TextWidth.of("e\u0301")).isEqualTo(1);
        assertThat(TextWidth.cut("ebpf", 4)).isEqualTo("ebpf");
        assertThat(TextWidth.cut("ebpf-arguments", 5)).isEqualTo("ebpf…");
        assertThat(TextWidth.cut("界界界", 4)).isEqualTo("界…");
    }
}
