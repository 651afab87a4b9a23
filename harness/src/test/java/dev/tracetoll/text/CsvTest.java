package dev.tracetoll.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvTest {

    @Test
    void whatWouldEndAFieldIsQuoted() {
        assertThat(Csv.of(List.of(List.of("a", "b,c", ""), List.of("\"d\"", "e\nf", "µ"))))
                .isEqualTo("a,\"b,c\",\n\"\"\"d\"\"\",\"e\nf\",µ\n");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0.0, 0",
        "1234567.8, 1234570",
        "0.000123456789, 0.000123457",
        "-2.50, -2.5",
        "1e21, 1000000000000000000000"
    })
    void numbersHaveSixDigitsAndNoExponent(double value, String text) {
        assertThat(Csv.number(value)).isEqualTo(text);
    }
}
