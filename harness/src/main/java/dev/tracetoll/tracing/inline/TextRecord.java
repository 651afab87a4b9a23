package dev.tracetoll.tracing.inline;

import dev.tracetoll.tracing.plan.CaptureLimits;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.plan.TypeTable;
import dev.tracetoll.tracing.record.RecordFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * The records of a site whose variables lead to nothing but strings, or slices of what leads to nothing: most sites are such. In the form that
 * all techniques have in common, what is the same for all of them is there from the beginning.
 */
final class TextRecord {

    private static final int WORD = Long.BYTES;
    private static final int IMAGE = RecordFormat.HEADER_BYTES + RecordFormat.BLOCK_HEADER_BYTES;
    /** What the kernel would say of memory that is not there. */
    static final int EFAULT = 14;

    private final ByteBuffer whole;
    private final int bytes;
    private final Layout.Followed[] texts;
    private final int depth;

    /** How much room {@link #expand} needs for what it makes; 0 for a site whose variables lead to something else. */
    static int mostBytes(Layout layout, TypeTable types) {
        int bytes = IMAGE + layout.bytes();
        for (Optional<Layout.Followed> reference : layout.references()) {
            if (reference.isEmpty()
                    || !reference.get().counted()
                    || types.entry(reference.get().type()).references() > 0) {
                return 0;
            }
            bytes += RecordFormat.BLOCK_HEADER_BYTES + reference.get().mostBytes();
        }
        return bytes > RecordFormat.LAST_BLOCK_AT ? 0 : bytes;
    }

    /**
     * @param memory {@link #mostBytes} of it
     * @param bias what to add to an address in the file for the address in the process
     * @param depth how many pointers are followed
     */
    TextRecord(ByteBuffer memory, int number, SitePlan site, Layout layout, long bias, int depth) {
        whole = memory.order(ByteOrder.LITTLE_ENDIAN);
        bytes = layout.bytes();
        texts = layout.references().stream().flatMap(Optional::stream).toArray(Layout.Followed[]::new);
        this.depth = depth;
        whole.putInt(RecordFormat.SITE, number);
        whole.putLong(RecordFormat.UNREADABLE, 0);
        whole.putLong(RecordFormat.ADDRESS, site.site().address() + bias);
        block(RecordFormat.HEADER_BYTES, site.type(), bytes, 1);
    }

    /**
     * Makes a record one in the common form.
     *
     * @param at where it is in {@code data}
     * @param flags as {@link RecordFormat#FLAGS}
     * @param marks as {@link Layout#MARKS}
     * @return valid until the next call
     */
    ByteBuffer expand(ByteBuffer data, int at, long timestampNs, int flags, int marks) {
        whole.putInt(RecordFormat.THREAD, data.getInt(at + Layout.THREAD));
        whole.putLong(RecordFormat.TIMESTAMP_NS, timestampNs);
        whole.putLong(RecordFormat.GOROUTINE, data.getLong(at + Layout.GOROUTINE));
        whole.putLong(RecordFormat.FRAME, data.getLong(at + Layout.FRAME));
        whole.putInt(RecordFormat.FLAGS, flags);
        int from = at + Layout.HEAD_BYTES;
        copy(data, from, IMAGE, bytes);
        from += bytes;
        int end = IMAGE + bytes;
        for (Layout.Followed text : texts) {
            int count = text.count(whole, IMAGE);
            if (count > 0) {
                boolean readable = !text.isUnreadable(marks);
                int size = count * text.elementBytes();
                end = block(end, text.type(), readable ? size : -EFAULT, count);
                if (readable) {
                    int padded = CaptureLimits.padded(size);
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
    private void copy(ByteBuffer data, int from, int to, int size) {
        for (int word = 0; word < size; word += WORD) {
            whole.putLong(to + word, data.getLong(from + word));
        }
    }

    private int block(int at, int type, int size, int count) {
        whole.putInt(at + RecordFormat.BLOCK_TYPE, type);
        whole.putInt(at + RecordFormat.BLOCK_BYTES, size);
        whole.putInt(at + RecordFormat.BLOCK_COUNT, count);
        whole.putInt(at + RecordFormat.BLOCK_DEPTH, depth);
        whole.putLong(at + RecordFormat.BLOCK_ADDRESS, 0);
        return at + RecordFormat.BLOCK_HEADER_BYTES;
    }
}
