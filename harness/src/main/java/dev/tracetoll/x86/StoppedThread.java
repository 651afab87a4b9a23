package dev.tracetoll.x86;

import dev.tracetoll.linux.ptrace.ProcessMemory;
import dev.tracetoll.linux.ptrace.Registers;

/** A stopped thread as an emulated instruction sees it. One object is used again and again. */
public final class StoppedThread {

    final Registers registers;
    private final ProcessMemory memory;
    private int thread;
    private boolean failed;

    /** @param registers those of the thread, as its stop left them; changed here, and not yet in the thread */
    public StoppedThread(Registers registers, ProcessMemory memory) {
        this.registers = registers;
        this.memory = memory;
    }

    /** Begins with another stop. */
    public void at(int stopped) {
        thread = stopped;
        failed = false;
    }

    /** Reads memory, and notes if that fails. */
    long load(long address, int size) {
        failed |= !memory.read(thread, address, size);
        return failed ? 0 : memory.longAt(0);
    }

    /** Writes memory, and notes if that fails. */
    void store(long address, int size, long value) {
        if (!failed) {
            failed = !memory.write(thread, address, value, size);
        }
    }

    /** Whether memory could not be accessed: then the instruction has had no effect, and the processor is to execute it. */
    public boolean failed() {
        return failed;
    }
}
