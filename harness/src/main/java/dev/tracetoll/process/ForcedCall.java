package dev.tracetoll.process;

import dev.tracetoll.linux.ptrace.ProcessMemory;
import dev.tracetoll.linux.ptrace.Ptrace;
import dev.tracetoll.linux.ptrace.Registers;
import dev.tracetoll.linux.ptrace.SignalAction;
import dev.tracetoll.linux.ptrace.SystemCallStop;
import dev.tracetoll.linux.ptrace.WaitStatus;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntPredicate;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A system call that a traced thread is made to do, wherever it is stopped: rt_sigaction(2), mmap(2) and what else nobody can do for it.
 *
 * <p>The thread does it in code that goes on in a loop, and is in that code from before anything of it is changed until all is as it was. So
 * whoever finds it there, and what the {@link Journal} says, can bring it back should this JVM end meanwhile.
 *
 * <p>Used by the tracing thread alone.
 */
public final class ForcedCall {

    /** Where to note, before anything is changed, what is needed to undo it. */
    public interface Journal {
        /**
         * Begins.
         *
         * @param mask of the signals that the thread blocks
         */
        void begins(int thread, long mask);

        /**
         * Before the thread is taken to where it does the call.
         *
         * @param registers a {@code struct user_regs_struct}
         * @param scratch address of the memory that is used; 0 if none is
         * @param displaced what is there
         */
        void displaces(long[] registers, long scratch, long[] displaced);

        /** All is as it was. */
        void ended();
    }

    /** Moves of the thread to a stop; they say whether it is there. */
    public record Moves(IntPredicate toSystemCall, IntPredicate toInterrupt) {}

    private static final int SYS_RT_SIGACTION = 13;
    private static final long ALL_SIGNALS = -1;
    private static final int SCRATCH_WORDS = 2 * SignalAction.WORDS;

    private final Ptrace ptrace;
    private final Journal journal;
    private final long call;
    private final long loop;
    private final Registers before = new Registers();
    private final Registers changed = new Registers();
    private final ProcessMemory memory = new ProcessMemory();
    private final SystemCallStop stop = new SystemCallStop();

    /**
     * @param call address of an instruction {@code syscall} in the process, with the loop behind it
     * @param loop address of that loop
     */
    public ForcedCall(Ptrace ptrace, Journal journal, long call, long loop) {
        this.ptrace = ptrace;
        this.journal = journal;
        this.call = call;
        this.loop = loop;
    }

    /**
     * Asks for the action of a signal.
     *
     * @param within whether the thread is stopped within a system call, for an event such as {@link WaitStatus#EVENT_EXEC}: the end of the
     *     call still changes its registers
     * @return empty if the thread is dying
     */
    public Optional<SignalAction> action(int thread, int signal, boolean within, Moves moves) {
        return call(thread, signal, null, within, moves);
    }

    /** Sets the action of a signal; otherwise as {@link #action}. Returns what is set. */
    public Optional<SignalAction> set(int thread, int signal, SignalAction action, boolean within, Moves moves) {
        return call(thread, signal, action, within, moves);
    }

    /**
     * Makes a thread do a system call. Nothing of its memory is touched: other threads may run meanwhile.
     *
     * @param arguments at most six
     * @param within as for {@link #action}
     * @return what it returned, negative the number of an error; empty if the thread is dying
     */
    public OptionalLong systemCall(int thread, long number, long[] arguments, boolean within, Moves moves) {
        Outcome outcome = call(thread, number, new long[0], scratch -> arguments, 0, within, moves);
        return outcome == null ? OptionalLong.empty() : OptionalLong.of(outcome.result);
    }

    /** What a call returned, and what it left in memory. */
    private record Outcome(long result, long[] out) {}

    private Optional<SignalAction> call(
            int thread, int signal, @Nullable SignalAction in, boolean within, Moves moves) {
        long out = (long) SignalAction.WORDS * Long.BYTES;
        Outcome outcome = call(
                thread,
                SYS_RT_SIGACTION,
                in == null ? new long[0] : in.words(),
                scratch -> new long[] {signal, in == null ? 0 : scratch, in == null ? scratch + out : 0, Long.BYTES},
                SignalAction.WORDS,
                within,
                moves);
        if (outcome == null || outcome.result != 0) {
            return Optional.empty();
        }
        long[] words = outcome.out;
        return Optional.of(in != null ? in : new SignalAction(words[0], words[1], words[2], words[3]));
    }

    /** @param outWords how many words to read that the call leaves in the second half of the memory */
    private @Nullable Outcome call(
            int thread,
            long number,
            long[] in,
            LongFunction<long[]> arguments,
            int outWords,
            boolean within,
            Moves moves) {
        long mask = ptrace.signalMask(thread);
        journal.begins(thread, mask);
        if (within && !(ptrace.signalMask(thread, ALL_SIGNALS) && moves.toSystemCall.test(thread))) {
            return null;
        }
        long[] displaced = null;
        long scratch = 0;
        if (ptrace.read(thread, before) && ptrace.read(thread, changed)) {
            boolean any = in.length > 0 || outWords > 0;
            scratch = any ? before.stackPointer() & -Long.BYTES : 0;
            displaced = any ? read(thread, scratch, SCRATCH_WORDS) : new long[0];
        }
        if (displaced == null) {
            ptrace.signalMask(thread, mask);
            journal.ended();
            return null;
        }
        journal.displaces(before.words(), scratch, displaced);
        changed.leaveSystemCall(loop);
        boolean done =
                ptrace.write(thread, changed) && ptrace.signalMask(thread, ALL_SIGNALS) && write(thread, scratch, in);
        changed.leaveSystemCall(call);
        changed.prepareSystemCall(number, arguments.apply(scratch));
        done = done
                && ptrace.write(thread, changed)
                && moves.toSystemCall.test(thread)
                && moves.toSystemCall.test(thread)
                && ptrace.read(thread, stop)
                && stop.isExit();
        long result = done ? stop.result() : 0;
        long[] out = !done
                ? null
                : outWords == 0 ? new long[0] : read(thread, scratch + SCRATCH_WORDS / 2 * Long.BYTES, outWords);
        changed.leaveSystemCall(loop);
        boolean restored = ptrace.write(thread, changed)
                && write(thread, scratch, displaced)
                // From where the kernel also restarts the system call that the thread may have been in.
                && moves.toInterrupt.test(thread)
                && ptrace.signalMask(thread, mask)
                && ptrace.write(thread, before);
        if (!restored) {
            return null;
        }
        journal.ended();
        return out == null ? null : new Outcome(result, out);
    }

    private long @Nullable [] read(int thread, long address, int words) {
        if (!memory.read(thread, address, words * Long.BYTES)) {
            return null;
        }
        long[] read = new long[words];
        for (int i = 0; i < words; i++) {
            read[i] = memory.longAt(i * Long.BYTES);
        }
        return read;
    }

    private boolean write(int thread, long address, long[] words) {
        for (int i = 0; i < words.length; i++) {
            if (!ptrace.pokeText(thread, address + (long) i * Long.BYTES, words[i])) {
                return false;
            }
        }
        return true;
    }
}
