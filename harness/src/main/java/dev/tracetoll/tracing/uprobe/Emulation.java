package dev.tracetoll.tracing.uprobe;

import dev.tracetoll.linux.kernel.Feature;
import dev.tracetoll.linux.kernel.KernelVersion;
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
    private static final Set<String> LONG_NOPS =
            Set.of("0f1f00", "0f1f4000", "0f1f440000", "660f1f440000", "0f1f8000000000", "0f1f840000000000");

    private static final int OPTIMIZED_LENGTH = 5;

    private static final KernelVersion PUSH = new KernelVersion(6, 12);
    private static final KernelVersion LONG_NOP = new KernelVersion(6, 16);
    private static final KernelVersion NOP_AS_CALL = new KernelVersion(6, 18);

    private final KernelVersion kernel;

    /** What the kernel that runs does. */
    public static Emulation ofThisKernel() {
        return new Emulation(KernelVersion.running());
    }

    public Emulation(KernelVersion kernel) {
        this.kernel = kernel;
    }

    /** Whether a {@code push} is emulated. */
    public Feature push() {
        return byVersion("emulated push", PUSH, "a uprobe on push costs one trap, not two");
    }

    /** Whether a 5-byte nop becomes a call. */
    public Feature nopAsCall() {
        return byVersion("optimized nop", NOP_AS_CALL, "a uprobe on a five-byte nop costs a call, not a trap");
    }

    private Feature byVersion(String name, KernelVersion minimum, String detail) {
        return kernel.isAtLeast(minimum)
                ? Feature.works(name, detail + " (Linux >= " + minimum + ")")
                : Feature.needsKernel(name, minimum, kernel);
    }

    @Override
    public SiteClass classOf(Instruction instruction) {
        return classOf(instruction.bytes());
    }

    SiteClass classOf(byte[] instruction) {
        if (LONG_NOPS.contains(HexFormat.of().formatHex(instruction))) {
            boolean called = instruction.length == OPTIMIZED_LENGTH && kernel.isAtLeast(NOP_AS_CALL);
            return called ? SiteClass.OPTIMIZED : kernel.isAtLeast(LONG_NOP) ? SiteClass.EMULATED : SiteClass.STEPPED;
        }
        int first = instruction[0] & 0xff;
        int second = instruction.length > 1 ? instruction[1] & 0xff : 0;
        boolean branch = first == 0xeb
                || first == 0xe9
                || first == 0xe8
                || first >= 0x70 && first <= 0x7f
                || first == 0x0f && second >= 0x80 && second <= 0x8f;
        boolean pushRegister = first >= 0x50 && first <= 0x57 || first == 0x41 && second >= 0x50 && second <= 0x57;
        boolean nop = first == 0x90
                || first == 0x66 && instruction[instruction.length - 1] == (byte) 0x90 && onlyPrefixes(instruction);
        return branch || nop || pushRegister && kernel.isAtLeast(PUSH) ? SiteClass.EMULATED : SiteClass.STEPPED;
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
        return mistakenForNop(instruction.bytes())
                ? Optional.of("a kernel would take its instruction at 0x" + Long.toHexString(instruction.address())
                        + ", " + instruction.text() + ", for a nop and leave it out under a uprobe")
                : Optional.empty();
    }

    /**
     * Whether the kernel emulates the instruction as what it is not: it looks for the opcode of nop without its prefixes, and with REX.B that
     * is an exchange of rax and r8. Go 1.19's write barriers ({@code runtime.gcWriteBarrierR8}) begin with one.
     */
    static boolean mistakenForNop(byte[] instruction) {
        return instruction.length == 2 && (instruction[0] & 0xf1) == 0x41 && (instruction[1] & 0xff) == 0x90;
    }
}
