package dev.tracetoll.golang;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Go's register-based calling convention: where arguments and results are.
 *
 * <p>Source: Go's {@code src/cmd/compile/abi-internal.md}, sections "Function call argument and result passing" and "amd64 architecture".
 */
final class AbiInternal {

    /**
     * A parameter or result before it has a place.
     *
     * @param startsAt where the debugging information says its first piece is at the entry, if it does. The compiler leaves parameters out
     *     of the debugging information (the dictionary of a generic function; up to Go 1.19 blank ones), and this shows the gap.
     */
    record Declared(@Nullable String name, GoType type, Start startsAt) {

        /** One that takes its place but is not reported. */
        static Declared hidden(GoType type) {
            return new Declared(null, type, Start.UNKNOWN);
        }
    }

    /**
     * Where a value starts.
     *
     * @param intRegister index of the integer argument register
     * @param floatRegister index of the floating-point argument register
     * @param stack offset on the stack, of a value that does not go into registers
     */
    record Start(OptionalInt intRegister, OptionalInt floatRegister, OptionalInt stack) {
        static final Start UNKNOWN = new Start(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());

        /** Whether it says so itself where a part is. */
        boolean tells(Part part) {
            return part.location() instanceof Location.IntRegister
                    ? intRegister.isPresent()
                    : part.location() instanceof Location.FloatRegister ? floatRegister.isPresent() : stack.isPresent();
        }
    }

    /**
     * Arguments and results with their places.
     *
     * @param bytes of arguments and results on the stack, with the room for spilling arguments in registers: what the program's table of
     *     functions says, too
     * @param gaps whether something was passed between the parameters that the debugging information does not name
     */
    record Assignment(List<Variable> arguments, List<Variable> results, int bytes, boolean gaps) {}

    private static final int INT_REGISTERS = 9;
    private static final int FLOAT_REGISTERS = 15;
    private static final int WORD = 8;

    private int ints;
    private int floats;
    private int stack;
    private boolean gaps;
    private List<GoType> inRegisters = new ArrayList<>();

    private AbiInternal() {}

    static Assignment assign(List<Declared> parameters, List<Declared> results) {
        AbiInternal abi = new AbiInternal();
        List<Variable> arguments = abi.assignAll(parameters);
        abi.alignStack(WORD);
        abi.ints = 0;
        abi.floats = 0;
        List<GoType> spilled = abi.inRegisters;
        abi.inRegisters = new ArrayList<>();
        List<Variable> assigned = abi.assignAll(results);
        abi.alignStack(WORD);
        for (GoType type : spilled) {
            abi.alignStack(type.align());
            abi.stack += type.size();
        }
        abi.alignStack(WORD);
        return new Assignment(arguments, assigned, abi.stack, abi.gaps);
    }

    private List<Variable> assignAll(List<Declared> declared) {
        List<Variable> variables = new ArrayList<>();
        for (Declared each : declared) {
            ints = behindGap(ints, each.startsAt.intRegister);
            floats = behindGap(floats, each.startsAt.floatRegister);
            List<Part> parts = place(each.type, each.startsAt);
            if (each.name != null) {
                variables.add(new Variable(each.name, each.type, parts));
            }
        }
        return variables;
    }

    private List<Part> place(GoType type, Start start) {
        if (type.size() == 0) {
            alignStack(type.align());
            return List.of();
        }
        int intsBefore = ints;
        int floatsBefore = floats;
        List<Part> parts = new ArrayList<>();
        if (inRegisters(type, 0, parts)) {
            inRegisters.add(type);
            return parts;
        }
        ints = intsBefore;
        floats = floatsBefore;
        alignStack(type.align());
        stack = behindGap(stack, start.stack);
        Part whole = new Part(new Location.StackSlot(stack), 0, type.size());
        stack += type.size();
        return List.of(whole);
    }

    private int behindGap(int next, OptionalInt start) {
        gaps |= start.orElse(next) > next;
        return Math.max(next, start.orElse(next));
    }

    private void alignStack(int align) {
        stack = (stack + align - 1) / align * align;
    }

    /** Adds the registers of a value; false if they run out or the type never goes into registers. */
    private boolean inRegisters(GoType type, int offset, List<Part> parts) {
        if (type instanceof GoType.Basic basic) {
            return switch (basic.kind()) {
                case BOOL, INT, UINT -> intRegister(offset, basic.size(), parts);
                case FLOAT -> floatRegister(offset, basic.size(), parts);
                case COMPLEX ->
                    floatRegister(offset, basic.size() / 2, parts)
                            && floatRegister(offset + basic.size() / 2, basic.size() / 2, parts);
            };
        }
        if (type instanceof GoType.Words) {
            for (int at = 0; at < type.size(); at += WORD) {
                if (!intRegister(offset + at, WORD, parts)) {
                    return false;
                }
            }
            return true;
        }
        if (type instanceof GoType.Struct struct) {
            for (GoType.Field field : struct.fields()) {
                if (!inRegisters(field.type(), offset + field.offset(), parts)) {
                    return false;
                }
            }
            return true;
        }
        if (type instanceof GoType.Array array) {
            return array.length() == 0 || array.length() == 1 && inRegisters(array.element(), offset, parts);
        }
        return false;
    }

    private boolean intRegister(int offset, int size, List<Part> parts) {
        return ints < INT_REGISTERS && parts.add(new Part(new Location.IntRegister(ints++), offset, size));
    }

    private boolean floatRegister(int offset, int size, List<Part> parts) {
        return floats < FLOAT_REGISTERS && parts.add(new Part(new Location.FloatRegister(floats++), offset, size));
    }
}
