package dev.tracetoll.golang;

import dev.tracetoll.x86.Instruction;
import java.util.Optional;

/**
 * The instruction that a probe sits on.
 *
 * @param kind entry or return
 * @param instruction the displaced instruction, at its virtual address in the ELF file
 * @param fileOffset offset of the instruction in the ELF file, as uprobes want it
 * @param frameBytes how far above the stack pointer the return address is: 0 where nothing has been pushed yet, or all has been popped
 * @param check the displaced instruction, if it is the branch of a stack check: the site is hit again for every time that it is taken
 */
public record ProbeSite(
        SiteKind kind, Instruction instruction, long fileOffset, int frameBytes, Optional<StackCheck> check) {

    /** Its virtual address in the ELF file; add the load bias for the address in a process. */
    public long address() {
        return instruction.address();
    }
}
