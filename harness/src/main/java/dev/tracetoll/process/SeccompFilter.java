package dev.tracetoll.process;

import dev.tracetoll.linux.ptrace.ProcessMemory;
import dev.tracetoll.linux.ptrace.Ptrace;
import dev.tracetoll.linux.ptrace.Registers;
import dev.tracetoll.linux.ptrace.SystemCallStop;
import dev.tracetoll.linux.ptrace.WaitStatus;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Predicate;

/**
 * A seccomp filter that asks for the tracer at one system call and lets all others pass, and how it gets into a process that has just
 * executed a program: the process is made to install it itself, before the program's first instruction.
 *
 * <p>It cannot be removed. Children inherit it, and in a process without a tracer the call fails with ENOSYS.
 *
 * <p>Source of the numbers: {@code linux/filter.h}, {@code linux/seccomp.h}, {@code linux/audit.h}, seccomp(2).
 */
public final class SeccompFilter {

    /** {@code BPF_LD | BPF_W | BPF_ABS}, {@code BPF_JMP | BPF_JEQ | BPF_K}, {@code BPF_RET | BPF_K}. */
    private static final int LOAD = 0x20;

    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int RETURN = 0x06;
    /** Of {@code nr} and {@code arch} in {@code struct seccomp_data}. */
    private static final int NUMBER = 0;

    private static final int ARCHITECTURE = 4;
    private static final int AUDIT_ARCH_X86_64 = 0xc000003e;
    private static final int RET_TRACE = 0x7ff00000;
    private static final int RET_ALLOW = 0x7fff0000;

    private static final int SYS_SECCOMP = 317;
    private static final int SET_MODE_FILTER = 1;
    private static final int INSTRUCTIONS = 6;
    /** {@code struct sock_fprog} and as many {@code struct sock_filter}. */
    private static final int HEADER_BYTES = 2 * Long.BYTES;

    private static final int BYTES = HEADER_BYTES + INSTRUCTIONS * Long.BYTES;
    /** Below the stack pointer, where the ABI has its red zone. */
    private static final int DISTANCE = 256;
    /** The instruction {@code syscall}, in the two lowest bytes of a word. */
    private static final long SYSCALL_INSTRUCTION = 0x050f;

    private final Ptrace ptrace;
    private final long number;
    private final Registers before = new Registers();
    private final Registers changed = new Registers();
    private final ProcessMemory memory = new ProcessMemory();
    private final SystemCallStop stop = new SystemCallStop();

    /**
     * @param ptrace of the thread that traces
     * @param number of the system call
     */
    public SeccompFilter(Ptrace ptrace, long number) {
        this.ptrace = ptrace;
        this.number = number;
    }

    /**
     * Installs the filter through the only thread of a process, which is stopped for having executed a program
     * ({@link WaitStatus#EVENT_EXEC}). On return it is stopped outside of any system call, with all it had before.
     *
     * @param nextSystemCallStop lets a thread run to its next stop for a system call; says whether it is there
     * @return 0, or the error number that seccomp(2) gave; -1 if the thread is dying
     */
    public int install(int thread, Predicate<Integer> nextSystemCallStop) {
        long mask = ptrace.signalMask(thread);
        // To the end of execve, from where registers are kept.
        if (!ptrace.signalMask(thread, -1)
                || !nextSystemCallStop.test(thread)
                || !ptrace.read(thread, before)
                || !ptrace.read(thread, changed)) {
            return -1;
        }
        long code = before.instructionPointer();
        if (!memory.read(thread, code, Long.BYTES)) {
            return -1;
        }
        long displaced = memory.longAt(0);
        long program = before.stackPointer() - DISTANCE & -Long.BYTES;
        changed.prepareSystemCall(SYS_SECCOMP, SET_MODE_FILTER, 0, program);
        boolean called = poke(thread, program)
                && ptrace.pokeText(thread, code, displaced & ~0xffffL | SYSCALL_INSTRUCTION)
                && ptrace.write(thread, changed)
                // In, and out.
                && nextSystemCallStop.test(thread)
                && nextSystemCallStop.test(thread)
                && ptrace.read(thread, stop)
                && stop.isExit();
        int error = called ? (int) -stop.result() : -1;
        boolean restored = ptrace.pokeText(thread, code, displaced)
                && ptrace.write(thread, before)
                && ptrace.signalMask(thread, mask);
        return restored ? error : -1;
    }

    private boolean poke(int thread, long address) {
        ByteBuffer filter = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        filter.putLong(INSTRUCTIONS).putLong(address + HEADER_BYTES);
        instruction(filter, LOAD, 0, ARCHITECTURE);
        instruction(filter, JUMP_IF_EQUAL, 3, AUDIT_ARCH_X86_64);
        instruction(filter, LOAD, 0, NUMBER);
        instruction(filter, JUMP_IF_EQUAL, 1, (int) number);
        instruction(filter, RETURN, 0, RET_TRACE);
        instruction(filter, RETURN, 0, RET_ALLOW);
        for (int at = 0; at < BYTES; at += Long.BYTES) {
            if (!ptrace.pokeText(thread, address + at, filter.getLong(at))) {
                return false;
            }
        }
        return true;
    }

    /** A {@code struct sock_filter}: code, jump if true, jump if false, operand. */
    private static void instruction(ByteBuffer into, int code, int jumpIfNot, int operand) {
        into.putShort((short) code).put((byte) 0).put((byte) jumpIfNot).putInt(operand);
    }
}
