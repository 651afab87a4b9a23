package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.tracing.patching.Detour;
import dev.tracetoll.tracing.patching.ForcedCalls;
import dev.tracetoll.tracing.patching.Installation;
import dev.tracetoll.tracing.patching.Patch;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.x86.Assembler;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Code with a nop for each site, where the registers are as they are at the site, to have a uprobe on it.
 *
 * <p>Since Linux 6.18 the kernel makes a call of a nop of 5 bytes that a uprobe is on, when it has been hit for the first time, if it does not
 * lie across the end of a page ({@code can_optimize} in {@code arch/x86/kernel/uprobes.c}).
 */
final class ProbedNops implements Detour {

    private static final byte[] NOP = {0x0f, 0x1f, 0x44, 0x00, 0x00};
    private static final byte[] SHORTEST_NOP = {(byte) 0x90};
    private static final int PAGE = 4096;

    private static final String NAME = Installation.NAME + "ebpf-patched";

    private final TracePlan plan;
    private final Map<Integer, MovedFloats> floats;
    private final Map<Integer, Long> addresses = new HashMap<>();

    /** @param floats where the floating-point registers of each site go, by its number */
    ProbedNops(TracePlan plan, Map<Integer, MovedFloats> floats) {
        this.plan = plan;
        this.floats = floats;
    }

    /** Where the nop of a site is in the process; once its code has been written. */
    long address(int site) {
        return Objects.requireNonNull(addresses.get(site));
    }

    @Override
    public String file() {
        return NAME;
    }

    @Override
    public void map(ForcedCalls calls, Home home) {
        // The code is all there is.
    }

    @Override
    public byte[] code(Home home, Patch patch, long origin) {
        Assembler code = new Assembler(origin);
        patch.write(
                code,
                home.bias(),
                index -> patch.recordings().stream()
                        .map(Patch.Recording::site)
                        .filter(site -> isAt(patch, index, site))
                        .forEach(site -> nop(code, site)),
                branch -> code.jumpIf(
                        branch.condition().orElseThrow(), branch.target().getAsLong() + home.bias()));
        return code.bytes();
    }

    /** Also of a stack check the branch is the site, with the flags that say where it leads. */
    private boolean isAt(Patch patch, int index, int site) {
        return index < patch.displaced().size()
                && patch.displaced().get(index).address()
                        == plan.sites().get(site).site().address();
    }

    private void nop(Assembler code, int site) {
        Objects.requireNonNull(floats.get(site)).write(code);
        while (code.here() % PAGE > PAGE - NOP.length) {
            code.raw(SHORTEST_NOP);
        }
        addresses.put(site, code.here());
        code.raw(NOP);
    }
}
