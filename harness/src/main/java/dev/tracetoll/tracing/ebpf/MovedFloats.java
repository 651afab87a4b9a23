package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.golang.Location;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.x86.Assembler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Where the code before a probe puts floating-point registers, which no BPF program can read.
 *
 * <p>R12 and R13 are nobody's where a function begins or ends, and so are the integer argument registers that the signature leaves free: see
 * {@code src/cmd/compile/abi-internal.md}. What does not fit there goes below the stack pointer, where a function that checks its stack has
 * room.
 *
 * @param to where each register goes, by its number
 */
record MovedFloats(Map<Integer, Location> to) {

    private static final Location R12 = new Location.IntRegister(9);
    private static final Location R13 = new Location.IntRegister(10);
    private static final int MOST_FLOATS = 15;
    private static final int RSP = 4;

    /**
     * How far below the stack pointer they begin: below them are left the 32 bytes that the kernel's call in place of a nop writes (a return
     * address and three registers, {@code arch/x86/kernel/uprobes.c}), and as many again.
     */
    private static final int BELOW = 64 + MOST_FLOATS * Long.BYTES;

    /** Where those of a site go; empty if there is no room for all. */
    static Optional<MovedFloats> of(SitePlan site) {
        Set<Integer> wanted = site.pieces().stream()
                .map(piece -> piece.part().location())
                .filter(Location.FloatRegister.class::isInstance)
                .map(location -> ((Location.FloatRegister) location).index())
                .collect(Collectors.toCollection(TreeSet::new));
        List<Location> free = free(site);
        boolean checked =
                site.function() != null && site.function().entry().check().isPresent();
        if (wanted.size() > free.size() && !checked) {
            return Optional.empty();
        }
        Map<Integer, Location> to = new TreeMap<>();
        for (int register : wanted) {
            to.put(register, to.size() < free.size() ? free.get(to.size()) : slot(site, register));
        }
        return Optional.of(new MovedFloats(to));
    }

    private static List<Location> free(SitePlan site) {
        List<Location> free = new ArrayList<>();
        free.add(R12);
        free.add(R13);
        free.addAll(site.freeRegisters());
        return free;
    }

    private static int below(int register) {
        return -BELOW + register * Long.BYTES;
    }

    private static Location slot(SitePlan site, int register) {
        return new Location.StackSlot(below(register) - site.site().frameBytes() - Long.BYTES);
    }

    /** Where a part is then. */
    Location moved(Location location) {
        return location instanceof Location.FloatRegister register
                ? to.getOrDefault(register.index(), location)
                : location;
    }

    /** Writes the code that moves them. */
    void write(Assembler code) {
        to.forEach((register, location) -> {
            if (location instanceof Location.IntRegister free) {
                code.moveFloat(free.number(), register);
            } else {
                code.storeFloat(RSP, below(register), register, Long.BYTES);
            }
        });
    }
}
