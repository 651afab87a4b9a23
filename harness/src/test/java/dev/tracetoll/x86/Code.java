package dev.tracetoll.x86;

import java.util.HexFormat;
import java.util.List;

/** Instructions for tests, written out byte by byte. */
public final class Code {

    private Code() {}

    /** All instructions of code in hexadecimal, in which there may be spaces, and comments to the ends of lines. */
    public static List<Instruction> decode(long address, String code) {
        return decode(address, HexFormat.of().parseHex(code.replaceAll("\\s|//[^\n]*", "")));
    }

    /** All instructions of code. */
    public static List<Instruction> decode(long address, byte[] code) {
        try (Decoder decoder = new Decoder()) {
            return decoder.decode(code, address);
        }
    }

    /**
     * Whether libcapstone 4 alone takes this for an instruction: {@code movsxd} of less than 64 bits, which nobody writes. What is not decoded
     * is neither moved nor emulated.
     */
    static boolean isUnknownToNewerVersions(byte[] code) {
        return HexFormat.of().formatHex(code).matches("(66)?(4[0-7])?63.*");
    }

    /** The one instruction that code is. */
    public static Instruction one(long address, String code) {
        List<Instruction> decoded = decode(address, code);
        if (decoded.size() != 1) {
            throw new IllegalArgumentException(code + " is not one instruction but " + decoded);
        }
        return decoded.get(0);
    }
}
