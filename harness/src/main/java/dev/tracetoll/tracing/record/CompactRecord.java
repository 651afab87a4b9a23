package dev.tracetoll.tracing.record;

import dev.tracetoll.tracing.plan.CaptureLimits;
import dev.tracetoll.tracing.plan.SitePlan;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The record that a program compiled for a {@link Shape} writes: what the shape says is left out, because each cache line that a record
 * touches costs about as much as all that is written to it. A head; a word of parts that could not be read, if any part is on the stack;
 * the first block; the bytes of each text, padded to 8.
 */
public final class CompactRecord {

    /** The site's number, or where {@link #BY_ADDRESS} says so its address. */
    public static final int SITE = 0;
    /** The thread's id, with flags. */
    public static final int THREAD = 4;
    /** When the probe was hit, by the monotonic clock. */
    public static final int TIMESTAMP_NS = 8;
    /** As {@link RecordFormat#GOROUTINE}. */
    public static final int GOROUTINE = 16;
    /** As {@link RecordFormat#FRAME}. */
    public static final int FRAME = 24;
    /** What follows the head. */
    public static final int HEAD_BYTES = 32;

    // No thread's id has these bits: PID_MAX_LIMIT of <linux/threads.h> is 2^22.
    /** It is a compact record. */
    public static final int COMPACT = 1 << 31;
    /** Its site is given by its address. */
    public static final int BY_ADDRESS = 1 << 30;
    /** The bytes of the first text could not be read, and are not there; shifted left by one, those of the second. */
    public static final int UNREADABLE_TEXT = 1 << 28;

    private static final int THREAD_MASK = (1 << 22) - 1;
    /** What bpf_probe_read_user says of memory that is not there. */
    private static final int EFAULT = 14;

    private static final int WORD = Long.BYTES;

    private static final int IMAGE = RecordFormat.HEADER_BYTES + RecordFormat.BLOCK_HEADER_BYTES;

    private final Shape shape;
    /** The record as the interpreter would have written it: what is the same for all of the site's is there from the beginning. */
    private final ByteBuffer whole;

    private final int depth;

    /** How much room the record takes that the interpreter would have written. */
    public static int wholeBytes(Shape shape) {
        return IMAGE + mostBytes(shape) + shape.texts().size() * RecordFormat.BLOCK_HEADER_BYTES;
    }

    /**
     * @param memory for the record that the interpreter would have written, {@link #wholeBytes} long
     * @param site the site's number
     * @param shape of the site
     * @param depth how many pointers are followed
     */
    public CompactRecord(ByteBuffer memory, int site, SitePlan plan, Shape shape, int depth) {
        this.shape = shape;
        this.depth = depth;
        whole = memory.order(ByteOrder.LITTLE_ENDIAN);
        whole.putInt(RecordFormat.SITE, site);
        whole.putLong(RecordFormat.UNREADABLE, 0);
        // Nothing of a shape refers to code or types, for which it would matter where the program was loaded.
        whole.putLong(RecordFormat.ADDRESS, plan.site().address());
        whole.putInt(RecordFormat.FLAGS, 0);
        block(RecordFormat.HEADER_BYTES, plan.type(), shape.bytes(), 1);
    }

    /** Where the first block is. */
    public static int image(Shape shape) {
        return HEAD_BYTES + (shape.onStack() ? WORD : 0);
    }

    /** How long a record is at most. */
    public static int mostBytes(Shape shape) {
        return image(shape)
                + shape.bytes()
                + shape.texts().stream()
                        .mapToInt(text -> CaptureLimits.padded(text.most() * text.elementBytes()))
                        .sum();
    }

    /**
     * Makes it the record that the interpreter would have written.
     *
     * @param at where it is in {@code data}
     * @return valid until the next call
     */
    public ByteBuffer expand(ByteBuffer data, int at) {
        int flags = data.getInt(at + THREAD);
        whole.putInt(RecordFormat.THREAD, flags & THREAD_MASK);
        whole.putLong(RecordFormat.TIMESTAMP_NS, data.getLong(at + TIMESTAMP_NS));
        whole.putLong(RecordFormat.GOROUTINE, data.getLong(at + GOROUTINE));
        whole.putLong(RecordFormat.FRAME, data.getLong(at + FRAME));
        if (shape.onStack()) {
            whole.putLong(RecordFormat.UNREADABLE, data.getLong(at + HEAD_BYTES));
        }
        int from = at + image(shape);
        copy(data, from, IMAGE, shape.bytes());
        int end = IMAGE + shape.bytes();
        from += shape.bytes();
        for (int i = 0; i < shape.texts().size(); i++) {
            Shape.Text text = shape.texts().get(i);
            int count = text.shown(whole.getLong(IMAGE + text.offset()), whole.getLong(IMAGE + text.offset() + WORD));
            if (count > 0) {
                boolean readable = (flags & UNREADABLE_TEXT << i) == 0;
                int bytes = count * text.elementBytes();
                end = block(end, text.type(), readable ? bytes : -EFAULT, count);
                if (readable) {
                    int padded = CaptureLimits.padded(bytes);
                    copy(data, from, end, padded);
                    end += padded;
                    from += padded;
                }
            }
        }
        whole.putInt(RecordFormat.LENGTH, end);
        return whole;
    }

    /** Word by word: it is short and padded, and a call to copy many bytes at once has its price. */
    private void copy(ByteBuffer data, int from, int to, int bytes) {
        for (int word = 0; word < bytes; word += WORD) {
            whole.putLong(to + word, data.getLong(from + word));
        }
    }

    private int block(int at, int type, int bytes, int count) {
        whole.putInt(at + RecordFormat.BLOCK_TYPE, type);
        whole.putInt(at + RecordFormat.BLOCK_BYTES, bytes);
        whole.putInt(at + RecordFormat.BLOCK_COUNT, count);
        whole.putInt(at + RecordFormat.BLOCK_DEPTH, depth);
        whole.putLong(at + RecordFormat.BLOCK_ADDRESS, 0);
        return at + RecordFormat.BLOCK_HEADER_BYTES;
    }
}
