package dev.tracetoll.tracing.ptrace;

import java.util.ArrayList;
import java.util.List;

/** An {@code int3} in place of the first byte of an instruction. */
final class Breakpoint {

    /** The {@code int3} instruction. */
    static final byte INT3 = (byte) 0xcc;

    /** Address of the displaced instruction in the process. */
    final long address;
    /** What to capture; more than one where a function returns with its first instruction. */
    final List<HitReader> readers = new ArrayList<>();
    /** The code around it that is written as a whole. */
    CodeWord word;

    Breakpoint(long address) {
        this.address = address;
    }
}
