package dev.tracetoll.golang;

import dev.tracetoll.linux.DebugInfo;
import dev.tracetoll.linux.Die;
import dev.tracetoll.problem.BadInput;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What DWARF says of a program's functions and of the runtime's own types. */
final class DwarfFunctions {

    private final DebugInfo debugInfo;
    private final DwarfTypes types = new DwarfTypes();
    private final Map<Long, Long> subprograms = new HashMap<>();
    private long runtimeG = -1;

    DwarfFunctions(DebugInfo debugInfo) {
        this.debugInfo = debugInfo;
        for (Die unit : debugInfo.units()) {
            boolean runtime = unit.string(Dwarf.DW_AT_NAME).map("runtime"::equals).orElse(false);
            unit.forEachChild(child -> {
                int tag = child.tag();
                if (tag == Dwarf.DW_TAG_SUBPROGRAM) {
                    child.address(Dwarf.DW_AT_LOW_PC).ifPresent(entry -> subprograms.put(entry, child.offset()));
                } else if (runtime && tag == Dwarf.DW_TAG_STRUCTURE_TYPE
                        && child.string(Dwarf.DW_AT_NAME).map("runtime.g"::equals).orElse(false)) {
                    runtimeG = child.offset();
                }
            });
        }
    }

    /** Where the arguments and results of the function at an address are; empty if DWARF does not know the function. */
    Optional<AbiInternal.Assignment> signature(long entry) {
        Long offset = subprograms.get(entry);
        if (offset == null) {
            return Optional.empty();
        }
        Die concrete = debugInfo.at(offset);
        // The abstract entry lists every parameter in the order of the declaration; a concrete one leaves out what was optimised away.
        Die complete = concrete.reference(Dwarf.DW_AT_ABSTRACT_ORIGIN).orElse(concrete);
        List<AbiInternal.Declared> parameters = new ArrayList<>();
        List<AbiInternal.Declared> results = new ArrayList<>();
        complete.forEachChild(child -> {
            if (child.tag() == Dwarf.DW_TAG_FORMAL_PARAMETER) {
                AbiInternal.Declared declared =
                        new AbiInternal.Declared(child.string(Dwarf.DW_AT_NAME).orElse("_"), types.typeOf(child));
                (child.flag(Dwarf.DW_AT_VARIABLE_PARAMETER) ? results : parameters).add(declared);
            }
        });
        return Optional.of(AbiInternal.assign(parameters, results));
    }

    /**
     * Where the runtime keeps a goroutine's id and stack.
     *
     * @param signalHandler see {@link RuntimeLayout#signalHandler()}
     */
    RuntimeLayout runtimeLayout(Optional<ProbeSite> signalHandler) {
        if (runtimeG < 0) {
            throw new BadInput("The debugging information does not describe runtime.g; build the program without -ldflags=-w");
        }
        Map<String, Integer> offsets = new HashMap<>();
        debugInfo.at(runtimeG).forEachChild(field -> field.string(Dwarf.DW_AT_NAME).ifPresent(
                name -> offsets.put(name, (int) field.number(Dwarf.DW_AT_DATA_MEMBER_LOCATION, 0))));
        // struct stack { lo, hi uintptr } is the first field of g: src/runtime/runtime2.go.
        return new RuntimeLayout(offsets.get("goid"), offsets.get("stack") + Long.BYTES, signalHandler);
    }
}
