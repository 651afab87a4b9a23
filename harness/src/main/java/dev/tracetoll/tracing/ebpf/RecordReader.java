package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.golang.Location;
import dev.tracetoll.tracing.EventAssembler;
import dev.tracetoll.tracing.RecordFormat;
import dev.tracetoll.tracing.SitePlan;
import dev.tracetoll.tracing.TracePlan;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Hands the ring buffer's records to the assembler. A record of a site that reads floating-point registers waits for the record that
 * completes it, which its thread writes before it runs on.
 */
final class RecordReader {

    private static final String NO_SIGNAL = "no signal showed the floating-point registers, or its record was lost";

    private static final String OVERWRITTEN = "the probed instruction overwrites its register before the signal can show it";

    private final List<SitePlan> plans;
    private final EventAssembler assembler;
    private final Map<Integer, ByteBuffer> waiting = new LinkedHashMap<>();

    RecordReader(TracePlan plan, EventAssembler assembler) {
        this.plans = plan.sites();
        this.assembler = assembler;
    }

    /** Takes a record of {@code length} bytes at {@code at}. */
    void read(ByteBuffer data, int at, int length) {
        int site = data.getInt(at + RecordFormat.SITE);
        int thread = data.getInt(at + RecordFormat.THREAD);
        if ((site & Contract.FLOATS) != 0) {
            complete(data, at, thread);
            return;
        }
        if (!waiting.isEmpty()) {
            giveUp(thread, data.getLong(at + RecordFormat.GOROUTINE));
        }
        ByteBuffer record = data.slice(at, length).order(ByteOrder.LITTLE_ENDIAN);
        if (plans.get(site).floatRegisters() > 0) {
            // Kept beyond this call, and written to.
            ByteBuffer copy = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
            copy.put(0, record, 0, length);
            waiting.put(thread, copy);
        } else {
            assembler.record(record, register -> null);
        }
    }

    /** Hands on every record that still waits, its floating-point values said to be unreadable. */
    void giveUpWaiting() {
        waiting.values().forEach(record -> assembler.record(record, register -> NO_SIGNAL));
        waiting.clear();
    }

    private void complete(ByteBuffer data, int at, int thread) {
        ByteBuffer record = waiting.remove(thread);
        if (record == null) {
            return;
        }
        int state = (int) data.getLong(at + Contract.FLOATS_STATE);
        if (state != Contract.FLOATS_OK) {
            String why = state == Contract.FLOATS_LATE ? "the signal that shows floating-point registers came too late"
                    : "the signal frame cannot be read";
            assembler.record(record, register -> why);
            return;
        }
        int image = RecordFormat.HEADER_BYTES + RecordFormat.BLOCK_HEADER_BYTES;
        SitePlan plan = plans.get(record.getInt(RecordFormat.SITE));
        for (SitePlan.Piece piece : plan.pieces()) {
            if (piece.part().location() instanceof Location.FloatRegister register) {
                long value = data.getLong(at + Contract.FLOATS_VALUE + register.index() * Long.BYTES);
                if (piece.part().size() == Float.BYTES) {
                    record.putInt(image + piece.offset(), (int) value);
                } else {
                    record.putLong(image + piece.offset(), value);
                }
            }
        }
        int overwritten = plan.overwrittenFloatRegister();
        assembler.record(record, register -> register == overwritten ? OVERWRITTEN : null);
    }

    /** Nothing of the same thread or goroutine may overtake a record that waits. */
    private void giveUp(int thread, long goroutine) {
        for (Iterator<Map.Entry<Integer, ByteBuffer>> i = waiting.entrySet().iterator(); i.hasNext();) {
            Map.Entry<Integer, ByteBuffer> entry = i.next();
            if (entry.getKey() == thread || entry.getValue().getLong(RecordFormat.GOROUTINE) == goroutine) {
                i.remove();
                assembler.record(entry.getValue(), register -> NO_SIGNAL);
            }
        }
    }
}
