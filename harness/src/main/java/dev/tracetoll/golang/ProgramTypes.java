package dev.tracetoll.golang;

import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a program's file says about the addresses found in its values: which type an interface holds, which function a func points to. All
 * addresses are those of the file, before any load bias.
 */
public final class ProgramTypes {

    private record Code(String name, long end) {}

    private final Map<Long, TypeRef> dynamicTypes;
    private final NavigableMap<Long, Code> code = new TreeMap<>();

    ProgramTypes(Map<Long, TypeRef> dynamicTypes) {
        this.dynamicTypes = Map.copyOf(dynamicTypes);
    }

    /** No types and no functions: for a program without debugging information. */
    public static ProgramTypes none() {
        return new ProgramTypes(Map.of());
    }

    void addFunction(String name, long address, long size) {
        code.putIfAbsent(address, new Code(name, address + size));
    }

    /** The types of which an interface can hold a value, by the address of the runtime's description of the type. */
    public Map<Long, TypeRef> dynamicTypes() {
        return dynamicTypes;
    }

    /** The linker's name of the function that has code at an address. */
    public Optional<String> functionAt(long address) {
        Map.Entry<Long, Code> found = code.floorEntry(address);
        return found != null && address < found.getValue().end ? Optional.of(found.getValue().name) : Optional.empty();
    }
}
