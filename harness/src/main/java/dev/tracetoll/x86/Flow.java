package dev.tracetoll.x86;

/** Where the program goes on after an instruction. */
public enum Flow {
    /** Behind it. */
    NEXT,
    /** At an address that is part of it, and then behind it. */
    CALL,
    /** At an address from a register or from memory, and then behind it. */
    INDIRECT_CALL,
    /** At an address that is part of it. */
    JUMP,
    /** At an address that is part of it, or behind it. */
    CONDITIONAL_JUMP,
    /** At an address from a register or from memory. */
    INDIRECT_JUMP,
    /** At an address from the stack. */
    RETURN
}
