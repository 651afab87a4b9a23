package dev.tracetoll.tracing.format;

import com.fasterxml.jackson.core.io.NumberOutput;
import dev.tracetoll.text.Invisible;
import dev.tracetoll.tracing.Value;
import java.util.List;

/**
 * Values as a Go programmer would write them; strings as {@code %q} prints them. What was cut ends with {@code …} and the whole length.
 */
final class TextValues {

    private static final long NS_OF_A_SECOND = 1_000_000_000L;
    private static final long NS_OF_A_MINUTE = 60 * NS_OF_A_SECOND;
    private static final int MINUTES_OF_AN_HOUR = 60;

    private final LineBuffer line;

    TextValues(LineBuffer line) {
        this.line = line;
    }

    void add(Value value) {
        if (value instanceof Value.Signed number) {
            line.number(number.value());
        } else if (value instanceof Value.Duration duration) {
            duration(duration.ns());
        } else if (value instanceof Value.Unsigned number) {
            unsigned(number.value());
        } else if (value instanceof Value.Text text) {
            text(text);
        } else if (value instanceof Value.Bool bool) {
            line.add(bool.value() ? "true" : "false");
        } else if (value instanceof Value.Float64 number) {
            floating(number.value(), NumberOutput.toString(number.value(), true));
        } else if (value instanceof Value.Float32 number) {
            floating(number.value(), NumberOutput.toString(number.value(), true));
        } else if (value instanceof Value.Complex complex) {
            complex(complex);
        } else if (value instanceof Value.Nil) {
            line.add("nil");
        } else if (value instanceof Value.Elements elements) {
            elements(elements);
        } else if (value instanceof Value.Struct struct) {
            struct(struct);
        } else if (value instanceof Value.Pointer pointer) {
            pointer(pointer);
        } else if (value instanceof Value.GoMap map) {
            map(map);
        } else if (value instanceof Value.Channel channel) {
            line.add("chan(")
                    .number(channel.length())
                    .add(" of ")
                    .number(channel.capacity())
                    .add(")");
        } else if (value instanceof Value.Func func) {
            line.add(func.function());
        } else if (value instanceof Value.Interface boxed) {
            line.add(boxed.dynamicType()).add("(");
            add(boxed.value());
            line.add(")");
        } else if (value instanceof Value.Unreadable unreadable) {
            line.add("<unreadable: ").add(unreadable.why()).add(">");
        } else {
            throw new IllegalStateException("no text for " + value.getClass());
        }
    }

    /** As Go's {@code time.Duration.String}: 1h2m0.5s, 20ms, 0s; exact. */
    private void duration(long ns) {
        if (ns < 0) {
            line.add("-");
        }
        if (Math.abs(ns) >= NS_OF_A_SECOND || ns == Long.MIN_VALUE) {
            long minutes = Math.abs(ns / NS_OF_A_MINUTE);
            if (minutes >= MINUTES_OF_AN_HOUR) {
                line.number(minutes / MINUTES_OF_AN_HOUR).add("h");
            }
            if (minutes > 0) {
                line.number(minutes % MINUTES_OF_AN_HOUR).add("m");
            }
            decimal(Math.abs(ns % NS_OF_A_MINUTE), NS_OF_A_SECOND).add("s");
            return;
        }
        long size = Math.abs(ns);
        if (size == 0) {
            line.add("0s");
        } else if (size < 1_000) {
            line.number(size).add("ns");
        } else if (size < 1_000_000) {
            decimal(size, 1_000).add("µs");
        } else {
            decimal(size, 1_000_000).add("ms");
        }
    }

    /** Adds a number of units, with as many decimals as it needs. */
    private LineBuffer decimal(long number, long unit) {
        line.number(number / unit);
        long rest = number % unit;
        if (rest > 0) {
            line.add(".");
            for (long digit = unit / 10; rest > 0; digit /= 10) {
                line.number(rest / digit);
                rest %= digit;
            }
        }
        return line;
    }

    private void unsigned(long bits) {
        if (bits >= 0) {
            line.number(bits);
        } else {
            line.add(Long.toUnsignedString(bits));
        }
    }

    /** @param digits the shortest that mean the number, as Java writes them */
    private void floating(double number, String digits) {
        if (Double.isNaN(number)) {
            line.add("NaN");
        } else if (Double.isInfinite(number)) {
            line.add(number > 0 ? "+Inf" : "-Inf");
        } else {
            int exponent = digits.indexOf('E');
            if (exponent < 0) {
                line.add(digits);
            } else {
                String mantissa = digits.substring(0, exponent);
                line.add(mantissa.endsWith(".0") ? mantissa.substring(0, exponent - 2) : mantissa);
                line.add("e").add(digits.substring(exponent + 1));
            }
        }
    }

    private void complex(Value.Complex complex) {
        line.add("(");
        add(complex.real());
        int sign = line.length();
        add(complex.imaginary());
        line.signAt(sign);
        line.add("i)");
    }

    private void elements(Value.Elements elements) {
        line.add("[");
        for (int i = 0; i < elements.elements().size(); i++) {
            separate(i);
            add(elements.elements().get(i));
        }
        line.add("]");
        cut(elements.elements().size(), elements.length(), "elements");
    }

    private void struct(Value.Struct struct) {
        line.add("{");
        List<Value.Field> fields = struct.fields();
        for (int i = 0; i < fields.size(); i++) {
            separate(i);
            line.add(fields.get(i).name()).add(": ");
            add(fields.get(i).value());
        }
        line.add("}");
    }

    private void pointer(Value.Pointer pointer) {
        if (pointer.value().isPresent()) {
            line.add("&");
            add(pointer.value().get());
        } else {
            line.add("0x").add(Long.toHexString(pointer.address()));
        }
    }

    private void map(Value.GoMap map) {
        if (map.entries().isEmpty()) {
            line.add("map(").number(map.length()).add(map.length() == 1 ? " entry)" : " entries)");
            return;
        }
        line.add("map[");
        List<Value.Entry> entries = map.entries().get();
        for (int i = 0; i < entries.size(); i++) {
            separate(i);
            add(entries.get(i).key());
            line.add(": ");
            add(entries.get(i).value());
        }
        line.add("]");
        cut(entries.size(), map.length(), "entries");
    }

    private void separate(int index) {
        if (index > 0) {
            line.add(", ");
        }
    }

    private void cut(int shown, long length, String what) {
        if (shown < length) {
            line.add("…(").number(length).add(" ").add(what).add(")");
        }
    }

    private void text(Value.Text text) {
        byte[] bytes = text.bytes();
        boolean cut = bytes.length < text.length();
        line.add("\"");
        for (int i = 0; i < bytes.length; ) {
            int size = Utf8.characterAt(bytes, i);
            if (size == Utf8.INCOMPLETE && cut) {
                break;
            }
            if (size <= 0) {
                line.add("\\x").hex(bytes[i] & 0xff, 2);
                i++;
            } else {
                character(bytes, i, size);
                i += size;
            }
        }
        line.add("\"");
        cut(bytes.length, text.length(), "bytes");
    }

    /** As Go's strconv.Quote. */
    private void character(byte[] bytes, int index, int size) {
        int codePoint = Utf8.codePointAt(bytes, index, size);
        switch (codePoint) {
            case '"' -> line.add("\\\"");
            case '\\' -> line.add("\\\\");
            case 0x07 -> line.add("\\a");
            case '\b' -> line.add("\\b");
            case '\f' -> line.add("\\f");
            case '\n' -> line.add("\\n");
            case '\r' -> line.add("\\r");
            case '\t' -> line.add("\\t");
            case 0x0b -> line.add("\\v");
            default -> {
                if (isPrintable(codePoint)) {
                    line.add(bytes, index, size);
                } else if (codePoint < ' ' || codePoint == 0x7f) {
                    line.add("\\x").hex(codePoint, 2);
                } else if (codePoint < 0x10000) {
                    line.add("\\u").hex(codePoint, 4);
                } else {
                    line.add("\\U").hex(codePoint, 8);
                }
            }
        }
    }

    /** As Go's unicode.IsPrint: letters, marks, numbers, punctuation, symbols and the ASCII space. */
    private static boolean isPrintable(int codePoint) {
        if (codePoint < 0x7f) {
            return codePoint >= ' ';
        }
        return !Invisible.is(codePoint)
                && switch (Character.getType(codePoint)) {
                    case Character.PRIVATE_USE, Character.SURROGATE, Character.UNASSIGNED, Character.SPACE_SEPARATOR ->
                        false;
                    default -> true;
                };
    }
}
