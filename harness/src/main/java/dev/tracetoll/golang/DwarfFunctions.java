package dev.tracetoll.golang;

import dev.tracetoll.linux.elf.DebugInfo;
import dev.tracetoll.linux.elf.Die;
import dev.tracetoll.problem.Excerpt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What DWARF says of a program's functions, of the types of its values and of the runtime's own types. */
final class DwarfFunctions {

    /** The integer argument registers, RAX, RBX, RCX, RDI, RSI, R8 to R11, by DWARF's numbers (System V ABI, figure 3.36). */
    private static final List<Integer> INT_REGISTERS = List.of(0, 3, 2, 5, 4, 8, 9, 10, 11);

    private static final int XMM0 = 17;
    private static final int XMM14 = 31;
    /** Not what the compiler generates for types, such as type:.eq.T. */
    private static final Pattern GENERIC_FUNCTION = Pattern.compile("(?!type[:.]).*\\[go\\.shape\\..*\\]");
    /** Not a closure inside of a generic function, which has the dictionary among its captured variables. */
    private static final Pattern GENERIC_METHOD =
            Pattern.compile("(?!type[:.]).*\\[go\\.shape\\..*\\]\\)?\\.(?!func\\d)[^.\\]]+(?<!-fm)");

    private static final String DICTIONARY = ".dict";
    /** An unnamed or blank result, with its index: {@code src/cmd/compile/internal/noder/reader.go}, {@code stencil.go} before Go 1.20. */
    private static final Pattern UNNAMED_RESULT = Pattern.compile("~[rb](\\d{1,4})");
    /** Since then parameters without a name are listed, as {@code ~p0} and so on. */
    private static final GoVersion BLANKS_LISTED = new GoVersion("go1.20", 1, 20);

    private static final GoVersion UNIFIED_IR = new GoVersion("go1.20", 1, 20);
    private static final String BLANK = "_";
    /** An arena of the heap has up to Go 1.21 a bitmap of 2 MiB first; all else has some thousand bytes. */
    private static final int LARGEST_RUNTIME_STRUCT = 1 << 22;
    /** Far below what the stack of a goroutine can hold, a gigabyte: {@code src/runtime/proc.go}, {@code maxstacksize}. */
    private static final int MOST_ARGUMENT_BYTES = 1 << 28;

    private final GoVersion version;
    private final DebugInfo debugInfo;
    private final DwarfTypes types;
    private final DwarfIndex index;

    /** @param version the Go that built the program */
    DwarfFunctions(DebugInfo debugInfo, DwarfIndex index, GoVersion version) {
        this.version = version;
        this.debugInfo = debugInfo;
        this.index = index;
        this.types = new DwarfTypes(debugInfo);
    }

    /**
     * Where the arguments and results of the function at an address are; empty if DWARF does not know the function.
     *
     * @param argumentBytes what the program's table of functions says of their size, if it does
     */
    Optional<AbiInternal.Assignment> signature(long entry, OptionalInt argumentBytes) {
        OptionalLong offset = index.subprogram(entry);
        if (offset.isEmpty()) {
            return Optional.empty();
        }
        Die concrete = debugInfo.at(offset.getAsLong());
        Optional<Die> origin = concrete.reference(Dwarf.DW_AT_ABSTRACT_ORIGIN);
        // The abstract entry lists every parameter in the order of the declaration; a concrete one leaves out what was
        // optimised away.
        Map<Long, AbiInternal.Start> starts = new HashMap<>();
        concrete.forEachChild(child -> {
            if (child.tag() == Dwarf.DW_TAG_FORMAL_PARAMETER) {
                long identity = child.reference(Dwarf.DW_AT_ABSTRACT_ORIGIN)
                        .map(Die::offset)
                        .orElseGet(child::offset);
                starts.put(identity, start(child.location(Dwarf.DW_AT_LOCATION, entry)));
            }
        });
        String name = origin.orElse(concrete).string(Dwarf.DW_AT_NAME).orElse("");
        List<AbiInternal.Declared> parameters = new ArrayList<>();
        List<AbiInternal.Declared> results = new ArrayList<>();
        Set<String> resultNames = new HashSet<>();
        boolean[] dictionary = {false};
        origin.orElse(concrete).forEachChild(child -> {
            if (child.tag() != Dwarf.DW_TAG_FORMAL_PARAMETER) {
                return;
            }
            String variable = child.string(Dwarf.DW_AT_NAME).orElse(BLANK);
            GoType type = types.typeOf(child);
            if (child.flag(Dwarf.DW_AT_VARIABLE_PARAMETER)) {
                // Optimised code may list a result twice.
                if (resultNames.add(variable)) {
                    String shown =
                            variable.startsWith("~") || variable.equals(BLANK) ? "~r" + results.size() : variable;
                    // Results have no place yet at the entry; what DWARF says of them there is about something else.
                    results.add(new AbiInternal.Declared(shown, type, AbiInternal.Start.UNKNOWN));
                }
            } else if (variable.equals(DICTIONARY)) {
                dictionary[0] = true;
                parameters.add(AbiInternal.Declared.hidden(type));
            } else {
                parameters.add(new AbiInternal.Declared(
                        variable.startsWith("~p") ? BLANK : variable,
                        type,
                        starts.getOrDefault(child.offset(), AbiInternal.Start.UNKNOWN)));
            }
        });
        if (origin.isPresent()) {
            addUnnamedResults(concrete, results);
        }
        if (!dictionary[0]) {
            insertDictionary(name, parameters);
        }
        if (Stream.concat(parameters.stream(), results.stream())
                        .mapToLong(each -> each.type().size())
                        .sum()
                > MOST_ARGUMENT_BYTES) {
            throw debugInfo.damaged("the arguments and results of " + Excerpt.of(name) + " have more than "
                    + MOST_ARGUMENT_BYTES + " bytes");
        }
        AbiInternal.Assignment assignment = AbiInternal.assign(parameters, results);
        boolean complete = version.atLeast(BLANKS_LISTED)
                || !assignment.gaps() && argumentBytes.orElse(assignment.bytes()) == assignment.bytes();
        return Optional.of(complete ? assignment : withoutGuesses(parameters, results));
    }

    /** Of a function that was also inlined, the abstract entry leaves unnamed results out; the concrete one has them. */
    private void addUnnamedResults(Die concrete, List<AbiInternal.Declared> results) {
        concrete.forEachChild(child -> {
            if (child.tag() != Dwarf.DW_TAG_FORMAL_PARAMETER
                    || child.has(Dwarf.DW_AT_ABSTRACT_ORIGIN)
                    || !child.flag(Dwarf.DW_AT_VARIABLE_PARAMETER)) {
                return;
            }
            Matcher unnamed =
                    UNNAMED_RESULT.matcher(child.string(Dwarf.DW_AT_NAME).orElse(""));
            if (unnamed.matches()) {
                int index = Integer.parseInt(unnamed.group(1));
                String shown = "~r" + index;
                if (results.stream().noneMatch(each -> shown.equals(each.name()))) {
                    results.add(
                            Math.min(index, results.size()),
                            new AbiInternal.Declared(shown, types.typeOf(child), AbiInternal.Start.UNKNOWN));
                }
            }
        });
    }

    /**
     * Where parameters are missing from the debugging information, only those have a place of which it says so itself; and results on the
     * stack, which lie behind the arguments there, have none.
     */
    private static AbiInternal.Assignment withoutGuesses(
            List<AbiInternal.Declared> parameters, List<AbiInternal.Declared> results) {
        AbiInternal.Assignment guessed = AbiInternal.assign(parameters, results);
        List<Variable> arguments = new ArrayList<>();
        List<AbiInternal.Declared> named =
                parameters.stream().filter(each -> each.name() != null).toList();
        for (int i = 0; i < named.size(); i++) {
            boolean known = guessed.arguments().get(i).parts().stream()
                    .allMatch(named.get(i).startsAt()::tells);
            arguments.add(
                    known
                            ? guessed.arguments().get(i)
                            : unplaced(guessed.arguments().get(i)));
        }
        List<Variable> returned = guessed.results().stream()
                .map(each -> each.parts().stream().anyMatch(part -> part.location() instanceof Location.StackSlot)
                        ? unplaced(each)
                        : each)
                .toList();
        return new AbiInternal.Assignment(arguments, returned, guessed.bytes(), true);
    }

    private static Variable unplaced(Variable variable) {
        return new Variable(
                variable.name(),
                new GoType.Unknown(
                        variable.type().name(),
                        0,
                        "this version of Go leaves blank parameters out of the debugging information, so where this value is is not known"),
                List.of());
    }

    /**
     * A generic function takes a dictionary, which DWARF lists in unoptimised builds only. Source: {@code shapeSig} in
     * {@code src/cmd/compile/internal/noder/reader.go} puts it behind the receiver since Go 1.20, {@code stencil.go} put it first before.
     */
    private void insertDictionary(String name, List<AbiInternal.Declared> parameters) {
        boolean method = GENERIC_METHOD.matcher(name).matches();
        if (method || GENERIC_FUNCTION.matcher(name).matches()) {
            parameters.add(
                    method && version.atLeast(UNIFIED_IR) && !parameters.isEmpty() ? 1 : 0,
                    AbiInternal.Declared.hidden(new GoType.Basic("uintptr", GoType.BasicKind.UINT, Long.BYTES)));
        }
    }

    /** Where a location expression of the entry begins: in an argument register, on the stack, or unknown. */
    private static AbiInternal.Start start(List<Die.Operation> location) {
        if (location.isEmpty()) {
            return AbiInternal.Start.UNKNOWN;
        }
        Die.Operation first = location.get(0);
        if (first.code() == Dwarf.DW_OP_FBREG) {
            return onStack(first.operand());
        }
        if (first.code() == Dwarf.DW_OP_CALL_FRAME_CFA && location.size() == 1) {
            return onStack(0);
        }
        OptionalInt integer = OptionalInt.empty();
        OptionalInt floating = OptionalInt.empty();
        for (Die.Operation operation : location) {
            int register = register(operation);
            if (integer.isEmpty() && INT_REGISTERS.contains(register)) {
                integer = OptionalInt.of(INT_REGISTERS.indexOf(register));
            } else if (floating.isEmpty() && register >= XMM0 && register <= XMM14) {
                floating = OptionalInt.of(register - XMM0);
            }
        }
        return new AbiInternal.Start(integer, floating, OptionalInt.empty());
    }

    /** DWARF's number of the register that an operation names; -1 if it names none. */
    private static int register(Die.Operation operation) {
        return operation.code() >= Dwarf.DW_OP_REG0 && operation.code() <= Dwarf.DW_OP_REG31
                ? operation.code() - Dwarf.DW_OP_REG0
                : operation.code() == Dwarf.DW_OP_REGX ? (int) operation.operand() : -1;
    }

    /** The frame base is the canonical frame address, where arguments on the stack begin. */
    private static AbiInternal.Start onStack(long offset) {
        return offset < 0 || offset > MOST_ARGUMENT_BYTES
                ? AbiInternal.Start.UNKNOWN
                : new AbiInternal.Start(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.of((int) offset));
    }

    /** The types of values that interfaces can hold, by the address or offset that DWARF gives of their runtime description. */
    Map<Long, TypeRef> runtimeTypes() {
        Map<Long, TypeRef> found = new LinkedHashMap<>();
        index.runtimeTypes().forEach((address, offset) -> found.put(address, types.reference(offset)));
        return found;
    }

    /** Where the runtime keeps a goroutine's id and stack; empty if DWARF does not say so. */
    Optional<GoroutineOffsets> goroutineOffsets() {
        // struct stack { lo, hi uintptr } is the first field of g: src/runtime/runtime2.go.
        return fieldOffsets("runtime.g", "goid", "stack")
                .map(offsets -> new GoroutineOffsets(offsets.get(0), offsets.get(1) + Long.BYTES));
    }

    /**
     * Where the runtime keeps what code within the program can use; empty if DWARF does not say so.
     *
     * @param goroutines address of {@code runtime.allgs}
     * @param heap address of {@code runtime.mheap_}
     */
    Optional<RuntimeInternals> internals(long goroutines, long heap) {
        Optional<List<Integer>> g = fieldOffsets("runtime.g", "m", "asyncSafePoint", "sched");
        Optional<List<Integer>> m = fieldOffsets("runtime.m", "procid", "p", "gsignal");
        Optional<List<Integer>> p = fieldOffsets("runtime.p", "id");
        Optional<List<Integer>> arenas = fieldOffsets("runtime.mheap", "arenas");
        Optional<List<Integer>> spans = fieldOffsets("runtime.heapArena", "spans");
        return Stream.of(g, m, p, arenas, spans).anyMatch(Optional::isEmpty)
                ? Optional.empty()
                : Optional.of(new RuntimeInternals(
                        g.get().get(0),
                        m.get().get(0),
                        m.get().get(1),
                        p.get().get(0),
                        m.get().get(2),
                        g.get().get(1),
                        g.get().get(2),
                        goroutines,
                        heap + arenas.get().get(0),
                        spans.get().get(0)));
    }

    /** Where {@code runtime.moduledata} has the address that the linker's offsets of types are relative to; empty if DWARF does not say so. */
    Optional<Integer> moduleTypesOffset() {
        return fieldOffsets("runtime.moduledata", "types").map(offsets -> offsets.get(0));
    }

    /** Where a struct has the fields that are wanted, in their order; empty if it lacks one. */
    private Optional<List<Integer>> fieldOffsets(String struct, String... wanted) {
        return index.runtimeStruct(struct)
                .map(entry -> {
                    Map<String, Integer> offsets = new HashMap<>();
                    debugInfo
                            .at(entry)
                            .forEachChild(field -> field.string(Dwarf.DW_AT_NAME)
                                    .ifPresent(name -> {
                                        long offset = field.number(Dwarf.DW_AT_DATA_MEMBER_LOCATION, 0);
                                        if (offset < 0 || offset > LARGEST_RUNTIME_STRUCT) {
                                            throw debugInfo.damaged("field " + Excerpt.of(name) + " of " + struct
                                                    + " is at " + Long.toUnsignedString(offset));
                                        }
                                        offsets.put(name, (int) offset);
                                    }));
                    return Stream.of(wanted)
                            .map(offsets::get)
                            .filter(Objects::nonNull)
                            .toList();
                })
                .filter(offsets -> offsets.size() == wanted.length);
    }
}
