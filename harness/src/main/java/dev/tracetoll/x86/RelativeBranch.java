package dev.tracetoll.x86;

/**
 * The encoding of branches that tell their distance: an opcode and behind it the distance, of one byte or more. Read here and not from an
 * instruction's details, as whoever looks at a program's code follows every branch, and nothing else of it.
 *
 * <p>Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, 2.1 and the pages of CALL, Jcc, JMP and LOOP.
 */
final class RelativeBranch {

    /** First byte of the opcodes of CALL and JMP that go to an address from a register or from memory. */
    private static final int INDIRECT = 0xff;
    /** First byte of the longer opcodes, here of the conditional jumps with a longer distance. */
    private static final int LONG = 0x0f;

    private static final int REX = 0x40;

    private RelativeBranch() {}

    /** Whether a jump or call tells its distance. */
    static boolean is(byte[] code) {
        return (code[opcode(code)] & 0xff) != INDIRECT;
    }

    /** How far from its end it leads. */
    static long distance(byte[] code) {
        int at = opcode(code) + (code[opcode(code)] == LONG ? 2 : 1);
        long distance = code[code.length - 1];
        for (int i = code.length - 2; i >= at; i--) {
            distance = distance << Byte.SIZE | code[i] & 0xff;
        }
        return distance;
    }

    /** The index of the first byte that is no prefix. */
    private static int opcode(byte[] code) {
        int at = 0;
        while (isPrefix(code[at] & 0xff)) {
            at++;
        }
        return at;
    }

    private static boolean isPrefix(int b) {
        return switch (b) {
            case 0x66, 0x67, 0xf0, 0xf2, 0xf3, 0x2e, 0x36, 0x3e, 0x26, 0x64, 0x65 -> true;
            default -> (b & 0xf0) == REX;
        };
    }
}
