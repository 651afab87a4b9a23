package dev.tracetoll.tracing.uprobe;

import dev.tracetoll.linux.KernelVersion;
import dev.tracetoll.tracing.plan.SiteClass;
import dev.tracetoll.tracing.plan.SitePricing;
import dev.tracetoll.x86.Instruction;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/**
 * What a kernel does with the instruction under a uprobe.
 *
 * <p>Source: {@code branch_setup_xol_ops} and {@code push_setup_xol_ops} in {@code arch/x86/kernel/uprobes.c}; pushes are emulated since
 * Linux 6.12, the nops of up to 8 bytes that the kernel uses itself since 6.16, and those of 5 bytes are turned into calls since 6.18. The branch of
 * a stack check is emulated by all.
 *
 * <p>Techniques that probe otherwise are given the same sites, so that they can be compared.
 */
public final class Emulation implements SitePricing {

    /** The multi-byte nops of {@code arch/x86/include/asm/nops.h}, in hexadecimal; no other nop of these lengths is one to the kernel. */
    private static final Set<String> LONG_NOPS = Set.of(
            "0f1f00", "0f1f4000", "0f1f440000", "660f1f440000", "0f1f8000000000", "0f1f840000000000");
    private static final int OPTIMIZED_LENGTH = 5;

    private final boolean push;
    private final boolean longNop;
    private final boolean optimizesNop;

    /** What the kernel that runs does. */
    public static Emulation ofThisKernel() {
        KernelVersion kernel = KernelVersion.running();
        return new Emulation(kernel.major(), kernel.minor());
    }

    /**
     * @param major the kernel's major version
     * @param minor the kernel's minor version
     */
    public Emulation(int major, int minor) {
        push = major > 6 || major == 6 && minor >= 12;
        longNop = major > 6 || major == 6 && minor >= 16;
        optimizesNop = major > 6 || major == 6 && minor >= 18;
    }

    @Override
    public SiteClass classOf(Instruction instruction) {
        return classOf(instruction.bytes());
    }

    SiteClass classOf(byte[] instruction) {
        if (LONG_NOPS.contains(HexFormat.of().formatHex(instruction))) {
            return optimizesNop && instruction.length == OPTIMIZED_LENGTH ? SiteClass.OPTIMIZED : longNop ? SiteClass.EMULATED : SiteClass.STEPPED;
        }
        int first = instruction[0] & 0xff;
        int second = instruction.length > 1 ? instruction[1] & 0xff : 0;
        boolean branch = first == 0xeb || first == 0xe9 || first == 0xe8 || first >= 0x70 && first <= 0x7f
                || first == 0x0f && second >= 0x80 && second <= 0x8f;
        boolean pushRegister = first >= 0x50 && first <= 0x57 || first == 0x41 && second >= 0x50 && second <= 0x57;
        boolean nop = first == 0x90 || first == 0x66 && instruction[instruction.length - 1] == (byte) 0x90 && onlyPrefixes(instruction);
        return branch || nop || push && pushRegister ? SiteClass.EMULATED : SiteClass.STEPPED;
    }

    /** Whether all but the last byte say how wide the operand is. */
    private static boolean onlyPrefixes(byte[] instruction) {
        for (int i = 0; i < instruction.length - 1; i++) {
            if (instruction[i] != 0x66) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Optional<String> objection(Instruction instruction) {
        return mistakenForNop(instruction.bytes()) ? Optional.of("a kernel would take its instruction at 0x" + Long.toHexString(instruction.address()) + ", "
                + instruction.text() + ", for a nop and leave it out under a uprobe") : Optional.empty();
    }

    /**
     * Whether the kernel emulates the instruction as what it is not: it looks for the opcode of nop without its prefixes, and with REX.B that
     * is an exchange of rax and r8. Go 1.19's write barriers ({@code runtime.gcWriteBarrierR8}) begin with one.
     */
    static boolean mistakenForNop(byte[] instruction) {
        return instruction.length == 2 && (instruction[0] & 0xf1) == 0x41 && (instruction[1] & 0xff) == 0x90;
    }
}
