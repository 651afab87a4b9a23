package dev.tracetoll.tracing.ptrace;

import dev.tracetoll.process.CodeWord;
import dev.tracetoll.x86.EmulatedInstruction;
import dev.tracetoll.x86.Instruction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An {@code int3} in place of the first byte of an instruction. */
final class Breakpoint {

    /** The {@code int3} instruction. */
    static final byte INT3 = (byte) 0xcc;

    /** Address of the displaced instruction in the process. */
    final long address;
    /** What to capture; more than one where a function returns with its first instruction. */
    final List<HitReader> readers = new ArrayList<>();
    /** How the displaced instruction is brought about from outside; null if it is not. */
    @Nullable
    EmulatedInstruction emulated;
    /** Where the thread can go on instead, in a copy of the instruction that leads back; 0 if there is none. */
    long copy;
    /** The instruction as it can be single-stepped elsewhere; null if it cannot. */
    byte @Nullable [] stepped;
    /** The code around it that is written as a whole. */
    @SuppressWarnings("NullAway.Init") // Known once all that are in it are.
    CodeWord word;

    Breakpoint(long address) {
        this.address = address;
    }

    /** The displaced instruction; {@link #address} is where it is. */
    Instruction instruction() {
        return readers.get(0).plan().site().instruction();
    }

    /** The address of the instruction behind the displaced one. */
    long next() {
        return address + instruction().length();
    }

    /** Whether a thread that has stopped for a SIGTRAP right behind the int3 must have executed it: nothing else leads there. */
    boolean isWithinInstruction() {
        return instruction().length() > 1;
    }
}
