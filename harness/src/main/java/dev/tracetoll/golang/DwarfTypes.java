package dev.tracetoll.golang;

import dev.tracetoll.linux.DebugInfo;
import dev.tracetoll.linux.Die;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads Go types from DWARF. */
final class DwarfTypes {

    /** The struct that an interface with methods is in DWARF; one without is runtime.eface. */
    private static final String INTERFACE_WITH_METHODS = "runtime.iface";

    private static final String POINTER_SHAPE = "go.shape.*";

    private final DebugInfo debugInfo;
    private final DwarfMaps maps;
    private final Map<Long, GoType> known = new HashMap<>();

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
        GoType type = known.get(die.offset());
        if (type == null) {
            type = read(die);
            known.put(die.offset(), type);
        }
        return type;
    }

    private GoType read(Die die) {
        String name = TypeNames.printed(die.string(Dwarf.DW_AT_NAME).orElse("?"));
        int size = (int) die.number(Dwarf.DW_AT_BYTE_SIZE, 0);
        int kind = (int) die.number(Dwarf.DW_AT_GO_KIND, 0) & Dwarf.KIND_MASK;
        switch (kind) {
            case Dwarf.KIND_BOOL:
                return new GoType.Basic(name, GoType.BasicKind.BOOL, size);
            case Dwarf.KIND_FLOAT32, Dwarf.KIND_FLOAT64:
                return new GoType.Basic(name, GoType.BasicKind.FLOAT, size);
            case Dwarf.KIND_COMPLEX64, Dwarf.KIND_COMPLEX128:
                return new GoType.Basic(name, GoType.BasicKind.COMPLEX, size);
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
                    return new GoType.Basic(name, GoType.BasicKind.INT, size);
                }
                if (kind >= Dwarf.KIND_UINT && kind <= Dwarf.KIND_UINTPTR) {
                    return new GoType.Basic(name, GoType.BasicKind.UINT, size);
                }
                return withoutKind(die, name, size);
        }
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
                return unknown(name, size, "its kind of type (DWARF tag 0x" + Integer.toHexString(die.tag()) + ") is not known");
        }
    }

    private GoType pointer(Die die, String name) {
        if (name.startsWith(POINTER_SHAPE)) {
            // One shape stands for the pointers to every type.
            return new GoType.Pointer(name, Optional.of(new TypeRef(
                    () -> unknown("?", 0, "to what type a type parameter's pointer points is not in the debugging information"))));
        }
        return new GoType.Pointer(name, die.has(Dwarf.DW_AT_TYPE) ? Optional.of(reference(die, Dwarf.DW_AT_TYPE)) : Optional.empty());
    }

    /** The entry handed to a visitor is reused, so a reference keeps the offset, not the entry. */
    private TypeRef reference(Die die, int attribute) {
        Optional<Long> offset = die.reference(attribute).map(Die::offset);
        return new TypeRef(() -> offset.map(this::at)
                .orElseGet(() -> unknown("?", 0, "its type is not in the debugging information")));
    }

    /** What a typedef, of which Go has one for each type with a name, stands for. */
    static Die declared(Die die) {
        Die type = die;
        while (type.tag() == Dwarf.DW_TAG_TYPEDEF && type.has(Dwarf.DW_AT_TYPE)) {
            type = type.reference(Dwarf.DW_AT_TYPE).orElseThrow();
        }
        return type;
    }

    private static boolean hasMethods(Die die) {
        return declared(die).string(Dwarf.DW_AT_NAME).map(INTERFACE_WITH_METHODS::equals).orElse(false);
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
        return length < 0
                ? unknown(name, size, "the debugging information does not say its length")
                : new GoType.Array(name, typeOf(die), (int) length, size);
    }

    private GoType struct(Die die, String name, int size) {
        List<GoType.Field> fields = new ArrayList<>();
        die.forEachChild(child -> {
            if (child.tag() == Dwarf.DW_TAG_MEMBER) {
                fields.add(new GoType.Field(child.string(Dwarf.DW_AT_NAME).orElse("_"), typeOf(child),
                        (int) child.number(Dwarf.DW_AT_DATA_MEMBER_LOCATION, 0)));
            }
        });
        return new GoType.Struct(name, fields, size);
    }

    private static GoType unknown(String name, int size, String why) {
        return new GoType.Unknown(name, size, why);
    }
}
