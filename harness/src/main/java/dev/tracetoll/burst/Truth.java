package dev.tracetoll.burst;

import dev.tracetoll.tracing.NamedValue;
import dev.tracetoll.tracing.Value;
import java.util.Arrays;
import java.util.List;

/** What a call passed and returned, as the target itself tells it: what a tracer must have seen. */
public record Truth(List<Value> arguments, List<Value> results) {

    public Truth {
        arguments = List.copyOf(arguments);
        results = List.copyOf(results);
    }

    /** Whether a tracer saw the arguments as they were; a string may be cut. */
    public boolean hasArguments(List<NamedValue> seen) {
        return agree(arguments, seen);
    }

    /** Whether a tracer saw the results as they were; a string may be cut. */
    public boolean hasResults(List<NamedValue> seen) {
        return agree(results, seen);
    }

    private static boolean agree(List<Value> expected, List<NamedValue> seen) {
        if (expected.size() != seen.size()) {
            return false;
        }
        for (int i = 0; i < expected.size(); i++) {
            if (!agree(expected.get(i), seen.get(i).value())) {
                return false;
            }
        }
        return true;
    }

    private static boolean agree(Value expected, Value seen) {
        if (expected instanceof Value.Text whole && seen instanceof Value.Text text) {
            return whole.length() == text.length()
                    && text.bytes().length <= whole.bytes().length
                    && Arrays.equals(whole.bytes(), 0, text.bytes().length, text.bytes(), 0, text.bytes().length);
        }
        return expected.equals(seen);
    }
}
