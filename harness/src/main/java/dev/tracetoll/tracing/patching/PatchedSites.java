package dev.tracetoll.tracing.patching;

import dev.tracetoll.tracing.plan.SiteClass;
import dev.tracetoll.tracing.plan.SitePricing;
import dev.tracetoll.x86.Instruction;

/** Prices of sites where jumps are: all the same, so that returns are best seen at their {@code ret}, before which there is room for one. */
public final class PatchedSites implements SitePricing {

    @Override
    public SiteClass classOf(Instruction instruction) {
        return SiteClass.PATCHED;
    }

    @Override
    public boolean overReturn(Instruction candidate) {
        return false;
    }
}
