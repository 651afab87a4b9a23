package dev.tracetoll.golang;

import dev.tracetoll.linux.KernelVersion;

/**
 * What a kernel does with the instruction under a uprobe.
 *
 * <p>Source: {@code branch_setup_xol_ops} and {@code push_setup_xol_ops} in {@code arch/x86/kernel/uprobes.c}; pushes are emulated since
 * Linux 6.12, 5-byte nops are turned into calls since 6.18.
 */
public final class Emulation {

    private static final int[] FIVE_BYTE_NOP = {0x0f, 0x1f, 0x44, 0x00, 0x00};

    private final boolean push;
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
        optimizesNop = major > 6 || major == 6 && minor >= 18;
    }

    /** The class of a probe site on this instruction. */
    public SiteClass classOf(byte[] instruction) {
        if (optimizesNop && isFiveByteNop(instruction)) {
            return SiteClass.OPTIMIZED;
        }
        int first = instruction[0] & 0xff;
        int second = instruction.length > 1 ? instruction[1] & 0xff : 0;
        boolean branch = first == 0xeb || first == 0xe9 || first == 0xe8 || first >= 0x70 && first <= 0x7f
                || first == 0x0f && second >= 0x80 && second <= 0x8f;
        boolean pushRegister = first >= 0x50 && first <= 0x57 || first == 0x41 && second >= 0x50 && second <= 0x57;
        boolean nop = first == 0x90 || first == 0x66 && second == 0x90;
        return branch || nop || push && pushRegister ? SiteClass.EMULATED : SiteClass.STEPPED;
    }

    /**
     * Whether the kernel emulates the instruction as what it is not: it looks for the opcode of nop without its prefixes, and with REX.B that
     * is an exchange of rax and r8. Go 1.19's write barriers ({@code runtime.gcWriteBarrierR8}) begin with one.
     */
    static boolean mistakenForNop(byte[] instruction) {
        return instruction.length == 2 && (instruction[0] & 0xf1) == 0x41 && (instruction[1] & 0xff) == 0x90;
    }

    private static boolean isFiveByteNop(byte[] instruction) {
        if (instruction.length != FIVE_BYTE_NOP.length) {
            return false;
        }
        for (int i = 0; i < FIVE_BYTE_NOP.length; i++) {
            if ((instruction[i] & 0xff) != FIVE_BYTE_NOP[i]) {
                return false;
            }
        }
        return true;
    }
}
