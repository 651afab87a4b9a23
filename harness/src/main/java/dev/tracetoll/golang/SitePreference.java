package dev.tracetoll.golang;

import dev.tracetoll.x86.Instruction;
import java.util.Optional;

/** What decides between the candidate sites of a function: how they will be probed, which is not known here. */
public interface SitePreference {

    /** Whether a return is better seen at this instruction, behind which nothing but the frame is taken down, than at its {@code ret}. */
    boolean overReturn(Instruction candidate);

    /** Why no probe may sit on an instruction, where the function is "it"; empty if one may. */
    Optional<String> objection(Instruction instruction);
}
