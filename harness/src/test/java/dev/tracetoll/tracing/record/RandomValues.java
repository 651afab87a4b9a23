package dev.tracetoll.tracing.record;

import dev.tracetoll.golang.GoType;
import dev.tracetoll.golang.GoType.BasicKind;
import dev.tracetoll.golang.MadeTypes;
import dev.tracetoll.golang.MapLayout;
import dev.tracetoll.golang.ProgramTypes;
import dev.tracetoll.golang.TypeRef;
import dev.tracetoll.tracing.Value;
import dev.tracetoll.tracing.plan.TracePlan;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Random Go types; values of them, in a thread's memory; and what a trace has to say of each. */
public final class RandomValues {

    /** What a trace says of a value where so many pointers are still followed. */
    public interface Seen {
        Value at(int depth);
    }

    /**
     * A value.
     *
     * @param image its own bytes
     */
    public record Made(ByteBuffer image, Seen seen) {}

    private static final int WORD = Long.BYTES;
    private static final long FIRST_TYPE = 0x500000;
    private static final long TYPE_BYTES = 0x40;
    private static final long FUNCTION = 0x402000;
    private static final int FUNCTION_BYTES = 0x20;
    private static final byte EMPTY = (byte) 0x80;
    private static final byte DELETED = (byte) 0xfe;
    private static final Value.Unreadable CANNOT_BE_READ = new Value.Unreadable("its memory cannot be read (error 14)");

    private final Random random;
    private final Memory memory;
    private final int maxBytes;
    private final long bias;
    private int mostElements = 4;
    private final List<GoType> dynamicTypes = new ArrayList<>();
    private int names;

    /**
     * @param maxBytes how much of any value is shown
     * @param bias what the program was moved by
     */
    public RandomValues(Random random, Memory memory, int maxBytes, long bias) {
        this.random = random;
        this.memory = memory;
        this.maxBytes = maxBytes;
        this.bias = bias;
        for (int i = 0; i < 4; i++) {
            dynamicTypes.add(type(2));
        }
        dynamicTypes.add(pointerTo(new GoType.Basic("int", BasicKind.INT, WORD)));
    }

    /** Makes slices that long. */
    public RandomValues mostElements(int most) {
        mostElements = most;
        return this;
    }

    /** What the program's file says; to be asked before values are made. */
    public ProgramTypes program() {
        Map<Long, TypeRef> types = new HashMap<>();
        for (GoType type : dynamicTypes) {
            types.put(FIRST_TYPE + types.size() * TYPE_BYTES, MadeTypes.to(() -> type));
        }
        return MadeTypes.program(types, Map.of(FUNCTION, "main.callee"), FUNCTION_BYTES);
    }

    private boolean rarely() {
        return random.nextInt(12) == 0;
    }

    private String name() {
        return "main.T" + names++;
    }

    private GoType.Pointer pointerTo(GoType element) {
        return new GoType.Pointer("*" + element.name(), Optional.of(MadeTypes.to(() -> element)));
    }

    /**
     * Makes up a type.
     *
     * @param nested how many types may be within each other
     */
    public GoType type(int nested) {
        return switch (random.nextInt(nested > 0 ? 14 : 7)) {
            case 0, 1, 2 -> basic();
            case 3, 4 -> new GoType.Text("string");
            case 5 -> random.nextBoolean() ? new GoType.Channel("chan int") : new GoType.Func("func()");
            case 6 ->
                rarely()
                        ? new GoType.Unknown(name(), WORD, "it is not described")
                        : new GoType.Interface("any", random.nextBoolean());
            case 7, 8 -> struct(nested - 1);
            case 9 -> array(type(nested - 1), random.nextInt(5));
            case 10 -> slice(type(nested - 1));
            case 11 -> rarely() ? new GoType.Pointer("unsafe.Pointer", Optional.empty()) : pointerTo(type(nested - 1));
            case 12 -> list();
            default -> map(nested - 1);
        };
    }

    public GoType.Basic basic() {
        return switch (random.nextInt(8)) {
            case 0 -> new GoType.Basic("bool", BasicKind.BOOL, 1);
            case 1 -> new GoType.Basic("time.Duration", BasicKind.INT, WORD);
            case 2 -> new GoType.Basic("float", BasicKind.FLOAT, 4 << random.nextInt(2));
            case 3 -> new GoType.Basic("complex", BasicKind.COMPLEX, 8 << random.nextInt(2));
            case 4, 5 -> new GoType.Basic("int", BasicKind.INT, 1 << random.nextInt(4));
            default -> new GoType.Basic("uint", BasicKind.UINT, 1 << random.nextInt(4));
        };
    }

    public static GoType.Array array(GoType element, int length) {
        return new GoType.Array("[]" + element.name(), element, length, length * element.size());
    }

    public static GoType.Slice slice(GoType element) {
        return new GoType.Slice("[]" + element.name(), MadeTypes.to(() -> element));
    }

    private GoType.Struct struct(int nested) {
        List<GoType> types = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            types.add(type(nested));
        }
        return struct(types);
    }

    private GoType.Struct struct(List<GoType> types) {
        List<GoType.Field> fields = new ArrayList<>();
        int align = 1;
        int end = 0;
        for (GoType type : types) {
            int at = aligned(end, type.align());
            fields.add(new GoType.Field(rarely() ? "_" : "f" + fields.size(), type, at));
            align = Math.max(align, type.align());
            end = at + type.size();
        }
        return new GoType.Struct(name(), fields, aligned(end, align));
    }

    private static int aligned(int at, int align) {
        return (at + align - 1) / align * align;
    }

    /** A struct that has a pointer to one like itself. */
    private GoType.Struct list() {
        String name = name();
        GoType.Struct[] list = new GoType.Struct[1];
        GoType.Pointer next = new GoType.Pointer("*" + name, Optional.of(MadeTypes.to(() -> list[0])));
        list[0] = new GoType.Struct(
                name, List.of(new GoType.Field("next", next, 0), new GoType.Field("value", basic(), WORD)), 3 * WORD);
        return list[0];
    }

    private GoType.GoMap map(int nested) {
        if (rarely()) {
            return new GoType.GoMap("map[int]int", Optional.empty());
        }
        GoType key = new GoType.Text("string");
        GoType value = random.nextInt(4) > 0 ? type(nested) : array(basic(), 40);
        if (value.size() > MapLayout.LARGEST_DIRECT) {
            GoType large = value;
            value = new GoType.Indirect(MadeTypes.to(() -> large));
        }
        int valueAt = key.size();
        int bytes = aligned(valueAt + value.size(), WORD);
        GoType.Struct entry = new GoType.Struct(
                "", List.of(new GoType.Field("key", key, 0), new GoType.Field("elem", value, valueAt)), bytes);
        MapLayout.Group group = new MapLayout.Group(
                WORD + MapLayout.SLOTS * bytes,
                0,
                new MapLayout.Slots(WORD, bytes),
                new MapLayout.Slots(WORD + valueAt, bytes),
                MapLayout.Group.NO_OVERFLOW);
        MapLayout layout =
                new MapLayout(new MapLayout.Swiss(48, 0, 16, 24, 34, 16, 24), group, MadeTypes.to(() -> entry));
        return new GoType.GoMap("map[string]" + value.name(), Optional.of(layout));
    }

    /**
     * Makes a value.
     *
     * @param references how many references there may be one behind the other
     */
    public Made make(GoType type, int references) {
        ByteBuffer image = Memory.buffer(type.size());
        return new Made(image, write(type, image, 0, references));
    }

    private Seen write(GoType type, ByteBuffer image, int at, int references) {
        if (type instanceof GoType.Unknown unknown) {
            return depth -> new Value.Unreadable(unknown.why());
        }
        if (type instanceof GoType.Basic basic) {
            return basic(basic, image, at);
        }
        if (type instanceof GoType.Struct struct) {
            List<GoType.Field> fields = new ArrayList<>();
            List<Seen> seen = new ArrayList<>();
            for (GoType.Field field : struct.fields()) {
                Seen value = write(field.type(), image, at + field.offset(), references);
                if (!field.name().equals("_")) {
                    fields.add(field);
                    seen.add(value);
                }
            }
            return depth -> {
                List<Value.Field> values = new ArrayList<>();
                for (int i = 0; i < fields.size(); i++) {
                    values.add(new Value.Field(fields.get(i).name(), seen.get(i).at(depth)));
                }
                return new Value.Struct(values);
            };
        }
        if (type instanceof GoType.Array array) {
            return elements(array.element(), array.length(), array.length(), image, at, references);
        }
        if (rarely() || references == 0) {
            return depth -> type instanceof GoType.Text ? new Value.Text(new byte[0], 0) : new Value.Nil();
        }
        if (type instanceof GoType.Text) {
            return text(image, at, random.nextInt(2 * maxBytes + 2 * WORD), false);
        }
        if (type instanceof GoType.Slice slice) {
            return slice(slice.element().get(), image, at, references - 1);
        }
        if (type instanceof GoType.Interface any) {
            return dynamic(any, image, at, references - 1);
        }
        if (rarely()) {
            long hole = memory.hole();
            image.putLong(at, hole);
            return depth -> unreadable(type, hole, depth);
        }
        if (type instanceof GoType.Pointer pointer) {
            return pointee(pointer, image, at, references - 1);
        }
        if (type instanceof GoType.Indirect indirect) {
            Made made = make(indirect.element().get(), references - 1);
            image.putLong(at, memory.place(made.image));
            return made.seen;
        }
        if (type instanceof GoType.GoMap map) {
            return map.layout()
                    .map(layout -> entries(layout, image, at, references - 1))
                    .orElseGet(() -> head(image, at, 1));
        }
        if (type instanceof GoType.Channel) {
            return head(image, at, 2);
        }
        long code = rarely() ? 0x300000 : FUNCTION + random.nextInt(FUNCTION_BYTES);
        image.putLong(at, memory.place(Memory.buffer(WORD).putLong(0, code + bias)));
        return depth -> code < FUNCTION
                ? new Value.Unreadable("no function is known at 0x300000")
                : new Value.Func("main.callee");
    }

    /** Of what a word refers to nothing can be read. */
    private static Value unreadable(GoType type, long address, int depth) {
        if (!(type instanceof GoType.Pointer pointer)) {
            return type instanceof GoType.Indirect indirect
                    ? unread(indirect.element().get())
                    : CANNOT_BE_READ;
        }
        return new Value.Pointer(
                address, depth == 0 ? Optional.empty() : pointer.element().map(element -> unread(element.get())));
    }

    /** What has no bytes need not be read. */
    private static Value unread(GoType type) {
        if (type.size() > 0) {
            return CANNOT_BE_READ;
        }
        return type instanceof GoType.Struct struct
                ? new Value.Struct(struct.fields().stream()
                        .filter(field -> !field.name().equals("_"))
                        .map(field -> new Value.Field(field.name(), unread(field.type())))
                        .toList())
                : new Value.Elements(
                        Collections.nCopies(((GoType.Array) type).length(), unread(((GoType.Array) type).element())),
                        ((GoType.Array) type).length());
    }

    private Seen basic(GoType.Basic type, ByteBuffer image, int at) {
        byte[] bytes = new byte[type.size()];
        random.nextBytes(bytes);
        if (type.kind() == BasicKind.BOOL && !rarely()) {
            bytes[0] &= 1;
        }
        image.put(at, bytes);
        byte[] high = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            high[i] = bytes[bytes.length - 1 - i];
        }
        Value value =
                switch (type.kind()) {
                    case BOOL ->
                        bytes[0] == 0 || bytes[0] == 1
                                ? new Value.Bool(bytes[0] == 1)
                                : new Value.Unreadable("the byte of this bool is " + (bytes[0] & 0xff));
                    case INT -> {
                        long number = new BigInteger(high).longValue();
                        yield type.name().equals("time.Duration")
                                ? new Value.Duration(number)
                                : new Value.Signed(number);
                    }
                    case UINT -> new Value.Unsigned(new BigInteger(1, high).longValue());
                    case FLOAT -> floating(image, at, type.size());
                    case COMPLEX ->
                        new Value.Complex(
                                floating(image, at, type.size() / 2),
                                floating(image, at + type.size() / 2, type.size() / 2));
                };
        return depth -> value;
    }

    private static Value floating(ByteBuffer image, int at, int size) {
        return size == Float.BYTES ? new Value.Float32(image.getFloat(at)) : new Value.Float64(image.getDouble(at));
    }

    private int shown(long length, int elementBytes) {
        return (int) Math.min(
                length,
                elementBytes == 0 ? length : elementBytes == 1 ? maxBytes : Math.max(1, maxBytes / elementBytes));
    }

    /** A string or []byte; of a long one there is no more in memory than is shown. */
    private Seen text(ByteBuffer image, int at, int usual, boolean slice) {
        long length = rarely() ? -1 - random.nextInt(9) : rarely() ? Long.MAX_VALUE - random.nextInt(9) : usual;
        byte[] bytes = new byte[(int) Math.max(0, Math.min(maxBytes, length))];
        random.nextBytes(bytes);
        boolean missing = rarely();
        boolean readable = !rarely();
        ByteBuffer placed = Memory.buffer(bytes.length + random.nextInt(3)).put(0, bytes);
        image.putLong(at, missing ? 0 : readable ? memory.place(placed) : memory.hole());
        image.putLong(at + WORD, length);
        return depth -> {
            if (length < 0) {
                return new Value.Unreadable("its length is " + length);
            }
            if (slice && missing) {
                return new Value.Nil();
            }
            return bytes.length > 0 && missing
                    ? new Value.Unreadable("it was not captured")
                    : bytes.length > 0 && !readable ? CANNOT_BE_READ : new Value.Text(bytes, length);
        };
    }

    private static boolean isByte(GoType type) {
        return type instanceof GoType.Basic basic && basic.kind() == BasicKind.UINT && basic.size() == 1;
    }

    private Seen slice(GoType element, ByteBuffer image, int at, int references) {
        if (isByte(element)) {
            return text(image, at, random.nextInt(2 * maxBytes + 2 * WORD), true);
        }
        int length = random.nextInt(mostElements + 1);
        int shown = shown(length, element.size());
        ByteBuffer elements = Memory.buffer(shown * element.size());
        Seen seen = elements(element, shown, length, elements, 0, references);
        boolean readable = !rarely();
        image.putLong(at, readable ? memory.place(elements) : memory.hole());
        image.putLong(at + WORD, length);
        image.putLong(at + 2 * WORD, length);
        return depth -> readable || elements.capacity() == 0 ? seen.at(depth) : CANNOT_BE_READ;
    }

    private Seen elements(GoType element, int there, long length, ByteBuffer image, int at, int references) {
        List<Seen> seen = new ArrayList<>();
        for (int i = 0; i < there; i++) {
            seen.add(write(element, image, at + i * element.size(), references));
        }
        int shown = shown(there, element.size());
        if (isByte(element)) {
            byte[] bytes = new byte[shown];
            image.get(at, bytes);
            return depth -> new Value.Text(bytes, length);
        }
        return depth -> new Value.Elements(
                seen.subList(0, shown).stream().map(each -> each.at(depth)).toList(), length);
    }

    private Seen pointee(GoType.Pointer type, ByteBuffer image, int at, int references) {
        Optional<Made> made = type.element().map(element -> make(element.get(), references));
        long address = made.map(each -> memory.place(each.image)).orElseGet(memory::hole);
        image.putLong(at, address);
        return depth ->
                new Value.Pointer(address, depth == 0 ? Optional.empty() : made.map(each -> each.seen.at(depth - 1)));
    }

    private Seen dynamic(GoType.Interface type, ByteBuffer image, int at, int references) {
        int index = random.nextInt(dynamicTypes.size());
        long description = rarely() ? FIRST_TYPE - TYPE_BYTES : FIRST_TYPE + index * TYPE_BYTES;
        boolean hasTable = !rarely();
        if (!type.hasMethods()) {
            image.putLong(at, description + bias);
        } else {
            image.putLong(
                    at,
                    hasTable ? memory.place(Memory.buffer(2 * WORD).putLong(WORD, description + bias)) : memory.hole());
        }
        GoType dynamic = dynamicTypes.get(index);
        Made made = make(dynamic, references);
        boolean readable = !rarely();
        boolean direct = isDirect(dynamic);
        image.putLong(at + WORD, direct ? made.image.getLong(0) : readable ? memory.place(made.image) : memory.hole());
        return depth -> {
            // That it is not nil is seen in its first word.
            if (type.hasMethods() && !hasTable) {
                return new Value.Unreadable(CANNOT_BE_READ.why(), true);
            }
            if (description < FIRST_TYPE) {
                return new Value.Unreadable(
                        "the program's file does not describe its dynamic type, at 0x" + Long.toHexString(description),
                        true);
            }
            return new Value.Interface(
                    dynamic.name(), direct || readable || dynamic.size() == 0 ? made.seen.at(depth) : CANNOT_BE_READ);
        };
    }

    /** Whether it is one pointer, however wrapped. */
    private static boolean isDirect(GoType type) {
        if (type instanceof GoType.Struct struct) {
            return struct.fields().size() == 1
                    && isDirect(struct.fields().get(0).type());
        }
        if (type instanceof GoType.Array array) {
            return array.length() == 1 && isDirect(array.element());
        }
        return type instanceof GoType.Pointer
                || type instanceof GoType.GoMap
                || type instanceof GoType.Channel
                || type instanceof GoType.Func;
    }

    private Seen head(ByteBuffer image, int at, int words) {
        long length = random.nextInt(100);
        ByteBuffer head = Memory.buffer(words * WORD).putLong(0, length);
        if (words == 1) {
            image.putLong(at, memory.place(head));
            return depth -> new Value.GoMap(length, Optional.empty());
        }
        image.putLong(at, memory.place(head.putLong(WORD, length + 1)));
        return depth -> new Value.Channel(length, length + 1);
    }

    /** A map of one group. */
    private Seen entries(MapLayout layout, ByteBuffer image, int at, int references) {
        MapLayout.Group group = layout.group();
        GoType.Struct entry = (GoType.Struct) layout.entry().get();
        ByteBuffer slots = Memory.buffer(group.bytes());
        List<Seen> seen = new ArrayList<>();
        for (int slot = 0; slot < MapLayout.SLOTS; slot++) {
            int state = random.nextInt(4);
            slots.put(slot, state == 0 ? random.nextBoolean() ? EMPTY : DELETED : (byte) random.nextInt(0x80));
            if (state != 0) {
                seen.add(write(
                        entry,
                        slots,
                        group.keys().offset() + slot * group.keys().stride(),
                        references));
            }
        }
        MapLayout.Swiss swiss = (MapLayout.Swiss) layout.header();
        boolean beingWritten = rarely();
        boolean readable = !rarely();
        ByteBuffer header = Memory.buffer(swiss.bytes())
                .putLong(swiss.length(), seen.size())
                .putLong(swiss.directory(), readable ? memory.place(slots) : memory.hole())
                .put(swiss.writing(), (byte) (beingWritten ? 1 : 0));
        image.putLong(at, memory.place(header));
        int shown = shown(seen.size(), entry.size());
        return depth -> new Value.GoMap(
                seen.size(),
                beingWritten || !readable && !seen.isEmpty()
                        ? Optional.empty()
                        : Optional.of(seen.subList(0, shown).stream()
                                .map(each -> ((Value.Struct) each.at(depth)).fields())
                                .map(fields -> new Value.Entry(
                                        fields.get(0).value(), fields.get(1).value()))
                                .toList()));
    }

    /** Whether a plan takes a dynamic type for what it is here. */
    boolean agreesWith(TracePlan plan) {
        return plan.dynamicTypes().entrySet().stream()
                .allMatch(each -> each.getValue().direct()
                        == isDirect(dynamicTypes.get((int) ((each.getKey() - FIRST_TYPE) / TYPE_BYTES))));
    }
}
