package dev.tracetoll.golang;

/**
 * Where a part of an argument or result is at a {@link ProbeSite}.
 *
 * <p>Source: Go's {@code src/cmd/compile/abi-internal.md}, section "amd64 architecture".
 */
public sealed interface Location {

    /**
     * An integer argument register: 0 to 8 are RAX, RBX, RCX, RDI, RSI, R8, R9, R10, R11. Go passes nothing in 9 and 10, R12 and R13, which are free
     * where functions begin and end for whoever moves something there.
     */
    record IntRegister(int index) implements Location {

        private static final int[] NUMBERS = {0, 3, 1, 7, 6, 8, 9, 10, 11, 12, 13};

        /** By which instructions name it: 0 is RAX, 15 R15. */
        public int number() {
            return NUMBERS[index];
        }
    }

    /** A floating-point argument register: 0 to 14 are X0 to X14. */
    record FloatRegister(int index) implements Location {}

    /** In memory, {@code offset} bytes above the return address's end, that is at RSP + 8 + offset at a probe site. */
    record StackSlot(int offset) implements Location {}
}
