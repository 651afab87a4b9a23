package dev.tracetoll.x86;

/** Some of the general and vector registers, and the flags; a part of a register stands for the whole. */
public record RegisterSet(long bits) {

    public static final RegisterSet NONE = new RegisterSet(0);

    private static final int FIRST_VECTOR = 16;
    private static final long FLAGS = 1L << FIRST_VECTOR + Register.VECTORS;

    /** The bit of a register; 0 if it is of no kind that is told. */
    static long bit(Register register) {
        return switch (register.family()) {
            case GENERAL -> 1L << register.number();
            case VECTOR -> 1L << FIRST_VECTOR + register.number();
            case FLAGS -> FLAGS;
            default -> 0;
        };
    }

    /** Whether a general register is among them, by the number that instructions use for it. */
    public boolean hasGeneral(int number) {
        return (bits >>> number & 1) != 0;
    }

    /** Whether a vector register is among them. */
    public boolean hasVector(int number) {
        return (bits >>> FIRST_VECTOR + number & 1) != 0;
    }

    public boolean hasFlags() {
        return (bits & FLAGS) != 0;
    }
}
