package dev.tracetoll.tracing;

import dev.tracetoll.golang.GoType;
import dev.tracetoll.golang.Variable;
import java.util.ArrayList;
import java.util.List;

/** Turns the words and strings of a {@link Hit} into Go values. */
final class ValueDecoder {

    private ValueDecoder() {}

    /** Whether values of a type are decoded, and so worth capturing. */
    static boolean decodes(GoType type) {
        return type instanceof GoType.Text || type instanceof GoType.Basic basic && basic.kind() != GoType.BasicKind.COMPLEX;
    }

    static List<NamedValue> decode(SitePlan plan, Hit hit) {
        List<NamedValue> values = new ArrayList<>(plan.variables().size());
        int word = 0;
        int text = 0;
        for (Variable variable : plan.variables()) {
            if (!decodes(variable.type())) {
                values.add(new NamedValue(variable.name(), variable.type().name(), new Value.Unreadable(whyNotDecoded(variable.type()))));
                continue;
            }
            values.add(new NamedValue(variable.name(), variable.type().name(), decode(variable, hit, word, text)));
            word += variable.parts().size();
            if (variable.type() instanceof GoType.Text) {
                text++;
            }
        }
        return values;
    }

    private static Value decode(Variable variable, Hit hit, int firstWord, int textIndex) {
        for (int i = 0; i < variable.parts().size(); i++) {
            String why = hit.whyWordUnreadable(firstWord + i);
            if (why != null) {
                return new Value.Unreadable(why);
            }
        }
        GoType type = variable.type();
        if (type instanceof GoType.Basic basic) {
            return basic(basic, hit.word(firstWord));
        }
        String why = hit.whyTextUnreadable(textIndex);
        return why != null ? new Value.Unreadable(why) : new Value.Text(hit.text(textIndex), hit.word(firstWord + 1));
    }

    private static String whyNotDecoded(GoType type) {
        return type instanceof GoType.Unknown unknown ? unknown.why() : "values of this kind of type are not decoded";
    }

    private static Value basic(GoType.Basic type, long word) {
        int unusedBits = Long.SIZE - Byte.SIZE * type.size();
        return switch (type.kind()) {
            case BOOL -> (word & 0xff) > 1
                    ? new Value.Unreadable("the byte of this bool is " + (word & 0xff))
                    : new Value.Bool((word & 1) != 0);
            case INT -> new Value.Signed(word << unusedBits >> unusedBits);
            case UINT -> new Value.Unsigned(word << unusedBits >>> unusedBits);
            case FLOAT -> type.size() == Float.BYTES
                    ? new Value.Float32(Float.intBitsToFloat((int) word))
                    : new Value.Float64(Double.longBitsToDouble(word));
            case COMPLEX -> throw new IllegalArgumentException("not decoded: " + type);
        };
    }
}
