package dev.tracetoll.linux.ptrace;

import jnr.ffi.Memory;
import jnr.ffi.Pointer;

/**
 * What a thread is stopped for at a system call: a native {@code struct ptrace_syscall_info}, filled again and again by
 * {@link Ptrace#read(int, SystemCallStop)}. Source of the offsets: {@code linux/ptrace.h}.
 */
public final class SystemCallStop {

    static final int SIZE = 88;

    private static final int OPERATION = 0;
    private static final int NUMBER = 24;
    private static final int ARGUMENTS = 32;
    private static final int RESULT = 24;

    private static final int ENTRY = 1;
    private static final int EXIT = 2;
    private static final int SECCOMP = 3;

    private final Pointer info = Memory.allocateDirect(Ptrace.runtime(), SIZE, true);

    long address() {
        return info.address();
    }

    /** Whether the call has not been carried out yet: then it has a number and arguments. */
    public boolean isEntry() {
        int operation = info.getByte(OPERATION);
        return operation == ENTRY || operation == SECCOMP;
    }

    /** Whether the call is over: then it has a result. */
    public boolean isExit() {
        return info.getByte(OPERATION) == EXIT;
    }

    /** The call's number, as {@code asm/unistd_64.h} has it. */
    public long number() {
        return info.getLong(NUMBER);
    }

    /** The argument of that index, 0 to 5. */
    public long argument(int index) {
        return info.getLong(ARGUMENTS + (long) index * Long.BYTES);
    }

    /** The result; a negative error number if the call failed. */
    public long result() {
        return info.getLong(RESULT);
    }
}
