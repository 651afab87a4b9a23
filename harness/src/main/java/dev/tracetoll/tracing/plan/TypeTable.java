package dev.tracetoll.tracing.plan;

import dev.tracetoll.golang.GoType;
import dev.tracetoll.golang.MapLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The types of captured values, compiled to what is needed to follow them: for each type where in a value its references are, and what they
 * refer to. Structs and arrays are flattened.
 */
public final class TypeTable {

    /** Kinds of references. */
    public enum Kind {
        /** A pointer, followed as deep as was asked for. */
        POINTER,
        /** A pointer to a number of bytes that are always read: the head of a map, a channel or a closure. */
        FIXED,
        /** Pointer and length, in bytes. */
        STRING,
        /** Pointer and length, in elements. */
        SLICE,
        /** An itab, whose second word is the dynamic type, and a data word. */
        INTERFACE,
        /** A dynamic type and a data word. */
        EMPTY_INTERFACE,
        /** A pointer to the head of a map, whose entries are always read. */
        MAP,
        /** A pointer that is always followed, and is none of the program's own. */
        INDIRECT
    }

    /**
     * A reference inside of a value.
     *
     * @param offset of its first word in the value
     * @param target the type it refers to; of a {@link Kind#FIXED} one the number of bytes, of a {@link Kind#MAP} its index in
     *     {@link #maps()}; 0 of interfaces
     */
    public record Reference(int offset, Kind kind, int target) {}

    /**
     * A compiled type.
     *
     * @param size of a value, in bytes
     * @param firstReference index of its first reference in {@link #references()}; they are in the order of their offsets
     * @param references how many it has
     */
    public record Entry(GoType type, int size, int firstReference, int references) {}

    /**
     * A compiled type of maps. A block of entries has for each the key at 0 and the value at {@code valueOffset}.
     *
     * @param entry the type of an entry
     * @param entryBytes the size of one
     */
    public record MapType(MapLayout layout, int entry, int entryBytes, int keyBytes, int valueBytes, int valueOffset) {}

    /** The type of which strings and fixed blocks are made. */
    public static final int BYTES = 0;

    static final int MAP_HEAD = 8;
    static final int CHANNEL_HEAD = 16;
    static final int CLOSURE_HEAD = 8;

    /** Of more references than this in one value the rest is not followed. */
    private static final int MAX_REFERENCES = 256;
    /** Of more fields and elements than this within one value the rest is not followed: structs of structs grow beyond bounds quickly. */
    private static final int MAX_PARTS = 1 << 16;

    private final int maxBytes;
    private final Map<GoType, Integer> ids = new IdentityHashMap<>();
    private final List<Entry> entries = new ArrayList<>();
    private final List<Reference> references = new ArrayList<>();
    private final Map<GoType.GoMap, Optional<Integer>> mapIds = new IdentityHashMap<>();
    private final List<MapType> maps = new ArrayList<>();
    private final Deque<GoType> toCompile = new ArrayDeque<>();
    private boolean interfaces;
    /** Parts of the value at hand that were looked at. */
    private int parts;

    TypeTable(int maxBytes) {
        this.maxBytes = maxBytes;
        GoType bytes = new GoType.Basic("uint8", GoType.BasicKind.UINT, 1);
        ids.put(bytes, BYTES);
        entries.add(new Entry(bytes, 1, 0, 0));
    }

    /** Compiles a type and all that can be reached from it without knowing dynamic types; returns its id. */
    int add(GoType type) {
        int id = id(type);
        while (!toCompile.isEmpty()) {
            GoType next = toCompile.pop();
            int first = references.size();
            List<Reference> own = new ArrayList<>();
            parts = 0;
            collect(next, 0, own);
            references.addAll(own.subList(0, Math.min(MAX_REFERENCES, own.size())));
            entries.set(id(next), new Entry(next, next.size(), first, references.size() - first));
        }
        return id;
    }

    private int id(GoType type) {
        Integer known = ids.get(type);
        if (known != null) {
            return known;
        }
        int id = entries.size();
        ids.put(type, id);
        entries.add(null);
        toCompile.push(type);
        return id;
    }

    /** What has no bytes has no references either, be it an array of a billion elements. */
    private void collect(GoType type, int offset, List<Reference> into) {
        if (type.size() == 0 || parts++ >= MAX_PARTS || into.size() >= MAX_REFERENCES) {
            return;
        }
        if (type instanceof GoType.Text) {
            into.add(new Reference(offset, Kind.STRING, BYTES));
        } else if (type instanceof GoType.Slice slice) {
            into.add(new Reference(offset, Kind.SLICE, id(slice.element().get())));
        } else if (type instanceof GoType.Pointer pointer) {
            pointer.element().ifPresent(element -> into.add(new Reference(offset, Kind.POINTER, id(element.get()))));
        } else if (type instanceof GoType.GoMap map) {
            into.add(mapId(map)
                    .map(id -> new Reference(offset, Kind.MAP, id))
                    .orElse(new Reference(offset, Kind.FIXED, MAP_HEAD)));
        } else if (type instanceof GoType.Indirect indirect) {
            into.add(new Reference(offset, Kind.INDIRECT, id(indirect.element().get())));
        } else if (type instanceof GoType.Channel) {
            into.add(new Reference(offset, Kind.FIXED, CHANNEL_HEAD));
        } else if (type instanceof GoType.Func) {
            into.add(new Reference(offset, Kind.FIXED, CLOSURE_HEAD));
        } else if (type instanceof GoType.Interface any) {
            interfaces = true;
            into.add(new Reference(offset, any.hasMethods() ? Kind.INTERFACE : Kind.EMPTY_INTERFACE, BYTES));
        } else if (type instanceof GoType.Struct struct) {
            struct.fields().stream()
                    .filter(field -> !field.name().equals("_"))
                    .forEach(field -> collect(field.type(), offset + field.offset(), into));
        } else if (type instanceof GoType.Array array) {
            int elements = Math.min(
                    MAX_REFERENCES, shown(array.length(), array.element().size()));
            int before = into.size();
            for (int i = 0; i < elements && (i == 0 || into.size() > before); i++) {
                collect(array.element(), offset + i * array.element().size(), into);
            }
        }
    }

    /** Empty where the entries cannot be found: the layout is not known, or is not what tracers can read. */
    private Optional<Integer> mapId(GoType.GoMap map) {
        Optional<Integer> known = mapIds.get(map);
        if (known == null) {
            known = map.layout().flatMap(this::compile).map(compiled -> {
                maps.add(compiled);
                return maps.size() - 1;
            });
            mapIds.put(map, known);
        }
        return known;
    }

    private Optional<MapType> compile(MapLayout layout) {
        GoType.Struct entry = (GoType.Struct) layout.entry().get();
        GoType.Field key = entry.fields().get(0);
        GoType.Field value = entry.fields().get(1);
        return layout.header().bytes() <= CaptureLimits.MAX_MAP_HEADER_BYTES
                        && fits(key.type(), layout.group().keys())
                        && fits(value.type(), layout.group().values())
                ? Optional.of(new MapType(
                        layout,
                        id(entry),
                        entry.size(),
                        key.type().size(),
                        value.type().size(),
                        value.offset()))
                : Optional.empty();
    }

    private static boolean fits(GoType type, MapLayout.Slots slots) {
        return type.size() <= Math.min(MapLayout.LARGEST_DIRECT, slots.stride());
    }

    /** The compiled type of a map; empty where its entries are not read. */
    public Optional<MapType> mapType(GoType.GoMap map) {
        return mapIds.getOrDefault(map, Optional.empty()).map(maps::get);
    }

    /** How many elements of a slice or array are captured. */
    public int shown(long length, int elementSize) {
        return shown(length, elementSize, maxBytes);
    }

    /** How many elements of a slice or array are captured: as many as fit into {@code maxBytes}, but one at least. */
    public static int shown(long length, int elementSize, int maxBytes) {
        if (length <= 0) {
            return 0;
        }
        long most = elementSize == 0
                ? Integer.MAX_VALUE
                : elementSize == 1 ? maxBytes : Math.max(1, maxBytes / elementSize);
        return (int) Math.min(length, most);
    }

    /** Whether any type is or contains an interface, so that dynamic types matter. */
    boolean hasInterfaces() {
        return interfaces;
    }

    public List<Entry> entries() {
        return entries;
    }

    public List<Reference> references() {
        return references;
    }

    public List<MapType> maps() {
        return maps;
    }

    public Entry entry(int id) {
        return entries.get(id);
    }
}
