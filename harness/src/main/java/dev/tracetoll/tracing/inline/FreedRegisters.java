package dev.tracetoll.tracing.inline;

import dev.tracetoll.golang.Location;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.x86.Assembler;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * RAX, RCX and RDX, freed for other use: what they have for the program is in other registers meanwhile that the function's signature leaves to
 * nobody. No memory is needed for that, which a signal's handler might come to need as well.
 *
 * @param kept where it is, by the number of the register that it is kept for
 */
record FreedRegisters(Map<Integer, Location> kept) {

    private static final int RAX = 0;
    private static final int RCX = 1;
    private static final int RDX = 2;
    /** They have the first and the third result. Source: {@code src/cmd/compile/abi-internal.md}. */
    private static final Map<Integer, Location.IntRegister> RESULTS =
            Map.of(RAX, new Location.IntRegister(0), RCX, new Location.IntRegister(2));
    /** X0 to X14; the last one, X15, is always 0. */
    private static final int VECTORS = 15;

    /** Those of a site; empty if it is not known what has to be kept, or there is no room for it. */
    static Optional<FreedRegisters> of(SitePlan site) {
        if (site.function() == null || !site.function().signature().whole()) {
            return Optional.empty();
        }
        Set<Location> used = site.locations();
        Iterator<Location> free = Stream.<Location>concat(
                        site.freeRegisters().stream().filter(register -> !RESULTS.containsValue(register)),
                        IntStream.range(0, VECTORS)
                                .mapToObj(Location.FloatRegister::new)
                                .filter(register -> !used.contains(register)))
                .iterator();
        Map<Integer, Location> kept = new TreeMap<>();
        for (int register : List.of(RAX, RCX, RDX)) {
            // Where a function begins, RDX has its closure, and any other may have what a generic one is given of its
            // types.
            boolean needed = !site.isReturn() || register != RDX && used.contains(RESULTS.get(register));
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
        kept.forEach((register, location) -> {
            if (location instanceof Location.IntRegister other) {
                code.move(other.number(), register);
            } else if (location instanceof Location.FloatRegister vector) {
                code.moveToVector(vector.index(), register);
            }
        });
    }

    void restore(Assembler code) {
        kept.forEach((register, location) -> {
            if (location instanceof Location.IntRegister other) {
                code.move(register, other.number());
            } else if (location instanceof Location.FloatRegister vector) {
                code.moveFloat(register, vector.index());
            }
        });
    }
}
