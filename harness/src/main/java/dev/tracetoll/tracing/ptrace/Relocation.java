package dev.tracetoll.tracing.ptrace;

import dev.tracetoll.golang.ProbeSite;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What becomes of an instruction that is executed at another address.
 *
 * <p>Source of the encodings: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, chapter 2.
 */
final class Relocation {

    /**
     * Instructions that must be where they are: what remembers its own address, in a register or on the stack or in a signal, what is
     * executed again and again under a single-step, and what enters the kernel.
     */
    private static final Pattern BOUND = Pattern.compile(
            "(call|loop|jrcxz|jecxz|syscall|sysenter|sysret|int|iret|hlt|ud|xbegin|xabort|rep(?!z ret)|bnd|notrack|l?ret far|retf|i?div).*");
    private static final int LONGEST_DISTANCE = Integer.MAX_VALUE;

    private Relocation() {}

    /** Whether the instruction is a direct jump, conditional or not. */
    static boolean isDirectJump(byte[] code) {
        int first = code[0] & 0xff;
        return first == 0xeb || first == 0xe9 || (first & 0xf0) == 0x70 || first == 0x0f && (code[1] & 0xf0) == 0x80;
    }

    /** Whether it is a direct call. */
    static boolean isDirectCall(byte[] code) {
        return (code[0] & 0xff) == 0xe8;
    }

    /** Whether it goes on at an address that it takes from a register or from memory. */
    static boolean goesAnywhere(ProbeSite site) {
        String text = site.mnemonic();
        return text.startsWith("ret") || text.startsWith("jmp") && !isDirectJump(site.instruction());
    }

    /**
     * The instruction's bytes for another address. Of a direct jump or call, which a single-step leaves with an address to be corrected, they
     * are the same.
     *
     * @return empty if it cannot be executed elsewhere
     */
    static Optional<byte[]> moved(ProbeSite site, long from, long to) {
        byte[] code = site.instruction().clone();
        if (isDirectJump(code) || isDirectCall(code)) {
            return Optional.of(code);
        }
        String text = site.mnemonic();
        if (BOUND.matcher(text).matches()) {
            return Optional.empty();
        }
        if (!text.contains("[rip")) {
            return Optional.of(code);
        }
        int at = modrm(code) + 1;
        if (at + Integer.BYTES > code.length || (code[at - 1] & 0xc7) != 5) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN);
        long distance = bytes.getInt(at) + from - to;
        if (Math.abs(distance) > LONGEST_DISTANCE) {
            return Optional.empty();
        }
        bytes.putInt(at, (int) distance);
        return Optional.of(code);
    }

    /**
     * Code for another address that does what the instruction does and goes on where it would.
     *
     * @return empty if there is none
     */
    static Optional<byte[]> leadingBack(ProbeSite site, long from, long to) {
        byte[] code = site.instruction();
        long next = from + code.length;
        if (isDirectCall(code)) {
            return Optional.empty();
        }
        if (isDirectJump(code)) {
            long distance = code.length < Integer.BYTES + 1 ? code[code.length - 1]
                    : ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN).getInt(code.length - Integer.BYTES);
            byte[] branch = jump(to, next + distance);
            int opcode = code[code[0] == 0x0f ? 1 : 0];
            if ((code[0] & 0xf0) == 0x70 || code[0] == 0x0f) {
                byte[] near = jump(to + 1, next + distance);
                branch = ByteBuffer.allocate(2 + Integer.BYTES).put((byte) 0x0f).put((byte) (0x80 | opcode & 0xf))
                        .put(near, 1, Integer.BYTES).array();
            }
            return Optional.of(joined(branch, jump(to + branch.length, next)));
        }
        Optional<byte[]> moved = moved(site, from, to);
        return goesAnywhere(site) ? moved : moved.map(itself -> joined(itself, jump(to + itself.length, next)));
    }

    private static byte[] joined(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
    }

    /** A jump between two addresses: its five bytes. */
    private static byte[] jump(long from, long to) {
        return ByteBuffer.allocate(1 + Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).put((byte) 0xe9)
                .putInt((int) (to - from - 1 - Integer.BYTES)).array();
    }

    /** Where the ModRM byte of an instruction is that has one. */
    private static int modrm(byte[] code) {
        int at = 0;
        while (isPrefix(code[at] & 0xff)) {
            at++;
        }
        return at + switch (code[at] & 0xff) {
            case 0xc5 -> 3;
            case 0xc4 -> 4;
            case 0x62 -> 5;
            case 0x0f -> (code[at + 1] & 0xff) == 0x38 || (code[at + 1] & 0xff) == 0x3a ? 3 : 2;
            default -> 1;
        };
    }

    private static boolean isPrefix(int b) {
        return switch (b) {
            case 0x66, 0x67, 0xf0, 0xf2, 0xf3, 0x2e, 0x36, 0x3e, 0x26, 0x64, 0x65 -> true;
            default -> (b & 0xf0) == 0x40;
        };
    }
}
