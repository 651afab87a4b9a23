package dev.tracetoll.tracing.record;

import dev.tracetoll.golang.Location;
import dev.tracetoll.tracing.plan.CaptureLimits;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.plan.TypeTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Writes a record of a stopped thread: the same that the BPF program writes of a running one. Reused for every hit; not thread-safe.
 *
 * <p>{@code bpf/tracetoll.bpf.c} is its twin: what is changed here is changed there.
 */
public final class RecordWriter {

    /** The thread that hit. */
    public interface HitThread {

        /** Go's integer argument register of that index, 0 to 8. */
        long integerArgument(int index);

        /** The low 8 bytes of X0 to X14. */
        long floatArgument(int index);

        /** Where arguments on the stack begin: behind the return address. */
        long stackArguments();

        /** Copies memory of the process; 0, or the negative error number if not all of it can be read. */
        int read(long address, ByteBuffer into, int at, int size);
    }

    private static final int WORD = Long.BYTES;

    private final TracePlan plan;
    private final TypeTable types;
    private final MapReader maps = new MapReader();
    private final ByteBuffer record =
            ByteBuffer.allocateDirect(RecordFormat.MAX_BYTES + WORD).order(ByteOrder.LITTLE_ENDIAN);

    @SuppressWarnings("NullAway.Init") // The one whose hit is captured.
    private HitThread thread;

    private long bias;
    private int end;
    private boolean full;

    public RecordWriter(TracePlan plan) {
        this.plan = plan;
        this.types = plan.types();
    }

    /**
     * Captures a hit.
     *
     * @param site which site was hit
     * @param hit the thread that hit it
     * @param loadBias what the program was moved by when it was loaded
     * @return the record, valid until the next call; the fields that say when and where are the caller's to fill in
     */
    public ByteBuffer capture(SitePlan site, HitThread hit, long loadBias) {
        thread = hit;
        bias = loadBias;
        full = false;
        maps.begin();
        end = RecordFormat.HEADER_BYTES;
        record.putLong(RecordFormat.ADDRESS, site.site().address() + bias);
        record.putLong(RecordFormat.UNREADABLE, captureVariables(site));
        follow();
        record.putInt(RecordFormat.FLAGS, full ? RecordFormat.FLAG_FULL : 0);
        record.putInt(RecordFormat.LENGTH, end);
        return record;
    }

    private long captureVariables(SitePlan site) {
        int image = end + RecordFormat.BLOCK_HEADER_BYTES;
        long unreadable = 0;
        header(site.type(), site.size(), 1, plan.request().depth(), 0);
        for (int i = 0; i < site.pieces().size(); i++) {
            SitePlan.Piece piece = site.pieces().get(i);
            int at = image + piece.offset();
            if (piece.part().location() instanceof Location.IntRegister register) {
                put(at, thread.integerArgument(register.index()), piece.part().size());
            } else if (piece.part().location() instanceof Location.FloatRegister register) {
                put(at, thread.floatArgument(register.index()), piece.part().size());
            } else if (piece.part().location() instanceof Location.StackSlot slot
                    && thread.read(
                                    thread.stackArguments() + slot.offset(),
                                    record,
                                    at,
                                    piece.part().size())
                            != 0) {
                unreadable |= 1L << i;
                zero(at, piece.part().size());
            }
        }
        end = image + site.size();
        return unreadable;
    }

    private void put(int at, long value, int size) {
        switch (size) {
            case 1 -> record.put(at, (byte) value);
            case 2 -> record.putShort(at, (short) value);
            case 4 -> record.putInt(at, (int) value);
            default -> record.putLong(at, value);
        }
    }

    private void zero(int at, int size) {
        for (int i = 0; i < size; i++) {
            record.put(at + i, (byte) 0);
        }
    }

    /** Visits every block in order, and so also those that it appends. */
    private void follow() {
        int steps = 0;
        int block = RecordFormat.HEADER_BYTES;
        while (block < end) {
            int bytes = record.getInt(block + RecordFormat.BLOCK_BYTES);
            int type = record.getInt(block + RecordFormat.BLOCK_TYPE);
            if (type != RecordFormat.UNKNOWN_TYPE && bytes > 0) {
                TypeTable.Entry entry = types.entry(type);
                int count = record.getInt(block + RecordFormat.BLOCK_COUNT);
                for (int element = 0; element < count && entry.references() > 0; element++) {
                    for (int i = 0; i < entry.references(); i++) {
                        if (full || steps++ >= RecordFormat.MAX_STEPS) {
                            full = true;
                            return;
                        }
                        TypeTable.Reference reference = types.references().get(entry.firstReference() + i);
                        int offset = element * entry.size() + reference.offset();
                        if (offset + WORD <= bytes) {
                            follow(reference, block, block + RecordFormat.BLOCK_HEADER_BYTES + offset);
                        }
                    }
                }
            }
            if (steps++ >= RecordFormat.MAX_STEPS) {
                full = true;
                return;
            }
            block += RecordFormat.BLOCK_HEADER_BYTES + CaptureLimits.padded(Math.max(0, bytes));
        }
    }

    private void follow(TypeTable.Reference reference, int block, int at) {
        long address = record.getLong(at);
        if (address == 0) {
            return;
        }
        int depth = record.getInt(block + RecordFormat.BLOCK_DEPTH);
        switch (reference.kind()) {
            case POINTER -> {
                if (depth > 0) {
                    append(
                            reference.target(),
                            address,
                            types.entry(reference.target()).size(),
                            1,
                            depth - 1,
                            0);
                }
            }
            case FIXED -> append(TypeTable.BYTES, address, reference.target(), reference.target(), depth, 0);
            case STRING, SLICE -> {
                int size = types.entry(reference.target()).size();
                int count = types.shown(record.getLong(at + WORD), size);
                if (count > 0) {
                    append(
                            reference.target(),
                            address,
                            (int) Math.min((long) count * size, Integer.MAX_VALUE),
                            count,
                            depth,
                            0);
                }
            }
            case MAP -> followMap(types.maps().get(reference.target()), address, depth);
            case INDIRECT ->
                append(
                        reference.target(),
                        address,
                        types.entry(reference.target()).size(),
                        1,
                        depth,
                        0);
            case EMPTY_INTERFACE -> followInterface(address, at, depth);
            case INTERFACE -> {
                int error = thread.read(address + WORD, record, end, WORD);
                if (error == 0) {
                    followInterface(record.getLong(end), at, depth);
                } else if (room()) {
                    header(RecordFormat.UNKNOWN_TYPE, error, 0, depth, 0);
                    end += RecordFormat.BLOCK_HEADER_BYTES;
                }
            }
        }
    }

    private void followInterface(long typeInProcess, int at, int depth) {
        long address = typeInProcess - bias;
        TracePlan.DynamicType dynamic = plan.dynamicTypes().get(address);
        if (dynamic == null) {
            append(RecordFormat.UNKNOWN_TYPE, 0, 0, 0, depth, address);
        } else if (dynamic.direct()) {
            if (room()) {
                header(dynamic.type(), WORD, 1, depth, address);
                record.putLong(end + RecordFormat.BLOCK_HEADER_BYTES, record.getLong(at + WORD));
                end += RecordFormat.BLOCK_HEADER_BYTES + WORD;
            }
        } else {
            append(
                    dynamic.type(),
                    record.getLong(at + WORD),
                    types.entry(dynamic.type()).size(),
                    1,
                    depth,
                    address);
        }
    }

    private void followMap(TypeTable.MapType map, long address, int depth) {
        if (!room()) {
            return;
        }
        int error = maps.copy(
                thread, map, address, plan.request().maxBytes(), record, end + RecordFormat.BLOCK_HEADER_BYTES);
        int bytes = maps.isRead() ? maps.count() * map.entryBytes() : 0;
        if (maps.isRead()) {
            header(map.entry(), bytes, maps.count(), depth, maps.length());
        } else {
            header(RecordFormat.UNKNOWN_TYPE, error, 0, depth, maps.length());
        }
        end += RecordFormat.BLOCK_HEADER_BYTES + CaptureLimits.padded(bytes);
    }

    private boolean room() {
        full |= end > RecordFormat.LAST_BLOCK_AT;
        return !full;
    }

    private void append(int type, long address, int size, int count, int depth, long dynamicType) {
        if (!room()) {
            return;
        }
        int bytes = Math.min(size, CaptureLimits.MAX_BLOCK_BYTES);
        int error = bytes == 0 ? 0 : thread.read(address, record, end + RecordFormat.BLOCK_HEADER_BYTES, bytes);
        header(type, error == 0 ? bytes : error, count, depth, dynamicType);
        end += RecordFormat.BLOCK_HEADER_BYTES + (error == 0 ? CaptureLimits.padded(bytes) : 0);
    }

    private void header(int type, int bytes, int count, int depth, long address) {
        record.putInt(end + RecordFormat.BLOCK_TYPE, type);
        record.putInt(end + RecordFormat.BLOCK_BYTES, bytes);
        record.putInt(end + RecordFormat.BLOCK_COUNT, count);
        record.putInt(end + RecordFormat.BLOCK_DEPTH, depth);
        record.putLong(end + RecordFormat.BLOCK_ADDRESS, address);
    }
}
