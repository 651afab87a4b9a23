package dev.tracetoll.tracing.inline;

import dev.tracetoll.golang.Location;
import dev.tracetoll.golang.Part;
import dev.tracetoll.golang.Signature;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.x86.Assembler;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * RAX, RCX and RDX, freed for other use: what they have for the program is in vector registers meanwhile that the function's signature leaves to
 * nobody. No memory is needed for that, which a signal's handler might come to need as well.
 *
 * @param kept the number of the vector register, by that of the register that it is kept for
 */
record FreedRegisters(Map<Integer, Integer> kept) {

    private static final int RAX = 0;
    private static final int RCX = 1;
    private static final int RDX = 2;
    /** They have the first and the third argument or result. Source: {@code src/cmd/compile/abi-internal.md}. */
    private static final Map<Integer, Location> ARGUMENTS =
            Map.of(RAX, new Location.IntRegister(0), RCX, new Location.IntRegister(2));
    /** X0 to X14; the last one, X15, is always 0. */
    private static final int VECTORS = 15;

    /** Those of a site; empty if it is not known what has to be kept, or there is no room for it. */
    static Optional<FreedRegisters> of(SitePlan site) {
        if (site.function() == null || site.function().signature().kind() != Signature.Kind.KNOWN) {
            return Optional.empty();
        }
        Set<Location> used = site.variables().stream()
                .flatMap(variable -> variable.parts().stream())
                .map(Part::location)
                .collect(Collectors.toSet());
        Iterator<Integer> free = IntStream.range(0, VECTORS)
                .filter(vector -> !used.contains(new Location.FloatRegister(vector)))
                .iterator();
        Map<Integer, Integer> kept = new TreeMap<>();
        for (int register : Arrays.asList(RAX, RCX, RDX)) {
            // Where a function begins, RDX has its closure.
            boolean needed = register == RDX ? !site.isReturn() : used.contains(ARGUMENTS.get(register));
            if (needed && !free.hasNext()) {
                return Optional.empty();
            }
            if (needed) {
                kept.put(register, free.next());
            }
        }
        return Optional.of(new FreedRegisters(kept));
    }

    void free(Assembler code) {
        kept.forEach((register, vector) -> code.moveToVector(vector, register));
    }

    void restore(Assembler code) {
        kept.forEach((register, vector) -> code.moveFloat(register, vector));
    }
}
