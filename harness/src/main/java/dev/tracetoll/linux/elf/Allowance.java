package dev.tracetoll.linux.elf;

import dev.tracetoll.problem.Problem;
import java.util.function.Supplier;

/**
 * How much of something may be read for a file. A damaged or malicious one can claim far more than it has bytes: tables that share the same
 * bytes, names without an end, entries that take no room. What compilers write stays far below.
 */
public final class Allowance {

    private final Supplier<? extends Problem> exceeded;
    private long left;

    /**
     * @param most how much there may be in all
     * @param exceeded what is wrong with a file that asks for more
     */
    public Allowance(long most, Supplier<? extends Problem> exceeded) {
        this.left = most;
        this.exceeded = exceeded;
    }

    /** Takes a part of it. */
    public void spend(long amount) {
        left -= amount;
        if (left < 0) {
            throw exceeded.get();
        }
    }
}
