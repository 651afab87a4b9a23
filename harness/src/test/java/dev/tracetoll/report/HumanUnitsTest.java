package dev.tracetoll.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.stats.Interval;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HumanUnitsTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0 ns",
        "0.0045, 0.0045 ns",
        "4.5, 4.5 ns",
        "999, 999 ns",
        "999.4, 999 ns",
        "999.5, 1 µs",
        "1000, 1 µs",
        "23700, 23.7 µs",
        "683100, 683 µs",
        "999499, 999 µs",
        "999500, 1 ms",
        "2300000000, 2.3 s",
        "999499999, 999 ms",
        "1234567890123, 1 230 s",
        "-0.31, −0.31 ns",
        "-1500, −1.5 µs"
    })
    void showsDurations(double ns, String expected) {
        assertThat(HumanUnits.duration(ns)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0, 0 B", "1023, 1 020 B", "1024, 1 KiB", "1536, 1.5 KiB", "157286400, 150 MiB", "1099511627776, 1 TiB"
    })
    void showsBytes(long bytes, String expected) {
        assertThat(HumanUnits.bytes(bytes)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "1, ×1.00",
        "1.004, ×1.00",
        "0.987, ×0.99",
        "0.0996, ×0.10",
        "0.0994, ×0.099",
        "0.004596, ×0.0046",
        "0, ×0.00",
        "9.994, ×9.99",
        "9.996, ×10",
        "28.82, ×28.8",
        "29, ×29",
        "97046, ×97 000"
    })
    void showsRatios(double ratio, String expected) {
        assertThat(HumanUnits.ratio(ratio)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "999, 999", "1000, 1_000", "-12345.6, −12_346", "1234567, 1_234_567"})
    void countsInThousands(double number, String expected) {
        assertThat(HumanUnits.count(number)).isEqualTo(expected.replace('_', '\u202f'));
    }

    @ParameterizedTest
    @CsvSource({
        "1620000, 1590000, 1650000, 1.62 ms",
        "1624000, 1300000, 1900000, 1.6 ms",
        "23710, 23700, 23715, 23.7 µs",
        "999900, 989000, 1010000, 1 ms",
        "700, 100, 3000, 700 ns",
        "5, 5, 5, 5 ns"
    })
    void showsNoMoreDigitsOfADurationThanAreSure(double median, double low, double high, String expected) {
        assertThat(HumanUnits.sureDuration(new Interval(median, low, high))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "68.9, 68.1, 69.7, 68.9",
        "68.9, 67, 70, 69",
        "2847, 2790, 2910, 2_850",
        "28.94, 28.9, 28.97, 28.9",
        "4000000, 1000000, 9000000, more than 1_000_000"
    })
    void showsNoMoreDigitsOfARatioThanAreSure(double median, double low, double high, String expected) {
        assertThat(HumanUnits.sureTimes(new Interval(median, low, high))).isEqualTo(expected.replace('_', '\u202f'));
    }

    @Test
    void showsRanges() {
        assertThat(HumanUnits.durationRange(new Interval(2, 23_500, 24_000))).isEqualTo("23.5–24.0 µs");
        assertThat(HumanUnits.durationRange(new Interval(2, 998_000, 1_020_000)))
                .isEqualTo("998 µs–1.02 ms");
        assertThat(HumanUnits.durationRange(new Interval(2, -0.3, 2))).isEqualTo("−0.300 to 2.00 ns");
        assertThat(HumanUnits.durationRange(new Interval(2, 0, 2_000))).isEqualTo("0–2.00 µs");
        assertThat(HumanUnits.ratioRange(new Interval(2, 0.99, 12.34))).isEqualTo("0.99–12.3");
        assertThat(HumanUnits.ratioRange(new Interval(2, -3e6, -12_345)))
                .isEqualTo("< −1_000_000 to −12_300".replace('_', '\u202f'));
        assertThat(HumanUnits.surePercent(new Interval(0.312, 0.29, 0.33))).isEqualTo("31 %");
    }

    @Test
    void isTheSameInEveryLocale() {
        Locale before = Locale.getDefault();
        try {
            for (Locale locale : new Locale[] {
                Locale.GERMANY, Locale.forLanguageTag("ar-EG-u-nu-arab"), Locale.forLanguageTag("hi-IN-u-nu-deva")
            }) {
                Locale.setDefault(locale);
                assertThat(HumanUnits.duration(23_700)).isEqualTo("23.7 µs");
                assertThat(HumanUnits.ratio(1.5)).isEqualTo("×1.50");
                assertThat(HumanUnits.durationRange(new Interval(2, 23_500, 24_100)))
                        .isEqualTo("23.5–24.1 µs");
            }
        } finally {
            Locale.setDefault(before);
        }
    }
}
