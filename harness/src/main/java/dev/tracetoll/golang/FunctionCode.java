package dev.tracetoll.golang;

import dev.tracetoll.x86.Instruction;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The code of a function.
 *
 * @param instructions all of them, without a gap
 * @param targets where its own jumps lead, those through the tables of switches among them; empty if that is not certain
 * @param padding how many bytes behind it nobody executes
 */
public record FunctionCode(List<Instruction> instructions, Optional<Set<Long>> targets, int padding) {

    public long start() {
        return instructions.get(0).address();
    }

    public long end() {
        return instructions.get(instructions.size() - 1).next();
    }

    /** The index of the instruction at an address; negative if there is none. */
    public int indexOf(long address) {
        int low = 0;
        int high = instructions.size() - 1;
        while (low <= high) {
            int middle = (low + high) / 2;
            int order = Long.compareUnsigned(instructions.get(middle).address(), address);
            if (order == 0) {
                return middle;
            }
            low = order < 0 ? middle + 1 : low;
            high = order < 0 ? high : middle - 1;
        }
        return -1;
    }

    /** Whether a jump may lead to an address behind the first and before the last. */
    public boolean isEntered(long first, long last) {
        return targets.isEmpty()
                || targets.get().stream()
                        .anyMatch(target ->
                                Long.compareUnsigned(first, target) < 0 && Long.compareUnsigned(target, last) < 0);
    }
}
