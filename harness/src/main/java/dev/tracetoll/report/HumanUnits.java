package dev.tracetoll.report;

import dev.tracetoll.stats.Interval;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Numbers as people read them: three significant digits, a unit that fits, trailing zeros left out but in ranges.
 * The same in every locale: a decimal point, a narrow no-break space between thousands, a true minus sign. What cannot show these shows others
 * in their place, see {@code text.Letters}.
 */
public final class HumanUnits {

    private static final MathContext THREE_DIGITS = new MathContext(3, RoundingMode.HALF_UP);
    private static final MathContext TWO_DIGITS = new MathContext(2, RoundingMode.HALF_UP);
    private static final Scale TIME = new Scale(1_000, "ns", "µs", "ms", "s");
    private static final Scale MEMORY = new Scale(1_024, "B", "KiB", "MiB", "GiB", "TiB");
    /** U+2212, as wide as a plus sign; a hyphen is too short, and lines are broken behind it. */
    private static final String MINUS = "−";
    /** U+202F, the narrow no-break space that ISO 80000-1 (7.3.1) asks for. */
    private static final String THOUSANDS = "\u202f";

    private static final double FEW = 10;
    /** Two decimals would leave less than two digits of a ratio. */
    private static final double SMALL = 0.0995;

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

    /** A duration in ns with as many digits as its interval is sure of, as {@code 1.6 ms}; three at most. */
    public static String sureDuration(Interval ns) {
        int unit = TIME.unitOf(sure(ns).doubleValue());
        return plain(sure(ns).divide(BigDecimal.valueOf(TIME.step()).pow(unit), MathContext.DECIMAL64)) + " "
                + TIME.units()[unit];
    }

    /** A ratio with as many digits as its interval is sure of, without a sign, as {@code 2 850}; three at most. */
    public static String sureTimes(Interval ratio) {
        return ratio.median() > MOST_RATIO ? "more than " + plain(BigDecimal.valueOf(MOST_RATIO)) : plain(sure(ratio));
    }

    /** A share with as many digits as its interval is sure of, as {@code 32 %}; three at most. */
    public static String surePercent(Interval share) {
        return plain(sure(share.dividedBy(0.01))) + " %";
    }

    /** The last digit is worth no more than half of the interval's width. */
    private static BigDecimal sure(Interval interval) {
        double half = (interval.high() - interval.low()) / 2;
        double value = Math.abs(interval.median());
        int digits = half > 0 && value > 0
                ? (int) (Math.floor(Math.log10(value)) - Math.floor(Math.log10(half))) + 1
                : THREE_DIGITS.getPrecision();
        return new BigDecimal(interval.median())
                .round(new MathContext(
                        Math.max(1, Math.min(THREE_DIGITS.getPrecision(), digits)), RoundingMode.HALF_UP));
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

    /** A whole number, as {@code 10 000}. */
    public static String count(double number) {
        return written(BigDecimal.valueOf(Math.round(number)));
    }

    /** A number of any size, as {@code 16 000} or {@code 0.0123}. */
    public static String number(double number) {
        return plain(new BigDecimal(number).round(THREE_DIGITS));
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

    /** A ratio, as {@code ×28.8}; below 10 with two decimals, so that a small effect shows, and more below 0.1. */
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

    /** A range of shares around none in per cent, as {@code −0.4 to 1.2}. */
    public static String percentRange(Interval share) {
        return percentNumber(share.low()) + dash(share) + percentNumber(share.high());
    }

    private static String factor(double ratio) {
        if (Math.abs(ratio) > MOST_RATIO) {
            return (ratio < 0 ? "< " + MINUS : "> ") + plain(BigDecimal.valueOf(MOST_RATIO));
        }
        if (ratio != 0 && Math.abs(ratio) < SMALL) {
            return written(new BigDecimal(ratio).round(TWO_DIGITS));
        }
        return Math.abs(ratio) < FEW - 0.005
                ? written(new BigDecimal(ratio).setScale(2, RoundingMode.HALF_UP))
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
        return written(value.setScale(Math.max(0, decimals), RoundingMode.UNNECESSARY));
    }

    private static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : written(value.stripTrailingZeros());
    }

    /** With a space between thousands, and a minus sign that is none of a hyphen's kind. */
    private static String written(BigDecimal value) {
        String[] parts = value.abs().toPlainString().split("\\.", 2);
        String whole = parts[0].replaceAll("(?<=\\d)(?=(\\d{3})+$)", THOUSANDS);
        return (value.signum() < 0 ? MINUS : "") + whole + (parts.length > 1 ? "." + parts[1] : "");
    }
}
