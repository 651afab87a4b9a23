package dev.tracetoll.golang;

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
    /** Condition codes of {@code jb} and {@code jbe}, the low half of the opcode; Intel SDM, volume 1, appendix B. */
    private static final int BELOW = 2;
    private static final int BELOW_OR_EQUAL = 6;

    /** The flags for a condition code; 0 if no stack check has that condition. */
    static int flagsOf(int condition) {
        return switch (condition) {
            case BELOW -> CARRY;
            case BELOW_OR_EQUAL -> CARRY | ZERO;
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
