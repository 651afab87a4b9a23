package dev.tracetoll.tracing.source;

import dev.tracetoll.problem.OperationFailed;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Execution traces of Go 1.22 and newer, one after the other: a header, then batches of events, each of one thread, each with its length. Of the events the
 * beginnings and ends of user regions are counted. Numbers of event types, and how many operands each has, are those of {@code internal/trace/tracev2} of
 * Go 1.26.8, which has only added to those of 1.22.
 */
final class ExecutionTrace implements PipeSession.Reading {

    private static final Pattern HEADER = Pattern.compile("go 1\\.(\\d\\d) trace\0\0\0");
    private static final int HEADER_BYTES = 16;
    private static final int OLDEST = 22;
    /** Newer ones may have events of which nobody here knows how long they are. */
    private static final int NEWEST = 26;

    private static final int BATCH = 1;
    private static final int FIRST_TIMED = 9;
    private static final int REGION_BEGIN = 42;
    private static final int REGION_END = 43;
    private static final int EXPERIMENTAL_BATCH = 49;
    private static final int END_OF_GENERATION = 52;
    /** Generation, thread, time and length. */
    private static final int BATCH_OPERANDS = 4;
    /** Operands of each event in a batch, its time among them, from {@link #FIRST_TIMED} on: of Ps, goroutines, stops of the world, the garbage collector,
     * the heap, annotations, coroutines, and states with a stack. */
    private static final String OPERANDS =
            "33143" + "423113343114" + "31" + "232223221" + "22" + "253445" + "334" + "5";

    private static final int VARINT_BITS = 7;

    private byte[] data = new byte[0];
    private int at;
    private int end;
    private long calls;
    private long returns;

    @Override
    public int take(byte[] bytes, int from, int to) {
        data = bytes;
        at = from;
        end = to;
        int type = data[at++];
        switch (type) {
            case 'g' -> {
                return header(from);
            }
            case END_OF_GENERATION -> {
                return 1;
            }
            case BATCH, EXPERIMENTAL_BATCH -> {
                if (type == EXPERIMENTAL_BATCH) {
                    at++;
                }
                long length = 0;
                for (int i = 0; i < BATCH_OPERANDS; i++) {
                    length = number();
                }
                if (length > end - at) {
                    return 0;
                }
                end = at + (int) length;
                if (type == BATCH) {
                    events();
                }
                return end - from;
            }
            default -> throw unknown("a batch of type " + type);
        }
    }

    private int header(int from) {
        if (end - from < HEADER_BYTES) {
            return 0;
        }
        String header = new String(data, from, HEADER_BYTES, StandardCharsets.ISO_8859_1);
        Matcher version = HEADER.matcher(header);
        if (!version.matches()) {
            throw unknown("\"" + header + "\" instead of a header");
        }
        int number = Integer.parseInt(version.group(1));
        if (number < OLDEST || number > NEWEST) {
            throw unknown(
                    "a trace of Go 1." + number + ", where those of 1." + OLDEST + " to 1." + NEWEST + " are known");
        }
        return HEADER_BYTES;
    }

    /** Of a batch; one that is no thread's begins with what it is. */
    private void events() {
        if (at < end && data[at] >= FIRST_TIMED && data[at] - FIRST_TIMED < OPERANDS.length()) {
            while (at < end) {
                event(data[at++]);
            }
        }
    }

    private void event(int type) {
        if (type < FIRST_TIMED || type - FIRST_TIMED >= OPERANDS.length()) {
            throw unknown("an event of type " + type);
        }
        if (type == REGION_BEGIN) {
            calls++;
        } else if (type == REGION_END) {
            returns++;
        }
        for (int i = OPERANDS.charAt(type - FIRST_TIMED) - '0'; i > 0; i--) {
            number();
        }
    }

    /** An unsigned LEB128; some number, and all read, if there is less than one. */
    private long number() {
        long number = 0;
        for (int shift = 0; at < end; shift += VARINT_BITS) {
            int next = data[at++];
            number |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return number;
            }
        }
        return Long.MAX_VALUE;
    }

    private static OperationFailed unknown(String what) {
        return new OperationFailed("the execution trace of the target has " + what);
    }

    @Override
    public long calls() {
        return calls;
    }

    @Override
    public long returns() {
        return returns;
    }
}
