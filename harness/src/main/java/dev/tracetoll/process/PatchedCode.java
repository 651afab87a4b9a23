package dev.tracetoll.process;

import dev.tracetoll.linux.ptrace.ProcessMemory;
import dev.tracetoll.linux.ptrace.Ptrace;
import dev.tracetoll.problem.OperationFailed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What has been changed in a process's code: written through its stopped threads, word by word, and put back in the end. Every change is noted
 * in the guardian's table before it is made.
 */
public final class PatchedCode {

    private final Ptrace ptrace;
    private final ProcessMemory memory;
    private final GuardTable table;
    private final List<CodeWord> words = new ArrayList<>();
    private final Set<Long> overwritten = new HashSet<>();

    /** @param table told of everything before it is written */
    public PatchedCode(Ptrace ptrace, ProcessMemory memory, GuardTable table) {
        this.ptrace = ptrace;
        this.memory = memory;
        this.table = table;
    }

    /**
     * Writes breakpoints, which {@link #disarm} takes away.
     *
     * @param lengths in the place of each breakpoint the length of the displaced instruction
     * @return false if the thread is dying
     */
    public boolean plant(Tracee tracee, CodeWord word, long lengths) {
        words.add(word);
        table.code(word, lengths);
        return write(tracee, word.address(), word.armed());
    }

    /** Replaces 8 aligned bytes of code that nobody executes until {@link #putBack}; false if the thread is dying. */
    public boolean overwrite(Tracee tracee, CodeWord word) {
        if (overwritten.add(word.address())) {
            words.add(word);
        }
        table.code(word, 0);
        return write(tracee, word.address(), word.armed());
    }

    /** Writes a word that has been planted as it is for the moment; false if the thread is dying. */
    public boolean write(Tracee tracee, long address, long value) {
        return ptrace.pokeText(tracee.thread(), address, value);
    }

    /** It is gone with the memory it was in. */
    public void forget() {
        words.clear();
        overwritten.clear();
    }

    /** Puts the displaced instructions back, in the memory of a stopped thread, and nothing else; false if the thread is dying. */
    public boolean disarm(Tracee tracee) {
        for (CodeWord word : words) {
            if (!overwritten.contains(word.address()) && !write(tracee, word.address(), word.original())) {
                return false;
            }
        }
        return true;
    }

    /**
     * Puts all original code back, in the memory of a stopped thread.
     *
     * @return false if the thread is dying
     * @throws OperationFailed if the code is not the original one afterwards
     */
    public boolean putBack(Tracee tracee) {
        for (CodeWord word : words) {
            if (!write(tracee, word.address(), word.original())) {
                return false;
            }
        }
        for (CodeWord word : words) {
            OptionalLong now = memory.readLong(tracee.thread(), word.address());
            if (now.isEmpty()) {
                return false;
            }
            if (now.getAsLong() != word.original()) {
                throw new OperationFailed(
                        "the code of process " + tracee.process() + " at 0x" + Long.toHexString(word.address())
                                + " could not be restored: it is " + Long.toHexString(now.getAsLong()) + " instead of "
                                + Long.toHexString(word.original()));
            }
        }
        return true;
    }
}
