package dev.tracetoll.report;

import dev.tracetoll.stats.Interval;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * Numbers as people read them: three significant digits, a unit that fits, trailing zeros left out but in ranges.
 * The same in every locale: a decimal point, no grouping.
 */
public final class HumanUnits {

    private static final MathContext THREE_DIGITS = new MathContext(3, RoundingMode.HALF_UP);
    private static final MathContext TWO_DIGITS = new MathContext(2, RoundingMode.HALF_UP);
    private static final Scale TIME = new Scale(1_000, "ns", "µs", "ms", "s");
    private static final Scale MEMORY = new Scale(1_024, "B", "KiB", "MiB", "GiB", "TiB");
    private static final double FEW = 10;
    private static final double MOST_SHARE = 10;
    /** A ratio beyond it says that a divisor drowned in noise, and all its digits would say no more. */
    private static final double MOST_RATIO = 1e6;

    private HumanUnits() {}

    private record Scale(int step, String... units) {

        /** The largest unit of which a value has at least one. */
        int unitOf(double value) {
            int unit = 0;
            while (unit < units.length - 1 && reachesStep(exactlyIn(value, unit).abs())) {
                unit++;
            }
            return unit;
        }

        /** Both ways: 999.5 rounds up to a thousand, and 1024 rounds down below the step of memory. */
        private boolean reachesStep(BigDecimal value) {
            return value.max(value.round(THREE_DIGITS)).compareTo(BigDecimal.valueOf(step)) >= 0;
        }

        BigDecimal in(double value, int unit) {
            return exactlyIn(value, unit).round(THREE_DIGITS);
        }

        private BigDecimal exactlyIn(double value, int unit) {
            return new BigDecimal(value).divide(BigDecimal.valueOf(step).pow(unit), MathContext.DECIMAL64);
        }

        String format(double value) {
            int unit = unitOf(value);
            return plain(in(value, unit)) + " " + units[unit];
        }
    }

    /** A duration in ns, as {@code 23.7 µs}. */
    public static String duration(double ns) {
        return TIME.format(ns);
    }

    /** A duration in ns that comes on top of another, as {@code +570 ns}. */
    public static String added(double ns) {
        return (ns < 0 ? "" : "+") + duration(ns);
    }

    /** A range of durations in ns, as {@code 23.5–24.1 µs}; the unit is said once where both ends have it. */
    public static String durationRange(Interval ns) {
        int low = TIME.unitOf(ns.low());
        int high = TIME.unitOf(ns.high());
        boolean zero = ns.low() == 0;
        String first = threeDigits(TIME.in(ns.low(), zero ? high : low));
        String from = low == high || zero ? first : first + " " + TIME.units()[low];
        return from + dash(ns) + threeDigits(TIME.in(ns.high(), high)) + " " + TIME.units()[high];
    }

    /** A whole number, as {@code 10 000}. */
    public static String count(double number) {
        return String.format(Locale.ROOT, "%,d", Math.round(number)).replace(',', ' ');
    }

    /** A number of bytes, as {@code 12.5 MiB}. */
    public static String bytes(long bytes) {
        return MEMORY.format((double) bytes);
    }

    /** A share, as {@code 1.2 %}. */
    public static String percent(double share) {
        return share < MOST_SHARE
                ? plain(new BigDecimal(100 * share).round(TWO_DIGITS)) + " %"
                : "> " + plain(BigDecimal.valueOf(100 * MOST_SHARE)) + " %";
    }

    /** A ratio, as {@code ×28.8}; below 10 always with two decimals, so that a small effect shows. */
    public static String ratio(double ratio) {
        return "×" + factor(ratio);
    }

    /** A range of ratios, as {@code 28.5–29.1}. */
    public static String ratioRange(Interval ratio) {
        return factor(ratio.low()) + dash(ratio) + factor(ratio.high());
    }

    /** A share in per cent, as {@code 1.2}; two significant digits. */
    public static String percentNumber(double share) {
        return plain(new BigDecimal(100 * share).round(TWO_DIGITS));
    }

    /** A range of shares around none in per cent, as {@code -0.4 to 1.2}. */
    public static String percentRange(Interval share) {
        return percentNumber(share.low()) + dash(share) + percentNumber(share.high());
    }

    private static String factor(double ratio) {
        if (Math.abs(ratio) > MOST_RATIO) {
            return (ratio < 0 ? "< -" : "> ") + plain(BigDecimal.valueOf(MOST_RATIO));
        }
        return Math.abs(ratio) < FEW - 0.005
                ? new BigDecimal(ratio).setScale(2, RoundingMode.HALF_UP).toPlainString()
                : plain(new BigDecimal(ratio).round(THREE_DIGITS));
    }

    /** A negative end would run into a dash. */
    private static String dash(Interval interval) {
        return interval.low() < 0 || interval.high() < 0 ? " to " : "–";
    }

    /** With its trailing zeros, so that the ends of a range are equally exact. */
    private static String threeDigits(BigDecimal value) {
        if (value.signum() == 0) {
            return "0";
        }
        int decimals = THREE_DIGITS.getPrecision() - (value.precision() - value.scale());
        return value.setScale(Math.max(0, decimals), RoundingMode.UNNECESSARY).toPlainString();
    }

    private static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }
}
