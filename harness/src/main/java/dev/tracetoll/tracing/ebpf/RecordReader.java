package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.golang.Location;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.record.CompactRecord;
import dev.tracetoll.tracing.record.RecordFormat;
import dev.tracetoll.tracing.record.RecordSink;
import dev.tracetoll.tracing.record.Shape;
import dev.tracetoll.x86.RegisterSet;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Hands on the ring buffer's records. A record of a site that reads floating-point registers waits for the record that
 * completes it, which its thread writes before it runs on.
 *
 * <p>All records are in direct buffers: as long as the just-in-time compiler sees one class only, it binds the whole way of a record to it. Had
 * the first rare record another, all that was compiled would be thrown away, in the middle of a million records a second.
 */
final class RecordReader {

    private static final String NO_SIGNAL = "no signal showed the floating-point registers, or its record was lost";
    private static final String OVERWRITTEN =
            "the instruction under the probe changes its register before it can be read";

    private final List<SitePlan> plans;
    /** Of each site what its instruction writes; looked up for every record. */
    private final RegisterSet[] overwritten;
    /** Of each site what it leaves, if it leaves compact records. */
    private final CompactRecord[] compact;
    /** Of each address its site; of several sites at one address any, as none of them is told by it. */
    private final Map<Long, Integer> byAddress = new HashMap<>();

    private final RecordSink sink;
    private final Map<Integer, List<ByteBuffer>> waiting = new LinkedHashMap<>();
    private final Deque<ByteBuffer> spare = new ArrayDeque<>();

    /** @param compiled the shapes whose sites leave compact records, with the numbers of those sites */
    RecordReader(TracePlan plan, RecordSink sink, Map<Shape, List<Integer>> compiled) {
        this.plans = plan.sites();
        this.compact = new CompactRecord[plans.size()];
        this.overwritten =
                plans.stream().map(each -> each.site().instruction().writes()).toArray(RegisterSet[]::new);
        for (int i = 0; i < plans.size(); i++) {
            byAddress.put(plans.get(i).site().address(), i);
        }
        ByteBuffer memory = ByteBuffer.allocateDirect(compiled.entrySet().stream()
                .mapToInt(entry -> CompactRecord.wholeBytes(entry.getKey())
                        * entry.getValue().size())
                .sum());
        compiled.forEach((shape, sites) -> sites.forEach(site -> compact[site] = new CompactRecord(
                next(memory, CompactRecord.wholeBytes(shape)),
                site,
                plans.get(site),
                shape,
                plan.request().depth())));
        this.sink = sink;
    }

    private static ByteBuffer next(ByteBuffer memory, int bytes) {
        int at = memory.position();
        memory.position(at + bytes);
        return memory.slice(at, bytes);
    }

    /** Takes a record of {@code length} bytes at {@code at}. */
    void read(ByteBuffer data, int at, int length) {
        int site = data.getInt(at + RecordFormat.SITE);
        int thread = data.getInt(at + RecordFormat.THREAD);
        if ((thread & CompactRecord.COMPACT) != 0) {
            if ((thread & CompactRecord.BY_ADDRESS) != 0) {
                // What is at no address of a site has no probe either.
                site = Objects.requireNonNull(byAddress.get(Integer.toUnsignedLong(site)));
            }
            deliver(compact[site].expand(data, at), site);
            return;
        }
        if (site == Contract.EXECUTION) {
            giveUpWaiting();
            sink.executed(data.getLong(at + Contract.EXECUTION_TIMESTAMP_NS));
            return;
        }
        if ((site & Contract.FLOATS) != 0) {
            complete(data, at, thread);
            return;
        }
        deliver(data.slice(at, length).order(ByteOrder.LITTLE_ENDIAN), site);
    }

    private void deliver(ByteBuffer record, int site) {
        if (!waiting.isEmpty()) {
            int thread = record.getInt(RecordFormat.THREAD);
            List<ByteBuffer> sameThread = waiting.get(thread);
            if (sameThread != null && isSameHit(sameThread, site)) {
                sameThread.add(copy(record));
                return;
            }
            giveUp(thread, record.getLong(RecordFormat.GOROUTINE));
        }
        if (plans.get(site).floatRegisters() > 0) {
            waiting.put(record.getInt(RecordFormat.THREAD), new ArrayList<>(List.of(copy(record))));
        } else {
            sink.record(record, register -> null);
        }
    }

    /** Several sites can be on one instruction: a function that is nothing but its return has its entry there, too. */
    private boolean isSameHit(List<ByteBuffer> records, int site) {
        long address = plans.get(site).site().address();
        return records.stream()
                .map(each -> each.getInt(RecordFormat.SITE))
                .allMatch(each -> each != site && plans.get(each).site().address() == address);
    }

    /** What waits is kept beyond the visit of the ring buffer, and written to. */
    private ByteBuffer copy(ByteBuffer record) {
        ByteBuffer copy = spare.isEmpty()
                ? ByteBuffer.allocateDirect(RecordFormat.MAX_BYTES).order(ByteOrder.LITTLE_ENDIAN)
                : spare.pop();
        copy.put(0, record, 0, record.getInt(RecordFormat.LENGTH));
        return copy;
    }

    /** Hands on every record that still waits, its floating-point values said to be unreadable. */
    void giveUpWaiting() {
        waiting.values().forEach(records -> deliver(records, NO_SIGNAL));
        waiting.clear();
    }

    private void deliver(List<ByteBuffer> records, String why) {
        records.forEach(record -> sink.record(record, register -> why));
        spare.addAll(records);
    }

    private void complete(ByteBuffer data, int at, int thread) {
        List<ByteBuffer> records = waiting.remove(thread);
        if (records == null) {
            return;
        }
        int state = (int) data.getLong(at + Contract.FLOATS_STATE);
        if (state == Contract.FLOATS_OK) {
            records.forEach(record -> deliver(record, data, at));
            spare.addAll(records);
        } else {
            deliver(
                    records,
                    switch (state) {
                        case Contract.FLOATS_LATE -> "the signal that shows floating-point registers came too late";
                        case Contract.FLOATS_LISTENED ->
                            "the program listens for SIGURG, which shows floating-point registers";
                        case Contract.FLOATS_BLOCKED ->
                            "the thread blocks SIGURG, which shows floating-point registers";
                        case Contract.FLOATS_UNHANDLED ->
                            "Go's runtime does not handle SIGURG, which shows floating-point registers";
                        default -> "the signal frame cannot be read";
                    });
        }
    }

    private void deliver(ByteBuffer record, ByteBuffer data, int floatsAt) {
        int image = RecordFormat.HEADER_BYTES + RecordFormat.BLOCK_HEADER_BYTES;
        int site = record.getInt(RecordFormat.SITE);
        for (SitePlan.Piece piece : plans.get(site).pieces()) {
            if (piece.part().location() instanceof Location.FloatRegister register) {
                long value = data.getLong(floatsAt + Contract.FLOATS_VALUE + register.index() * Long.BYTES);
                if (piece.part().size() == Float.BYTES) {
                    record.putInt(image + piece.offset(), (int) value);
                } else {
                    record.putLong(image + piece.offset(), value);
                }
            }
        }
        sink.record(record, register -> overwritten[site].hasVector(register) ? OVERWRITTEN : null);
    }

    /** Nothing of the same thread or goroutine may overtake a record that waits. */
    private void giveUp(int thread, long goroutine) {
        for (Iterator<Map.Entry<Integer, List<ByteBuffer>>> i =
                        waiting.entrySet().iterator();
                i.hasNext(); ) {
            Map.Entry<Integer, List<ByteBuffer>> entry = i.next();
            if (entry.getKey() == thread || entry.getValue().get(0).getLong(RecordFormat.GOROUTINE) == goroutine) {
                i.remove();
                deliver(entry.getValue(), NO_SIGNAL);
            }
        }
    }
}
