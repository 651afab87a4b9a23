package dev.tracetoll.x86;

import java.util.Locale;

/**
 * The condition of a conditional jump. Its number among the others is the low half of the jump's opcode.
 *
 * <p>Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 1, appendix B.
 */
public enum Condition {
    O,
    NO,
    B,
    AE,
    E,
    NE,
    BE,
    A,
    S,
    NS,
    P,
    NP,
    L,
    GE,
    LE,
    G;

    /** The mnemonic of the jump that has it. */
    String jump() {
        return "j" + name().toLowerCase(Locale.ROOT);
    }

    /** Whether it holds. */
    public boolean holds(long flags) {
        boolean signs = (flags & Flags.SIGN) != 0 ^ (flags & Flags.OVERFLOW) != 0;
        boolean holds =
                switch (ordinal() >> 1) {
                    case 0 -> (flags & Flags.OVERFLOW) != 0;
                    case 1 -> (flags & Flags.CARRY) != 0;
                    case 2 -> (flags & Flags.ZERO) != 0;
                    case 3 -> (flags & (Flags.CARRY | Flags.ZERO)) != 0;
                    case 4 -> (flags & Flags.SIGN) != 0;
                    case 5 -> (flags & Flags.PARITY) != 0;
                    case 6 -> signs;
                    default -> signs || (flags & Flags.ZERO) != 0;
                };
        return holds ^ (ordinal() & 1) != 0;
    }
}
