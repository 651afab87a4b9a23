package dev.tracetoll.golang;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** The variables of a function of which nobody says what its parameters are: words, as they are where arguments would be. */
final class RawArguments {

    /** Go's {@code src/cmd/compile/abi-internal.md}, section "amd64 architecture": the order of the integer registers. */
    private static final List<String> REGISTERS = List.of("RAX", "RBX", "RCX", "RDI", "RSI", "R8", "R9", "R10", "R11");

    private static final GoType WORD = new GoType.Basic("uintptr", GoType.BasicKind.UINT, Long.BYTES);

    private RawArguments() {}

    /** Every integer register, before and after. */
    static AbiInternal.Assignment registers() {
        List<Variable> words = words(REGISTERS.size(), REGISTERS::get, Location.IntRegister::new);
        return new AbiInternal.Assignment(words, words, 0, false);
    }

    /** The words on the stack, before and after: where the arguments end and the results begin is not recorded. */
    static AbiInternal.Assignment stack(int bytes) {
        List<Variable> words =
                words(bytes / Long.BYTES, i -> "stack+" + i * Long.BYTES, i -> new Location.StackSlot(i * Long.BYTES));
        return new AbiInternal.Assignment(words, words, 0, false);
    }

    private static List<Variable> words(int count, IntFunction<String> name, IntFunction<Location> location) {
        List<Variable> words = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            words.add(new Variable(name.apply(i), WORD, List.of(new Part(location.apply(i), 0, Long.BYTES))));
        }
        return words;
    }
}
