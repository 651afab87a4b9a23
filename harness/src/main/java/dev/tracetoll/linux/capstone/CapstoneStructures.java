package dev.tracetoll.linux.capstone;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where libcapstone puts what it says of an instruction, in bytes from the beginning of {@code struct cs_insn}, with {@code struct cs_detail}
 * right behind it. Major versions differ in it; what is the same in all is said where it is read.
 *
 * <p>Source: {@code <capstone/capstone.h>} of 4.0.2 and of 5.0.7, as a compiler lays it out. Version 5 has room for eight more bytes of an
 * instruction, and for eight more registers that it reads besides its operands.
 */
enum CapstoneStructures {
    VERSION_4(4, 34, 66, 232, 240, 1848, 24, 26, 66, 80),
    VERSION_5(5, 42, 74, 240, 248, 1864, 40, 42, 82, 96);

    private final int major;
    private final int mnemonic;
    private final int operandText;
    private final int detail;
    private final int instructionBytes;
    private final int detailBytes;
    private final int readCount;
    private final int writtenRegisters;
    private final int writtenCount;
    private final int x86;

    CapstoneStructures(
            int major,
            int mnemonic,
            int operandText,
            int detail,
            int instructionBytes,
            int detailBytes,
            int readCount,
            int writtenRegisters,
            int writtenCount,
            int x86) {
        this.major = major;
        this.mnemonic = mnemonic;
        this.operandText = operandText;
        this.detail = detail;
        this.instructionBytes = instructionBytes;
        this.detailBytes = detailBytes;
        this.readCount = instructionBytes + readCount;
        this.writtenRegisters = instructionBytes + writtenRegisters;
        this.writtenCount = instructionBytes + writtenCount;
        this.x86 = instructionBytes + x86;
    }

    /** Those of a major version ({@code cs_version}); empty for one that nobody has looked at. */
    static Optional<CapstoneStructures> ofMajor(int version) {
        return Stream.of(values()).filter(each -> each.major == version).findFirst();
    }

    /** {@code cs_insn.mnemonic}, text that ends with a byte 0. */
    int mnemonic() {
        return mnemonic;
    }

    /** {@code cs_insn.op_str}, the same. */
    int operandText() {
        return operandText;
    }

    /** {@code cs_insn.detail}, a pointer. */
    int detail() {
        return detail;
    }

    /** How long {@code struct cs_insn} is. */
    int instructionBytes() {
        return instructionBytes;
    }

    /** How long {@code struct cs_detail} is. */
    int detailBytes() {
        return detailBytes;
    }

    /** {@code cs_detail.regs_read}, numbers of two bytes. */
    int readRegisters() {
        return instructionBytes;
    }

    int readCount() {
        return readCount;
    }

    /** {@code cs_detail.regs_write}, the same. */
    int writtenRegisters() {
        return writtenRegisters;
    }

    int writtenCount() {
        return writtenCount;
    }

    /** {@code cs_detail.x86}, a {@code struct cs_x86}. */
    int x86() {
        return x86;
    }
}
