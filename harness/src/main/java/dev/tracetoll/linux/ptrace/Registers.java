package dev.tracetoll.linux.ptrace;

import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * The registers of a stopped thread: a native {@code struct user_regs_struct} and {@code struct user_fpregs_struct}, filled again and again
 * by {@link Ptrace#read} and given back by {@link Ptrace#write}. Source of the offsets: {@code sys/user.h}.
 */
public final class Registers {

    /** Offset of RIP, also in {@code struct user}. */
    static final int RIP = 128;

    private static final int SIZE = 27 * Long.BYTES;
    private static final int FLOAT_SIZE = 512;
    private static final int R14 = 8;
    private static final int R10 = 56;
    private static final int RAX = 80;
    private static final int RDX = 96;
    private static final int RSI = 104;
    private static final int RDI = 112;
    private static final int ORIG_RAX = 120;
    private static final int EFLAGS = 144;
    private static final int RSP = 152;
    private static final int FS_BASE = 168;
    /** RAX, RBX, RCX, RDI, RSI, R8, R9, R10, R11: Go's order of integer argument registers. */
    private static final int[] INTEGER_ARGUMENTS = {RAX, 40, 88, RDI, RSI, 72, 64, 56, 48};
    /** RDI, RSI, RDX, R10, R8, R9. */
    private static final int[] SYSTEM_CALL_ARGUMENTS = {RDI, RSI, RDX, R10, 72, 64};
    /** By the processor's numbers: RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8 to R15. */
    private static final int[] GENERAL = {RAX, 88, 96, 40, RSP, 32, RSI, RDI, 72, 64, 56, 48, 24, 16, R14, 0};
    /** XMM0 in the FXSAVE image; 16 bytes a register. */
    private static final int XMM0 = 160;

    private final Pointer integers;
    private final Pointer floats;

    public Registers() {
        Runtime runtime = Ptrace.runtime();
        integers = Memory.allocateDirect(runtime, SIZE, true);
        floats = Memory.allocateDirect(runtime, FLOAT_SIZE, true);
    }

    long integerAddress() {
        return integers.address();
    }

    long floatAddress() {
        return floats.address();
    }

    public long instructionPointer() {
        return integers.getLong(RIP);
    }

    public void instructionPointer(long address) {
        integers.putLong(RIP, address);
    }

    /** A general register by the number that instructions use for it: 0 is RAX, 4 RSP, 15 R15. */
    public long general(int number) {
        return integers.getLong(GENERAL[number]);
    }

    public void general(int number, long value) {
        integers.putLong(GENERAL[number], value);
    }

    public long flags() {
        return integers.getLong(EFLAGS);
    }

    public void flags(long flags) {
        integers.putLong(EFLAGS, flags);
    }

    public long stackPointer() {
        return integers.getLong(RSP);
    }

    /** R14, which holds the goroutine's {@code g} in Go's ABIInternal. */
    public long goroutinePointer() {
        return integers.getLong(R14);
    }

    /** Where the thread's FS segment starts, which its thread-local variables are next to. */
    public long threadPointer() {
        return integers.getLong(FS_BASE);
    }

    /** Go's integer argument register of that index, 0 to 8. */
    public long integerArgument(int index) {
        return integers.getLong(INTEGER_ARGUMENTS[index]);
    }

    /** The low 8 bytes of X0 to X14; valid after {@link Ptrace#readFloats}. */
    public long floatArgument(int index) {
        return floats.getLong(XMM0 + 16L * index);
    }

    /** Number of the system call the thread is in; -1 outside of one. */
    long systemCall() {
        return integers.getLong(ORIG_RAX);
    }

    /** First argument of that system call. */
    long firstSystemCallArgument() {
        return integers.getLong(RDI);
    }

    /** As a thread has them that is in no system call, at an address. */
    public void leaveSystemCall(long address) {
        integers.putLong(RIP, address);
        integers.putLong(ORIG_RAX, -1);
        integers.putLong(RAX, 0);
    }

    /** The integer registers as they are in memory. */
    public long[] words() {
        long[] words = new long[SIZE / Long.BYTES];
        integers.get(0, words, 0, words.length);
        return words;
    }

    /**
     * Sets the registers up for a system call.
     *
     * @param arguments at most six
     */
    public void prepareSystemCall(long number, long... arguments) {
        integers.putLong(RAX, number);
        for (int i = 0; i < arguments.length; i++) {
            integers.putLong(SYSTEM_CALL_ARGUMENTS[i], arguments[i]);
        }
    }
}
