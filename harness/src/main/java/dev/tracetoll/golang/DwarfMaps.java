package dev.tracetoll.golang;

import dev.tracetoll.linux.elf.DebugInfo;
import dev.tracetoll.linux.elf.Die;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Reads from DWARF where maps keep their entries: the linker describes the header, tables and groups of each type of map. Whatever is not
 * as expected makes the whole layout unknown. Source: {@code synthesizemaptypes} in {@code src/cmd/link/internal/ld/dwarf.go}.
 */
final class DwarfMaps {

    /** Headers have some dozens of bytes, groups eight times a key and a value of {@link MapLayout#LARGEST_DIRECT} at most. */
    private static final int LARGEST = 1 << 12;

    /** A member of a struct: its offset, and where its type is described. */
    private record Member(int offset, long type) {}

    /** The members of a struct by their names. */
    private record Members(Map<String, Member> byName) {

        boolean include(String... names) {
            return byName.keySet().containsAll(List.of(names));
        }

        boolean are(String... names) {
            return byName.keySet().equals(Set.of(names));
        }

        /** One that is included. */
        private Member member(String name) {
            return Objects.requireNonNull(byName.get(name), name);
        }

        int offset(String name) {
            return member(name).offset;
        }

        long type(String name) {
            return member(name).type;
        }
    }

    /** What a group has one of for each slot: where the type of one is described, and the size of all. */
    private record Row(long element, int bytes) {}

    private final DebugInfo debugInfo;
    private final DwarfTypes types;

    DwarfMaps(DebugInfo debugInfo, DwarfTypes types) {
        this.debugInfo = debugInfo;
        this.types = types;
    }

    /** The layout of a map type; empty if it is not described. */
    Optional<MapLayout> layout(Die map) {
        Optional<Die> key = map.reference(Dwarf.DW_AT_GO_KEY);
        Optional<Die> value = map.reference(Dwarf.DW_AT_GO_ELEM);
        Optional<Die> header =
                map.reference(Dwarf.DW_AT_TYPE).map(DwarfTypes::declared).flatMap(DwarfMaps::pointee);
        if (key.isEmpty() || value.isEmpty() || header.isEmpty() || size(header.get()) < 0) {
            return Optional.empty();
        }
        Members members = members(header.get());
        int bytes = size(header.get());
        Optional<MapLayout> layout = members.include("dirPtr")
                ? swiss(members, bytes, key.get(), value.get())
                : buckets(members, bytes, key.get(), value.get());
        return layout.filter(each -> within(each.header()) && within(each.group()));
    }

    /** Whether all that is read of a header is in it. */
    private static boolean within(MapLayout.Header header) {
        int words = header.bytes() - Long.BYTES;
        if (header instanceof MapLayout.Swiss swiss) {
            return Math.max(swiss.length(), Math.max(swiss.directory(), swiss.directoryLength())) <= words
                    && swiss.writing() < swiss.bytes();
        }
        return header instanceof MapLayout.Buckets buckets
                && Math.max(buckets.length(), Math.max(buckets.buckets(), buckets.oldBuckets())) <= words
                && Math.max(buckets.flags(), buckets.log2()) < buckets.bytes();
    }

    private static boolean within(MapLayout.Group group) {
        return group.controls() + MapLayout.SLOTS <= group.bytes()
                && within(group.keys(), group)
                && within(group.values(), group)
                && group.overflow() <= group.bytes() - Long.BYTES;
    }

    /** The last of the slots begins in the group; that a key or value fits between two is checked where its size is known. */
    private static boolean within(MapLayout.Slots slots, MapLayout.Group group) {
        return slots.stride() >= 0 && slots.offset() + (MapLayout.SLOTS - 1) * slots.stride() <= group.bytes();
    }

    private Optional<MapLayout> swiss(Members members, int bytes, Die key, Die value) {
        if (!members.include("used", "dirPtr", "dirLen", "writing")) {
            return Optional.empty();
        }
        Optional<Die> table = pointee(at(members.type("dirPtr"))).flatMap(DwarfMaps::pointee);
        Optional<Members> tables = table.map(DwarfMaps::members).filter(each -> each.include("groups"));
        Optional<Members> references =
                tables.map(each -> members(at(each.type("groups")))).filter(each -> each.include("data", "lengthMask"));
        if (references.isEmpty()) {
            return Optional.empty();
        }
        Members reference = references.get();
        int groups = tables.get().offset("groups");
        MapLayout.Header header = new MapLayout.Swiss(
                bytes,
                members.offset("used"),
                members.offset("dirPtr"),
                members.offset("dirLen"),
                members.offset("writing"),
                groups + reference.offset("data"),
                groups + reference.offset("lengthMask"));
        return pointee(at(reference.type("data"))).flatMap(group -> swissGroup(header, group, key, value));
    }

    private Optional<MapLayout> swissGroup(MapLayout.Header header, Die group, Die key, Die value) {
        Members members = members(group);
        if (!members.are("ctrl", "slots")) {
            return Optional.empty();
        }
        Optional<Row> slots = row(members.type("slots"));
        Optional<Members> ofSlot =
                slots.map(each -> members(at(each.element))).filter(each -> each.include("key", "elem"));
        if (ofSlot.isEmpty()) {
            return Optional.empty();
        }
        Members slot = ofSlot.get();
        int at = members.offset("slots");
        int stride = slots.get().bytes / MapLayout.SLOTS;
        MapLayout.Group layout = new MapLayout.Group(
                size(group),
                members.offset("ctrl"),
                new MapLayout.Slots(at + slot.offset("key"), stride),
                new MapLayout.Slots(at + slot.offset("elem"), stride),
                MapLayout.Group.NO_OVERFLOW);
        return entry(key, slot.type("key"), value, slot.type("elem"))
                .map(entry -> new MapLayout(header, layout, entry));
    }

    private Optional<MapLayout> buckets(Members members, int bytes, Die key, Die value) {
        if (!members.include("count", "flags", "B", "buckets", "oldbuckets")) {
            return Optional.empty();
        }
        MapLayout.Header header = new MapLayout.Buckets(
                bytes,
                members.offset("count"),
                members.offset("flags"),
                members.offset("B"),
                members.offset("buckets"),
                members.offset("oldbuckets"));
        return pointee(at(members.type("buckets"))).flatMap(bucket -> bucket(header, bucket, key, value));
    }

    private Optional<MapLayout> bucket(MapLayout.Header header, Die bucket, Die key, Die value) {
        Members members = members(bucket);
        if (!members.include("tophash", "keys", "values", "overflow")) {
            return Optional.empty();
        }
        Optional<Row> keys = row(members.type("keys"));
        Optional<Row> values = row(members.type("values"));
        if (keys.isEmpty() || values.isEmpty()) {
            return Optional.empty();
        }
        MapLayout.Group layout = new MapLayout.Group(
                size(bucket),
                members.offset("tophash"),
                new MapLayout.Slots(members.offset("keys"), keys.get().bytes / MapLayout.SLOTS),
                new MapLayout.Slots(members.offset("values"), values.get().bytes / MapLayout.SLOTS),
                members.offset("overflow"));
        return entry(key, keys.get().element, value, values.get().element)
                .map(entry -> new MapLayout(header, layout, entry));
    }

    /** Slots hold keys and values themselves or, if they are large, their addresses. */
    private Optional<TypeRef> entry(Die key, long keyInSlot, Die value, long valueInSlot) {
        Optional<Boolean> keyIndirect = indirect(key, keyInSlot);
        Optional<Boolean> valueIndirect = indirect(value, valueInSlot);
        if (keyIndirect.isEmpty() || valueIndirect.isEmpty()) {
            return Optional.empty();
        }
        long keyType = key.offset();
        long valueType = value.offset();
        return Optional.of(
                new TypeRef(() -> entry(held(keyType, keyIndirect.get()), held(valueType, valueIndirect.get()))));
    }

    private static GoType entry(GoType key, GoType value) {
        int align = Math.max(1, Math.max(key.align(), value.align()));
        int at = roundUp(key.size(), Math.max(1, value.align()));
        return new GoType.Struct(
                "",
                List.of(new GoType.Field("key", key, 0), new GoType.Field("value", value, at)),
                roundUp(at + value.size(), align));
    }

    private static int roundUp(int size, int align) {
        return (size + align - 1) / align * align;
    }

    private GoType held(long type, boolean indirect) {
        return indirect ? new GoType.Indirect(types.reference(type)) : types.at(type);
    }

    private Optional<Boolean> indirect(Die type, long inSlot) {
        Die held = DwarfTypes.declared(at(inSlot));
        long wanted = DwarfTypes.declared(type).offset();
        if (held.offset() == wanted) {
            return Optional.of(false);
        }
        return pointee(held).filter(each -> each.offset() == wanted).map(each -> true);
    }

    private Die at(long type) {
        return DwarfTypes.declared(debugInfo.at(type));
    }

    private static Optional<Die> pointee(Die pointer) {
        return pointer.tag() == Dwarf.DW_TAG_POINTER_TYPE
                ? pointer.reference(Dwarf.DW_AT_TYPE).map(DwarfTypes::declared)
                : Optional.empty();
    }

    /** Negative, which makes the layout unknown, if it is beyond reason. */
    private static int size(Die type) {
        return within(type.number(Dwarf.DW_AT_BYTE_SIZE, 0));
    }

    private static int within(long bytes) {
        return bytes < 0 || bytes > LARGEST ? -1 : (int) bytes;
    }

    private static Members members(Die struct) {
        Map<String, Member> members = new HashMap<>();
        struct.forEachChild(child -> {
            Optional<Long> type = child.reference(Dwarf.DW_AT_TYPE).map(Die::offset);
            if (child.tag() == Dwarf.DW_TAG_MEMBER && type.isPresent()) {
                int offset = within(child.number(Dwarf.DW_AT_DATA_MEMBER_LOCATION, 0));
                if (offset >= 0) {
                    members.put(child.string(Dwarf.DW_AT_NAME).orElse(""), new Member(offset, type.get()));
                }
            }
        });
        return new Members(members);
    }

    /** An array with as many elements as a group has slots. */
    private Optional<Row> row(long type) {
        Die array = at(type);
        Optional<Die> element = array.reference(Dwarf.DW_AT_TYPE);
        return array.tag() == Dwarf.DW_TAG_ARRAY_TYPE
                        && element.isPresent()
                        && DwarfTypes.length(array) == MapLayout.SLOTS
                ? Optional.of(new Row(element.get().offset(), size(array)))
                : Optional.empty();
    }
}
