package dev.tracetoll.text;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.stream.Collectors;

/** Comma-separated values as RFC 4180 has them, but with the line ends of Unix. */
public final class Csv {

    /** More than any measurement is good for. */
    private static final MathContext DIGITS = new MathContext(6, RoundingMode.HALF_UP);

    private Csv() {}

    /** The text, with a line end behind each row. */
    public static String of(List<List<String>> rows) {
        return Lines.joined(rows.stream()
                .map(row -> row.stream().map(Csv::field).collect(Collectors.joining(",")))
                .toList());
    }

    /** A finite number, in six significant digits. */
    public static String number(double value) {
        BigDecimal rounded = new BigDecimal(value).round(DIGITS);
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }

    private static String field(String text) {
        return text.matches("(?s).*[\",\\r\\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }
}
