package dev.tracetoll.tracing.inline;

import dev.tracetoll.tracing.plan.CaptureLimits;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.plan.TypeTable;
import dev.tracetoll.tracing.record.RecordFormat;
import dev.tracetoll.tracing.record.RecordSink;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Hands records on, in the form that all techniques have in common. */
final class RecordReader {

    private static final int WORD = Long.BYTES;
    private static final int NOWHERE = -1;
    private static final int UNREADABLE = -2;

    /** By more than the time of one record the clock is never wrong against the time of another. */
    private static final long UNCERTAIN_NS = 1000;
    /** Whoever waits to learn it need not learn it for each. */
    private static final int COMPLETE_EVERY = 1 << 12;

    private record Growing(int site, long frame) {}

    private final TracePlan plan;
    private final TypeTable types;
    private final List<Layout> layouts;
    private final long bias;
    private final CounterClock clock;
    private final RecordSink sink;
    /** Calls that are growing their stack, by goroutine. */
    private final Map<Long, Growing> growing = new HashMap<>();
    /** Direct, as all records are: see the reader of eBPF's records. */
    private final ByteBuffer whole =
            ByteBuffer.allocateDirect(2 * RecordFormat.MAX_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    /** Of each site whose variables lead to nothing but texts: how its records are taken. */
    private final TextRecord[] texts;

    private long read;
    private long lastNs;
    private int end;
    /** Where in the record is what each reference leads to, by the numbers of those that are followed. */
    private final int[] positions = new int[Layout.mostFollowed()];
    /** Of each block whose references may be followed: how. */
    private final Map<Integer, List<Optional<Layout.Followed>>> leading = new HashMap<>();

    RecordReader(TracePlan plan, List<Layout> layouts, long bias, CounterClock clock, RecordSink sink) {
        this.plan = plan;
        this.types = plan.types();
        this.layouts = layouts;
        this.bias = bias;
        this.clock = clock;
        this.sink = sink;
        texts = new TextRecord[layouts.size()];
        int bytes = layouts.stream()
                .mapToInt(layout -> TextRecord.mostBytes(layout, types))
                .sum();
        ByteBuffer memory = ByteBuffer.allocateDirect(bytes);
        for (int i = 0; i < texts.length; i++) {
            int size = TextRecord.mostBytes(layouts.get(i), types);
            if (size > 0) {
                texts[i] = new TextRecord(
                        memory.slice(memory.position(), size),
                        i,
                        plan.sites().get(i),
                        layouts.get(i),
                        bias,
                        plan.request().depth());
                memory.position(memory.position() + size);
            }
        }
    }

    /** Takes a record at {@code at}; they come in the order of their times. */
    void read(ByteBuffer data, int at, int length) {
        if (++read % COMPLETE_EVERY == 0) {
            completeUntil(data.getLong(at + Layout.TIMESTAMP));
        }
        int number = data.getInt(at + Layout.SITE);
        TextRecord text = texts[number];
        if (text != null) {
            int marks = data.getInt(at + Layout.MARKS);
            int flags = growth(
                    number,
                    data.getLong(at + Layout.GOROUTINE),
                    data.getLong(at + Layout.FRAME),
                    (marks & Layout.GROWING) != 0);
            sink.record(text.expand(data, at, timeNs(data, at), flags, marks), register -> null);
            return;
        }
        SitePlan site = plan.sites().get(number);
        Layout layout = layouts.get(number);
        long goroutine = data.getLong(at + Layout.GOROUTINE);
        long frame = data.getLong(at + Layout.FRAME);
        int marks = data.getInt(at + Layout.MARKS);
        whole.putInt(RecordFormat.SITE, number);
        whole.putInt(RecordFormat.THREAD, data.getInt(at + Layout.THREAD));
        whole.putLong(RecordFormat.TIMESTAMP_NS, timeNs(data, at));
        whole.putLong(RecordFormat.GOROUTINE, goroutine);
        whole.putLong(RecordFormat.FRAME, frame);
        whole.putLong(RecordFormat.UNREADABLE, 0);
        whole.putLong(RecordFormat.ADDRESS, site.site().address() + bias);
        int flags = growth(number, goroutine, frame, (marks & Layout.GROWING) != 0);
        end = RecordFormat.HEADER_BYTES;
        int depth = plan.request().depth();
        int image = header(site.type(), layout.bytes(), 1, depth);
        whole.put(image, data, at + Layout.HEAD_BYTES, layout.bytes());
        end = image + layout.bytes();
        boolean full = follow(layout, marks, data, at);
        whole.putInt(RecordFormat.FLAGS, full ? flags | RecordFormat.FLAG_FULL : flags);
        whole.putInt(RecordFormat.LENGTH, end);
        sink.record(whole, register -> null);
    }

    /** The clock goes a little slower or faster from one of its readings to the next, which is to turn no two records around. */
    private long timeNs(ByteBuffer data, int at) {
        lastNs = Math.max(lastNs, clock.ns(data.getLong(at + Layout.TIMESTAMP)));
        return lastNs;
    }

    /** All records before a time of the processors' counter have been read. */
    void completeUntil(long count) {
        sink.completeUntil(clock.ns(count) - UNCERTAIN_NS);
    }

    private int growth(int site, long goroutine, long frame, boolean grows) {
        if (!grows && growing.isEmpty()) {
            return 0;
        }
        Growing now = new Growing(site, frame);
        if (grows) {
            return now.equals(growing.put(goroutine, now))
                    ? RecordFormat.FLAG_GROWING | RecordFormat.FLAG_GROWN
                    : RecordFormat.FLAG_GROWING;
        }
        if (now.equals(growing.get(goroutine))) {
            growing.remove(goroutine);
            return RecordFormat.FLAG_GROWN;
        }
        return 0;
    }

    private int header(int type, int bytes, int count, int depth) {
        whole.putInt(end + RecordFormat.BLOCK_TYPE, type);
        whole.putInt(end + RecordFormat.BLOCK_BYTES, bytes);
        whole.putInt(end + RecordFormat.BLOCK_COUNT, count);
        whole.putInt(end + RecordFormat.BLOCK_DEPTH, depth);
        whole.putLong(end + RecordFormat.BLOCK_ADDRESS, 0);
        end += RecordFormat.BLOCK_HEADER_BYTES;
        return end;
    }

    /**
     * Finds where what a reference leads to is in the record, and what that leads to.
     *
     * @param parent where what has the reference begins
     * @param from where the next of what was followed is
     * @return where the one after that is
     */
    private int locate(Layout.Followed followed, ByteBuffer data, int parent, int from, int marks) {
        positions[followed.id()] = NOWHERE;
        int count = followed.count(data, parent);
        if (count == 0) {
            return from;
        }
        if (followed.isUnreadable(marks)) {
            positions[followed.id()] = UNREADABLE;
            return from;
        }
        positions[followed.id()] = from;
        int next = from + CaptureLimits.padded(count * followed.elementBytes());
        for (Optional<Layout.Followed> inner : followed.inner()) {
            if (inner.isPresent()) {
                next = locate(inner.get(), data, from, next, marks);
            }
        }
        return next;
    }

    /** Visits every block in order as the writer of the common form does; says whether there was no room for one. */
    private boolean follow(Layout layout, int marks, ByteBuffer data, int at) {
        int from = at + layout.end();
        for (Optional<Layout.Followed> reference : layout.references()) {
            if (reference.isPresent()) {
                from = locate(reference.get(), data, at + Layout.HEAD_BYTES, from, marks);
            }
        }
        leading.clear();
        leading.put(RecordFormat.HEADER_BYTES, layout.references());
        int block = RecordFormat.HEADER_BYTES;
        while (block < end) {
            int bytes = whole.getInt(block + RecordFormat.BLOCK_BYTES);
            int type = whole.getInt(block + RecordFormat.BLOCK_TYPE);
            if (type != RecordFormat.UNKNOWN_TYPE && bytes > 0) {
                TypeTable.Entry entry = types.entry(type);
                int count = entry.references() == 0 ? 0 : whole.getInt(block + RecordFormat.BLOCK_COUNT);
                List<Optional<Layout.Followed>> followed =
                        count == 0 ? List.of() : leading.getOrDefault(block, List.of());
                for (int element = 0; element < count; element++) {
                    for (int i = 0; i < entry.references(); i++) {
                        TypeTable.Reference reference = types.references().get(entry.firstReference() + i);
                        int offset = element * entry.size() + reference.offset();
                        if (offset + WORD > bytes) {
                            continue;
                        }
                        if (end > RecordFormat.LAST_BLOCK_AT) {
                            return true;
                        }
                        append(
                                reference,
                                block,
                                block + RecordFormat.BLOCK_HEADER_BYTES + offset,
                                i < followed.size() ? followed.get(i) : Optional.empty(),
                                data);
                    }
                }
            }
            block += RecordFormat.BLOCK_HEADER_BYTES + CaptureLimits.padded(Math.max(0, bytes));
        }
        return false;
    }

    /** Appends the block that a reference leads to, if it leads to any. */
    private void append(
            TypeTable.Reference reference, int block, int at, Optional<Layout.Followed> followed, ByteBuffer data) {
        int depth = whole.getInt(block + RecordFormat.BLOCK_DEPTH);
        if (whole.getLong(at) == 0) {
            return;
        }
        switch (reference.kind()) {
            case STRING, SLICE -> {
                int size = types.entry(reference.target()).size();
                int count = types.shown(whole.getLong(at + WORD), size);
                if (count > 0) {
                    append(reference.target(), size, count, depth, followed, data);
                }
            }
            case POINTER -> {
                if (depth > 0) {
                    append(reference.target(), types.entry(reference.target()).size(), 1, depth - 1, followed, data);
                }
            }
            case INDIRECT ->
                append(reference.target(), types.entry(reference.target()).size(), 1, depth, followed, data);
            case FIXED -> append(TypeTable.BYTES, 1, reference.target(), depth, followed, data);
            default -> header(RecordFormat.UNKNOWN_TYPE, RecordFormat.NOT_FOLLOWED, 0, depth);
        }
    }

    private void append(int type, int size, int count, int depth, Optional<Layout.Followed> followed, ByteBuffer data) {
        int position = followed.map(each -> positions[each.id()]).orElse(NOWHERE);
        if (size == 0) {
            header(type, 0, count, depth);
        } else if (position < 0) {
            header(type, position == UNREADABLE ? -TextRecord.EFAULT : RecordFormat.NOT_FOLLOWED, 0, depth);
        } else {
            int block = end;
            int padded = CaptureLimits.padded(size * count);
            int to = header(type, size * count, count, depth);
            whole.put(to, data, position, padded);
            end = to + padded;
            followed.filter(Layout.Followed::leadsOn).ifPresent(each -> leading.put(block, each.inner()));
        }
    }
}
