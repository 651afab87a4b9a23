package dev.tracetoll.golang;

import dev.tracetoll.x86.Condition;

/**
 * The branch of a stack check, with which a Go function begins: taken, it leads to {@code runtime.morestack}, which grows the stack or lets
 * another goroutine run, and then jumps back to the function's entry.
 *
 * @param flags bits of EFLAGS; the branch is taken if any of them is set. 0 at a site before the check, where nothing tells it yet
 * @param target where it leads, a virtual address in the ELF file
 */
public record StackCheck(int flags, long target) {

    private static final int CARRY = 1;
    private static final int ZERO = 1 << 6;

    /** The flags for a condition; 0 if no stack check has that one. */
    static int flagsOf(Condition condition) {
        return switch (condition) {
            case B -> CARRY;
            case BE -> CARRY | ZERO;
            default -> 0;
        };
    }

    /** Whether a call that comes back cannot be told from one that does not. */
    public boolean untold() {
        return flags == 0;
    }

    /** Whether the branch will be taken. */
    public boolean grows(long eflags) {
        return (eflags & flags) != 0;
    }
}
