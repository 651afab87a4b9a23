package dev.tracetoll.golang;

import dev.tracetoll.linux.elf.DebugInfo;
import dev.tracetoll.linux.elf.Die;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.Excerpt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads Go types from DWARF. */
final class DwarfTypes {

    /** The struct that an interface with methods is in DWARF; one without is runtime.eface. */
    private static final String INTERFACE_WITH_METHODS = "runtime.iface";

    private static final String POINTER_SHAPE = "go.shape.*";
    /** Larger ones exist, to be pointed to: {@code (*[1<<40]byte)(p)[:n]}. None of a gigabyte is ever read. */
    private static final int LARGEST = 1 << 30;
    /** How many types a type is made of, those of fields of fields and of elements counted as often as they are there. */
    private static final int MOST_PARTS = 1 << 14;
    /** No program nests types as deep. */
    private static final int DEEPEST = 256;

    private final DebugInfo debugInfo;
    private final DwarfMaps maps;
    private final Map<Long, GoType> known = new HashMap<>();
    private final Map<GoType, Integer> parts = new IdentityHashMap<>();
    /** Types being read, each part of the one before; none can be part of itself. */
    private final Set<Long> reading = new HashSet<>();

    DwarfTypes(DebugInfo debugInfo) {
        this.debugInfo = debugInfo;
        this.maps = new DwarfMaps(debugInfo, this);
    }

    /** The type at an offset of {@code .debug_info}. */
    GoType at(long offset) {
        GoType type = known.get(offset);
        return type != null ? type : type(debugInfo.at(offset));
    }

    /** The type that an entry's {@code DW_AT_type} names. */
    GoType typeOf(Die die) {
        Optional<Die> type = die.reference(Dwarf.DW_AT_TYPE);
        return type.isPresent() ? type(type.get()) : unknown("?", 0, "its type is not in the debugging information");
    }

    private GoType type(Die die) {
        long offset = die.offset();
        GoType type = known.get(offset);
        if (type == null) {
            if (!reading.add(offset)) {
                throw debugInfo.damaged("type " + Excerpt.of(name(die)) + " is part of itself");
            }
            if (reading.size() > DEEPEST) {
                throw debugInfo.damaged("types are parts of each other, more than " + DEEPEST + " deep");
            }
            try {
                type = read(die);
            } finally {
                reading.remove(offset);
            }
            known.put(offset, type);
        }
        return type;
    }

    private GoType read(Die die) {
        String name = name(die);
        long bytes = die.number(Dwarf.DW_AT_BYTE_SIZE, 0);
        if (bytes < 0 || bytes > LARGEST) {
            // There can be pointers to such types, which stand for memory of any size, but no values.
            return unknown(name, 0, "it is " + Long.toUnsignedString(bytes) + " bytes large");
        }
        int size = (int) bytes;
        int kind = (int) die.number(Dwarf.DW_AT_GO_KIND, 0) & Dwarf.KIND_MASK;
        switch (kind) {
            case Dwarf.KIND_BOOL:
                return basic(name, GoType.BasicKind.BOOL, size);
            case Dwarf.KIND_FLOAT32, Dwarf.KIND_FLOAT64:
                return basic(name, GoType.BasicKind.FLOAT, size);
            case Dwarf.KIND_COMPLEX64, Dwarf.KIND_COMPLEX128:
                return basic(name, GoType.BasicKind.COMPLEX, size);
            case Dwarf.KIND_UNSAFE_POINTER:
                return new GoType.Pointer(name, Optional.empty());
            case Dwarf.KIND_STRING:
                return new GoType.Text(name);
            case Dwarf.KIND_SLICE:
                return new GoType.Slice(name, reference(die, Dwarf.DW_AT_GO_ELEM));
            case Dwarf.KIND_INTERFACE:
                return new GoType.Interface(name, hasMethods(die));
            case Dwarf.KIND_POINTER:
                return pointer(die, name);
            case Dwarf.KIND_MAP:
                return new GoType.GoMap(name, maps.layout(die));
            case Dwarf.KIND_CHAN:
                return new GoType.Channel(name);
            case Dwarf.KIND_FUNC:
                return new GoType.Func(name);
            case Dwarf.KIND_ARRAY:
                return array(die, name, size);
            case Dwarf.KIND_STRUCT:
                return struct(die, name, size);
            default:
                if (kind >= Dwarf.KIND_INT && kind <= Dwarf.KIND_INT64) {
                    return basic(name, GoType.BasicKind.INT, size);
                }
                if (kind >= Dwarf.KIND_UINT && kind <= Dwarf.KIND_UINTPTR) {
                    return basic(name, GoType.BasicKind.UINT, size);
                }
                return withoutKind(die, name, size);
        }
    }

    private static String name(Die die) {
        return TypeNames.printed(die.string(Dwarf.DW_AT_NAME).orElse("?"));
    }

    private GoType basic(String name, GoType.BasicKind kind, int size) {
        int most = kind == GoType.BasicKind.BOOL ? 1 : kind == GoType.BasicKind.COMPLEX ? 2 * Long.BYTES : Long.BYTES;
        if (Integer.bitCount(size) != 1
                || size > most
                || kind == GoType.BasicKind.FLOAT && size < Float.BYTES
                || kind == GoType.BasicKind.COMPLEX && size < 2 * Float.BYTES) {
            throw debugInfo.damaged("type " + Excerpt.of(name) + " is " + size + " bytes large");
        }
        return new GoType.Basic(name, kind, size);
    }

    /** The compiler leaves the kind out where the tag says enough. */
    private GoType withoutKind(Die die, String name, int size) {
        switch (die.tag()) {
            case Dwarf.DW_TAG_TYPEDEF:
                return typeOf(die);
            case Dwarf.DW_TAG_POINTER_TYPE:
                return pointer(die, name);
            case Dwarf.DW_TAG_ARRAY_TYPE:
                return array(die, name, size);
            case Dwarf.DW_TAG_STRUCTURE_TYPE:
                return struct(die, name, size);
            default:
                return unknown(
                        name,
                        size,
                        "its kind of type (DWARF tag 0x" + Integer.toHexString(die.tag()) + ") is not known");
        }
    }

    private GoType pointer(Die die, String name) {
        if (name.startsWith(POINTER_SHAPE)) {
            // One shape stands for the pointers to every type.
            return new GoType.Pointer(
                    name,
                    Optional.of(new TypeRef(() -> unknown(
                            "?",
                            0,
                            "to what type a type parameter's pointer points is not in the debugging information"))));
        }
        return new GoType.Pointer(
                name, die.has(Dwarf.DW_AT_TYPE) ? Optional.of(reference(die, Dwarf.DW_AT_TYPE)) : Optional.empty());
    }

    /** The entry handed to a visitor is reused, so a reference keeps the offset, not the entry. */
    private TypeRef reference(Die die, int attribute) {
        Optional<Long> offset = die.reference(attribute).map(Die::offset);
        return offset.map(this::reference)
                .orElseGet(() -> new TypeRef(() -> unknown("?", 0, "its type is not in the debugging information")));
    }

    /** The type at an offset of {@code .debug_info}, of a value that is somewhere else: where it is damaged, that value alone cannot be read. */
    TypeRef reference(long offset) {
        return new TypeRef(() -> {
            try {
                return at(offset);
            } catch (BadInput e) {
                return unknown("?", 0, e.getMessage());
            }
        });
    }

    /** What a typedef, of which Go has one for each type with a name, stands for. */
    static Die declared(Die die) {
        Die type = die;
        for (int i = 0; i < DEEPEST && type.tag() == Dwarf.DW_TAG_TYPEDEF && type.has(Dwarf.DW_AT_TYPE); i++) {
            type = type.reference(Dwarf.DW_AT_TYPE).orElseThrow();
        }
        return type;
    }

    private static boolean hasMethods(Die die) {
        return declared(die)
                .string(Dwarf.DW_AT_NAME)
                .map(INTERFACE_WITH_METHODS::equals)
                .orElse(false);
    }

    /** How many elements an array has; negative if that is not said. */
    static long length(Die array) {
        long[] length = {-1};
        array.forEachChild(child -> {
            if (child.tag() == Dwarf.DW_TAG_SUBRANGE_TYPE) {
                length[0] = child.number(Dwarf.DW_AT_COUNT, -1);
            }
        });
        return length[0];
    }

    private GoType array(Die die, String name, int size) {
        long length = length(die);
        if (length < 0) {
            return unknown(name, size, "the debugging information does not say its length");
        }
        GoType element = typeOf(die);
        if (length > LARGEST && size == 0) {
            return unknown(name, 0, "its elements have no bytes");
        }
        if (length > LARGEST || !(element instanceof GoType.Unknown) && element.size() * length != size) {
            throw debugInfo.damaged("array " + Excerpt.of(name) + " of " + size + " bytes has " + length
                    + " elements of " + element.size() + " bytes");
        }
        return madeOf(new GoType.Array(name, element, (int) length, size), parts.getOrDefault(element, 1) + 1L);
    }

    private GoType struct(Die die, String name, int size) {
        List<GoType.Field> fields = new ArrayList<>();
        long[] count = {1};
        die.forEachChild(child -> {
            if (child.tag() == Dwarf.DW_TAG_MEMBER) {
                String field = child.string(Dwarf.DW_AT_NAME).orElse("_");
                GoType type = typeOf(child);
                long offset = child.number(Dwarf.DW_AT_DATA_MEMBER_LOCATION, 0);
                if (offset < 0 || offset > size - type.size()) {
                    throw debugInfo.damaged("field " + Excerpt.of(field) + " of " + Excerpt.of(name)
                            + " is not within its " + size + " bytes");
                }
                fields.add(new GoType.Field(field, type, (int) offset));
                count[0] += parts.getOrDefault(type, 1);
            }
        });
        return madeOf(new GoType.Struct(name, fields, size), count[0]);
    }

    /** Each part is visited whenever a value is: to find its place in registers, its references, its text. */
    private GoType madeOf(GoType type, long count) {
        if (count > MOST_PARTS) {
            return unknown(type.name(), type.size(), "it is made of more than " + MOST_PARTS + " fields");
        }
        parts.put(type, (int) count);
        return type;
    }

    private static GoType unknown(String name, int size, String why) {
        return new GoType.Unknown(name, size, why);
    }
}
