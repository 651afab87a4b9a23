package dev.tracetoll.x86;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** What an instruction does, as far as anything depends on it here. */
public enum Operation {
    ADD("add"),
    OR("or"),
    AND("and"),
    SUB("sub"),
    XOR("xor"),
    CMP("cmp"),
    TEST("test"),
    MOV("mov", "movabs"),
    /** Moves on a condition that the flags say. */
    CMOV(moves()),
    MOVZX("movzx"),
    MOVSX("movsx"),
    MOVSXD("movsxd"),
    LEA("lea"),
    PUSH("push"),
    POP("pop"),
    NOP("nop"),
    /** Marks where an indirect branch may lead, and does nothing else. */
    ENDBR("endbr64"),
    JMP("jmp"),
    /** A jump on a condition that the flags say. */
    JCC(jumps()),
    /** A jump on what is in the counter. */
    LOOP("loop", "loope", "loopne", "jrcxz", "jecxz"),
    CALL("call"),
    RET("ret"),
    FAR_RETURN("retf", "retfq"),
    /** Can raise a signal that tells where it is. */
    DIVISION("div", "idiv", "divsd", "divss", "divpd", "divps"),
    /** Enters the kernel, or comes from it. */
    SYSTEM(
            "syscall",
            "sysenter",
            "sysret",
            "int",
            "int1",
            "int3",
            "into",
            "iret",
            "iretd",
            "iretq",
            "hlt",
            "ud0",
            "ud2",
            "ud2b"),
    TRANSACTION("xbegin", "xabort"),
    /** Clears the upper halves of vector registers, and leaves the lower ones as they are. */
    VZEROUPPER("vzeroupper"),
    OTHER;

    private static final Map<String, Operation> BY_MNEMONIC = new HashMap<>();

    static {
        for (Operation operation : values()) {
            for (String mnemonic : operation.mnemonics) {
                BY_MNEMONIC.put(mnemonic, operation);
            }
        }
    }

    private final String[] mnemonics;

    Operation(String... mnemonics) {
        this.mnemonics = mnemonics;
    }

    private static String[] moves() {
        return Arrays.stream(jumps()).map(jump -> "cmov" + jump.substring(1)).toArray(String[]::new);
    }

    private static String[] jumps() {
        return Arrays.stream(Condition.values()).map(Condition::jump).toArray(String[]::new);
    }

    /** By its mnemonic, without prefixes. */
    static Operation of(String mnemonic) {
        return BY_MNEMONIC.getOrDefault(mnemonic, OTHER);
    }
}
