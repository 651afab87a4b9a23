package dev.tracetoll.tracing.plan;

import dev.tracetoll.golang.SitePreference;
import dev.tracetoll.x86.Instruction;
import java.util.Optional;

/** What a hit of a site costs under the mechanism that sees it; that decides between the sites of a function. */
public interface SitePricing extends SitePreference {

    /** The class of a probe site on this instruction. */
    SiteClass classOf(Instruction instruction);

    /** Whatever is not stepped is cheaper than a {@code ret}, which always is. */
    @Override
    default boolean overReturn(Instruction candidate) {
        return classOf(candidate) != SiteClass.STEPPED;
    }

    @Override
    default Optional<String> objection(Instruction instruction) {
        return Optional.empty();
    }
}
