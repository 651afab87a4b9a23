package dev.tracetoll.x86;

import java.util.List;

/**
 * A register, or the part of one that an instruction names.
 *
 * @param family what kind of register it is
 * @param number by which instructions name it: of the general ones 0 is RAX, 4 RSP, 15 R15
 * @param size how many bytes of it
 * @param second whether it is the second byte of a general register, as AH is
 */
public record Register(Family family, int number, int size, boolean second) {

    /** Kinds of registers. */
    public enum Family {
        GENERAL,
        VECTOR,
        FLAGS,
        INSTRUCTION_POINTER,
        OTHER
    }

    public static final int RAX = 0;
    public static final int RSP = 4;
    public static final int RBP = 5;
    /** As many vector registers can be named. */
    static final int VECTORS = 32;

    private static final List<String> OLD = List.of("ax", "cx", "dx", "bx", "sp", "bp", "si", "di");
    private static final String BYTES = "abcd";
    private static final int YMM_BYTES = 32;

    /** By its name in Intel syntax. */
    static Register named(String name) {
        return switch (name) {
            case "rip" -> new Register(Family.INSTRUCTION_POINTER, 0, Long.BYTES, false);
            case "eip" -> new Register(Family.INSTRUCTION_POINTER, 0, Integer.BYTES, false);
            case "rflags" -> new Register(Family.FLAGS, 0, Long.BYTES, false);
            default ->
                name.matches("[xyz]mm\\d+") ? vector(name) : name.matches("r\\d+[bwd]?") ? numbered(name) : old(name);
        };
    }

    private static Register general(int number, int size) {
        return new Register(Family.GENERAL, number, size, false);
    }

    private static Register vector(String name) {
        int size =
                switch (name.charAt(0)) {
                    case 'x' -> YMM_BYTES / 2;
                    case 'y' -> YMM_BYTES;
                    default -> YMM_BYTES * 2;
                };
        return new Register(Family.VECTOR, Integer.parseInt(name.substring("xmm".length())), size, false);
    }

    private static Register numbered(String name) {
        int size =
                switch (name.charAt(name.length() - 1)) {
                    case 'b' -> 1;
                    case 'w' -> Short.BYTES;
                    case 'd' -> Integer.BYTES;
                    default -> Long.BYTES;
                };
        return general(
                Integer.parseInt(size == Long.BYTES ? name.substring(1) : name.substring(1, name.length() - 1)), size);
    }

    /** One of the first eight, whose names tell their size in several ways. */
    private static Register old(String name) {
        int last = name.length() - 1;
        int number = OLD.indexOf(name.substring(Math.max(0, last - 1)));
        if (number >= 0 && name.length() <= OLD.get(0).length() + 1) {
            int size = name.length() == OLD.get(0).length()
                    ? Short.BYTES
                    : name.charAt(0) == 'r' ? Long.BYTES : Integer.BYTES;
            return general(number, size);
        }
        if (name.length() == OLD.get(0).length()
                && BYTES.indexOf(name.charAt(0)) >= 0
                && (name.endsWith("l") || name.endsWith("h"))) {
            return new Register(Family.GENERAL, OLD.indexOf(name.charAt(0) + "x"), 1, name.endsWith("h"));
        }
        int low = name.endsWith("l") ? OLD.indexOf(name.substring(0, last)) : -1;
        return low >= 0 ? general(low, 1) : new Register(Family.OTHER, 0, 0, false);
    }

    /** Whether it is the whole of one of the general registers, by number. */
    public boolean isWhole(int general) {
        return family == Family.GENERAL && size == Long.BYTES && number == general;
    }
}
