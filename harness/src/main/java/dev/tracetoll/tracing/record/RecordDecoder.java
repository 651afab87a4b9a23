package dev.tracetoll.tracing.record;

import dev.tracetoll.golang.GoType;
import dev.tracetoll.golang.Variable;
import dev.tracetoll.tracing.NamedValue;
import dev.tracetoll.tracing.Value;
import dev.tracetoll.tracing.plan.CaptureLimits;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.plan.TypeTable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Turns records into Go values. Reused; not thread-safe. */
final class RecordDecoder {

    private static final int WORD = Long.BYTES;
    private static final int NONE = -1;
    /** The one integer whose unit its type tells; of 64 bits in every version of Go. */
    private static final String DURATION = "time.Duration";

    /** What has no bytes takes no room in a record, and there can be any number of it: {@code [1 << 40]struct{}}. More is not shown. */
    private static final int MOST_WITHOUT_BYTES = 1 << 10;

    private final TracePlan plan;
    private final TypeTable types;

    @SuppressWarnings("NullAway.Init") // The one that is decoded.
    private ByteBuffer record;

    private boolean full;
    private long bias;
    /** Where in the record the references are that lead to a block, in ascending order, and the blocks they lead to. */
    private int[] references = new int[16];

    private int[] targets = new int[16];
    private int followed;
    private int withoutBytes;

    RecordDecoder(TracePlan plan) {
        this.plan = plan;
        this.types = plan.types();
    }

    /**
     * Decodes a record.
     *
     * @param record little-endian, the record at its position 0
     * @param why why a part is unreadable; null where it is not
     */
    List<NamedValue> decode(SitePlan site, ByteBuffer record, String[] why) {
        this.record = record;
        full = (record.getInt(RecordFormat.FLAGS) & RecordFormat.FLAG_FULL) != 0;
        bias = record.getLong(RecordFormat.ADDRESS) - site.site().address();
        index();
        int image = RecordFormat.HEADER_BYTES + RecordFormat.BLOCK_HEADER_BYTES;
        int end = image + site.size();
        List<NamedValue> values = new ArrayList<>(site.variables().size());
        int piece = 0;
        for (int i = 0; i < site.variables().size(); i++) {
            Variable variable = site.variables().get(i);
            Value value;
            if (site.offset(i) < 0) {
                value = new Value.Unreadable("too many arguments or results to capture them all");
            } else {
                String unreadable = null;
                for (int part = 0; part < variable.parts().size(); part++, piece++) {
                    unreadable = unreadable == null ? why[piece] : unreadable;
                }
                value = unreadable != null
                        ? new Value.Unreadable(unreadable)
                        : value(variable.type(), image + site.offset(i), end);
            }
            values.add(new NamedValue(variable.name(), variable.type().name(), value));
        }
        return values;
    }

    /** Walks as the writer did, to find out which block belongs to which reference. */
    private void index() {
        withoutBytes = 0;
        followed = 0;
        int end = record.getInt(RecordFormat.LENGTH);
        int block = RecordFormat.HEADER_BYTES;
        int next = block + blockBytes(block);
        while (block < end) {
            int bytes = record.getInt(block + RecordFormat.BLOCK_BYTES);
            int type = record.getInt(block + RecordFormat.BLOCK_TYPE);
            if (type != RecordFormat.UNKNOWN_TYPE && bytes > 0) {
                TypeTable.Entry entry = types.entry(type);
                int count = entry.references() == 0 ? 0 : record.getInt(block + RecordFormat.BLOCK_COUNT);
                for (int element = 0; element < count; element++) {
                    for (int i = 0; i < entry.references(); i++) {
                        TypeTable.Reference reference = types.references().get(entry.firstReference() + i);
                        int offset = element * entry.size() + reference.offset();
                        int at = block + RecordFormat.BLOCK_HEADER_BYTES + offset;
                        if (offset + WORD <= bytes && next < end && leads(reference, block, at)) {
                            remember(at, next);
                            next += blockBytes(next);
                        }
                    }
                }
            }
            block += blockBytes(block);
        }
    }

    private int blockBytes(int block) {
        return RecordFormat.BLOCK_HEADER_BYTES
                + CaptureLimits.padded(Math.max(0, record.getInt(block + RecordFormat.BLOCK_BYTES)));
    }

    private boolean leads(TypeTable.Reference reference, int block, int at) {
        if (record.getLong(at) == 0) {
            return false;
        }
        return switch (reference.kind()) {
            case POINTER -> record.getInt(block + RecordFormat.BLOCK_DEPTH) > 0;
            case STRING, SLICE ->
                types.shown(
                                record.getLong(at + WORD),
                                types.entry(reference.target()).size())
                        > 0;
            case FIXED, INTERFACE, EMPTY_INTERFACE, MAP, INDIRECT -> true;
        };
    }

    private void remember(int at, int block) {
        if (followed == references.length) {
            references = Arrays.copyOf(references, 2 * followed);
            targets = Arrays.copyOf(targets, 2 * followed);
        }
        references[followed] = at;
        targets[followed++] = block;
    }

    private int blockOf(int at) {
        int found = Arrays.binarySearch(references, 0, followed, at);
        return found < 0 ? NONE : targets[found];
    }

    private Value value(GoType type, int at, int end) {
        if (type instanceof GoType.Unknown unknown) {
            return new Value.Unreadable(unknown.why());
        }
        if (type.size() == 0 && withoutBytes++ >= MOST_WITHOUT_BYTES) {
            return new Value.Unreadable("too many values without bytes to show them all");
        }
        // Arrays and structs are looked at piece by piece: the front of a large one may have been captured.
        if (type instanceof GoType.Array array) {
            return array(array, at, end);
        }
        if (type instanceof GoType.Struct struct) {
            List<Value.Field> fields = new ArrayList<>(struct.fields().size());
            for (GoType.Field field : struct.fields()) {
                if (!field.name().equals("_")) {
                    fields.add(new Value.Field(field.name(), value(field.type(), at + field.offset(), end)));
                }
            }
            return new Value.Struct(fields);
        }
        if (at + type.size() > end) {
            return beyond();
        }
        if (type instanceof GoType.Basic basic) {
            return basic(basic, at);
        }
        if (type instanceof GoType.Text) {
            return text(at);
        }
        if (type instanceof GoType.Slice slice) {
            return slice(slice, at);
        }
        if (type instanceof GoType.Interface) {
            return dynamic(at);
        }
        long address = record.getLong(at);
        if (address == 0) {
            return new Value.Nil();
        }
        if (type instanceof GoType.Pointer pointer) {
            return new Value.Pointer(address, pointer.element().flatMap(element -> pointee(element.get(), at)));
        }
        int block = blockOf(at);
        if (block == NONE) {
            return missing();
        }
        int head = block + RecordFormat.BLOCK_HEADER_BYTES;
        if (record.getInt(block + RecordFormat.BLOCK_BYTES) < 0) {
            return failed(block);
        }
        if (type instanceof GoType.GoMap map) {
            return types.mapType(map)
                    .map(known -> map(known, block))
                    .orElseGet(() -> map(record.getLong(head), Optional.empty()));
        }
        if (type instanceof GoType.Indirect indirect) {
            return value(indirect.element().get(), head, head + record.getInt(block + RecordFormat.BLOCK_BYTES));
        }
        if (type instanceof GoType.Channel) {
            return new Value.Channel(record.getLong(head), record.getLong(head + WORD));
        }
        long code = record.getLong(head) - bias;
        return plan.request()
                .types()
                .functionAt(code)
                .<Value>map(Value.Func::new)
                .orElseGet(() -> new Value.Unreadable("no function is known at 0x" + Long.toHexString(code)));
    }

    private Value map(TypeTable.MapType type, int block) {
        long length = record.getLong(block + RecordFormat.BLOCK_ADDRESS);
        if (record.getInt(block + RecordFormat.BLOCK_TYPE) == RecordFormat.UNKNOWN_TYPE) {
            return map(length, Optional.empty());
        }
        GoType entry = types.entry(type.entry()).type();
        int count = record.getInt(block + RecordFormat.BLOCK_COUNT);
        List<Value.Entry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int at = block + RecordFormat.BLOCK_HEADER_BYTES + i * type.entryBytes();
            List<Value.Field> fields = ((Value.Struct) value(entry, at, at + type.entryBytes())).fields();
            entries.add(new Value.Entry(fields.get(0).value(), fields.get(1).value()));
        }
        return map(length, Optional.of(entries));
    }

    private static Value map(long length, Optional<List<Value.Entry>> entries) {
        return length < 0 ? new Value.Unreadable("its length is " + length) : new Value.GoMap(length, entries);
    }

    private Value basic(GoType.Basic type, int at) {
        return switch (type.kind()) {
            case BOOL ->
                switch (record.get(at)) {
                    case 0 -> new Value.Bool(false);
                    case 1 -> new Value.Bool(true);
                    default -> new Value.Unreadable("the byte of this bool is " + (record.get(at) & 0xff));
                };
            case INT ->
                type.name().equals(DURATION)
                        ? new Value.Duration(record.getLong(at))
                        : new Value.Signed(integer(at, type.size()));
            case UINT -> new Value.Unsigned(integer(at, type.size()) & -1L >>> Long.SIZE - Byte.SIZE * type.size());
            case FLOAT -> floating(at, type.size());
            case COMPLEX ->
                new Value.Complex(floating(at, type.size() / 2), floating(at + type.size() / 2, type.size() / 2));
        };
    }

    private long integer(int at, int size) {
        return switch (size) {
            case 1 -> record.get(at);
            case 2 -> record.getShort(at);
            case 4 -> record.getInt(at);
            default -> record.getLong(at);
        };
    }

    private Value floating(int at, int size) {
        return size == Float.BYTES ? new Value.Float32(record.getFloat(at)) : new Value.Float64(record.getDouble(at));
    }

    private Value text(int at) {
        long length = record.getLong(at + WORD);
        if (length < 0) {
            return new Value.Unreadable("its length is " + length);
        }
        return length == 0 || types.shown(length, 1) == 0 ? new Value.Text(new byte[0], length) : bytes(at, length);
    }

    private Value bytes(int at, long length) {
        int block = blockOf(at);
        if (block == NONE) {
            return missing();
        }
        int captured = record.getInt(block + RecordFormat.BLOCK_BYTES);
        if (captured < 0) {
            return failed(block);
        }
        byte[] bytes = new byte[captured];
        record.get(block + RecordFormat.BLOCK_HEADER_BYTES, bytes);
        return new Value.Text(bytes, length);
    }

    private Value slice(GoType.Slice type, int at) {
        long address = record.getLong(at);
        long length = record.getLong(at + WORD);
        if (length < 0) {
            return new Value.Unreadable("its length is " + length);
        }
        if (address == 0) {
            return new Value.Nil();
        }
        GoType element = type.element().get();
        if (isByte(element)) {
            return text(at);
        }
        int count = types.shown(length, element.size());
        if (count == 0) {
            return new Value.Elements(List.of(), length);
        }
        int block = blockOf(at);
        if (block == NONE) {
            return missing();
        }
        int bytes = record.getInt(block + RecordFormat.BLOCK_BYTES);
        if (bytes < 0) {
            return failed(block);
        }
        return elements(element, count, length, block + RecordFormat.BLOCK_HEADER_BYTES, bytes);
    }

    private Value elements(GoType element, int count, long length, int from, int bytes) {
        int shown = element.size() == 0 ? Math.min(count, MOST_WITHOUT_BYTES) : count;
        List<Value> elements = new ArrayList<>(shown);
        for (int i = 0; i < shown; i++) {
            elements.add(value(element, from + i * element.size(), from + bytes));
        }
        return new Value.Elements(elements, length);
    }

    private Value array(GoType.Array type, int at, int end) {
        int count = types.shown(type.length(), type.element().size());
        if (!isByte(type.element())) {
            return elements(type.element(), count, type.length(), at, Math.max(0, end - at));
        }
        int captured = Math.min(count, Math.max(0, end - at));
        if (captured == 0 && count > 0) {
            return beyond();
        }
        byte[] bytes = new byte[captured];
        if (captured > 0) {
            record.get(at, bytes);
        }
        return new Value.Text(bytes, type.length());
    }

    private static boolean isByte(GoType type) {
        return type instanceof GoType.Basic basic && basic.kind() == GoType.BasicKind.UINT && basic.size() == 1;
    }

    private Optional<Value> pointee(GoType element, int at) {
        int block = blockOf(at);
        if (block == NONE) {
            // Either deeper than asked for, or there was no room.
            return full ? Optional.of(missing()) : Optional.empty();
        }
        int bytes = record.getInt(block + RecordFormat.BLOCK_BYTES);
        int from = block + RecordFormat.BLOCK_HEADER_BYTES;
        return Optional.of(bytes < 0 ? failed(block) : value(element, from, from + bytes));
    }

    private Value dynamic(int at) {
        if (record.getLong(at) == 0) {
            return new Value.Nil();
        }
        Value value = notNil(at);
        return value instanceof Value.Unreadable unreadable ? new Value.Unreadable(unreadable.why(), true) : value;
    }

    private Value notNil(int at) {
        int block = blockOf(at);
        if (block == NONE) {
            return missing();
        }
        int bytes = record.getInt(block + RecordFormat.BLOCK_BYTES);
        int type = record.getInt(block + RecordFormat.BLOCK_TYPE);
        long description = record.getLong(block + RecordFormat.BLOCK_ADDRESS);
        if (type == RecordFormat.UNKNOWN_TYPE) {
            return bytes < 0
                    ? failed(block)
                    : new Value.Unreadable("the program's file does not describe its dynamic type, at 0x"
                            + Long.toHexString(description));
        }
        GoType dynamic = types.entry(type).type();
        int from = block + RecordFormat.BLOCK_HEADER_BYTES;
        return new Value.Interface(dynamic.name(), bytes < 0 ? failed(block) : value(dynamic, from, from + bytes));
    }

    private static Value beyond() {
        return new Value.Unreadable(
                "it lies beyond the " + CaptureLimits.MAX_BLOCK_BYTES + " bytes that are captured of a value");
    }

    private Value missing() {
        return new Value.Unreadable(full ? "the record was full" : "it was not captured");
    }

    private Value failed(int block) {
        int error = -record.getInt(block + RecordFormat.BLOCK_BYTES);
        return error == -RecordFormat.NOT_FOLLOWED
                ? new Value.Unreadable("this technique does not follow what leads to it")
                : new Value.Unreadable("its memory cannot be read (error " + error + ")");
    }
}
