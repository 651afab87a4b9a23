package dev.tracetoll.golang;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** For tests of other packages: types as if a program's file had them. */
public final class MadeTypes {

    private MadeTypes() {}

    /** A reference to a type that may not be there yet. */
    public static TypeRef to(Supplier<GoType> type) {
        return new TypeRef(type);
    }

    /** Where Go passes arguments of some types, named {@code a0}, {@code a1} and so on. */
    public static List<Variable> arguments(List<GoType> types) {
        List<AbiInternal.Declared> declared = new ArrayList<>();
        types.forEach(
                type -> declared.add(new AbiInternal.Declared("a" + declared.size(), type, AbiInternal.Start.UNKNOWN)));
        return AbiInternal.assign(declared, List.of()).arguments();
    }

    /**
     * What a program says of addresses.
     *
     * @param dynamicTypes types by the addresses of their descriptions
     * @param functions names by the addresses of their code, of {@code functionBytes} each
     */
    public static ProgramTypes program(
            Map<Long, TypeRef> dynamicTypes, Map<Long, String> functions, long functionBytes) {
        ProgramTypes program = new ProgramTypes(dynamicTypes);
        functions.forEach((address, name) -> program.addFunction(name, address, functionBytes));
        return program;
    }
}
