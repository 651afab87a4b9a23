package dev.tracetoll.tracing.patching;

import dev.tracetoll.golang.RuntimeInternals;
import dev.tracetoll.linux.ptrace.ProcessMemory;
import dev.tracetoll.linux.ptrace.RemoteWords;
import java.util.Arrays;
import java.util.function.LongPredicate;

/**
 * The goroutines that were stopped between any two instructions. Where a goroutine is in memory it stays, and none is ever given back: those that
 * are found before threads are stopped need not be looked for afterwards.
 */
final class PreemptedGoroutines {

    private static final int AT_ONCE = 512;

    private final RuntimeInternals internals;
    private final long bias;
    private final ProcessMemory memory = new ProcessMemory();
    private final RemoteWords marks = new RemoteWords();
    private long[] goroutines = new long[AT_ONCE];

    /** @param bias what to add to an address in the file for the address in the process */
    PreemptedGoroutines(RuntimeInternals internals, long bias) {
        this.internals = internals;
        this.bias = bias;
    }

    /**
     * Looks at them.
     *
     * @param thread any thread of the process
     * @param isHarmful asked with the saved stack pointer of each that was preempted
     * @return whether there is one of which that is true; where threads run meanwhile, that says nothing
     */
    boolean any(int thread, LongPredicate isHarmful) {
        find(thread);
        marks.read(thread);
        for (int i = 0; i < marks.size(); i++) {
            int shift = (int) (goroutines[i] + internals.preempted() & Long.BYTES - 1) * Byte.SIZE;
            if ((marks.get(i) >>> shift & 0xff) != 0
                    && isHarmful.test(memory.readLong(thread, goroutines[i] + internals.saved())
                            .orElse(0))) {
                return true;
            }
        }
        return false;
    }

    /** Finds those that have been added since. */
    private void find(int thread) {
        long list = word(thread, internals.goroutines() + bias);
        long count = word(thread, internals.goroutines() + bias + Long.BYTES);
        while (marks.size() < count) {
            int known = marks.size();
            int some = (int) Math.min(AT_ONCE, count - known);
            if (!memory.read(thread, list + (long) known * Long.BYTES, some * Long.BYTES)) {
                return;
            }
            if (known + some > goroutines.length) {
                goroutines = Arrays.copyOf(goroutines, 2 * (known + some));
            }
            for (int i = 0; i < some; i++) {
                goroutines[known + i] = memory.longAt(i * Long.BYTES);
                marks.add(goroutines[known + i] + internals.preempted() & -Long.BYTES);
            }
        }
    }

    private long word(int thread, long address) {
        return memory.readLong(thread, address).orElse(0);
    }
}
