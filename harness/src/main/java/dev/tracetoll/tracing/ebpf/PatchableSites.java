package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.tracing.patching.PatchedSites;
import dev.tracetoll.tracing.plan.SiteClass;
import dev.tracetoll.tracing.plan.SitePricing;
import dev.tracetoll.tracing.uprobe.Emulation;
import dev.tracetoll.x86.Instruction;
import java.util.Optional;

/** Prices of sites that jumps lead away from to probes; where that cannot be, they are probed themselves, so that what no uprobe can be on is none. */
public final class PatchableSites implements SitePricing {

    private final PatchedSites patched = new PatchedSites();
    private final Emulation probed = Emulation.ofThisKernel();

    @Override
    public SiteClass classOf(Instruction instruction) {
        return patched.classOf(instruction);
    }

    @Override
    public boolean overReturn(Instruction candidate) {
        return patched.overReturn(candidate);
    }

    @Override
    public Optional<String> objection(Instruction instruction) {
        return probed.objection(instruction);
    }
}
