package dev.tracetoll.tracing.patching;

import dev.tracetoll.x86.Assembler;
import dev.tracetoll.x86.Flow;
import dev.tracetoll.x86.Instruction;
import dev.tracetoll.x86.Relocation;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * A jump in place of some instructions of a function. All addresses are those of the program's file.
 *
 * @param displaced what is executed elsewhere: from the first, where the jump is, on
 * @param recordings what is recorded on the way
 * @param via where the jump is to lead that fits into two bytes, to one of five; empty if that one fits itself
 */
public record Patch(List<Instruction> displaced, List<Recording> recordings, OptionalLong via) {

    /**
     * Something that is recorded.
     *
     * @param before the index among what is displaced before which it is; as many as there are: behind all
     * @param site number of the site in the plan
     */
    public record Recording(int before, int site) {}

    /** Of a jump that says how far it leads by four bytes. */
    public static final int JUMP_BYTES = 5;
    /** Of one that does by one. */
    public static final int SHORT_JUMP_BYTES = 2;

    /** Where the jump is. */
    public long address() {
        return displaced.get(0).address();
    }

    /** How many bytes are overwritten there. */
    public int bytes() {
        return via.isPresent() ? SHORT_JUMP_BYTES : JUMP_BYTES;
    }

    /** Where what is displaced ends. */
    public long end() {
        return displaced.get(displaced.size() - 1).next();
    }

    /**
     * Writes what is displaced for another place, and the way back.
     *
     * @param code where it is written
     * @param bias what to add to an address in the program's file for the address in the process
     * @param before writes what is to be done before the instruction of an index; asked also for the index behind the last one
     * @param branch writes the branch of a stack check
     */
    public void write(Assembler code, long bias, IntConsumer before, Consumer<Instruction> branch) {
        boolean ended = false;
        for (int i = 0; i < displaced.size(); i++) {
            before.accept(i);
            Instruction each = displaced.get(i);
            if (each.flow() == Flow.CONDITIONAL_JUMP) {
                branch.accept(each);
            } else {
                code.raw(Relocation.moved(each, each.address() + bias, code.here())
                        .orElseThrow(() -> new IllegalStateException(each + " cannot be moved")));
                ended = each.goesAnywhere();
            }
        }
        before.accept(displaced.size());
        if (!ended) {
            code.jump(end() + bias);
        }
    }

    /** The index of the displaced instruction at an address; negative if there is none. */
    int indexOf(long address) {
        for (int i = 0; i < displaced.size(); i++) {
            if (displaced.get(i).address() == address) {
                return i;
            }
        }
        return -1;
    }
}
