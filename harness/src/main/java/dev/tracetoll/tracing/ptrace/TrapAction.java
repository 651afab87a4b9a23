package dev.tracetoll.tracing.ptrace;

import dev.tracetoll.linux.kernel.Signal;
import dev.tracetoll.linux.ptrace.ProcessMemory;
import dev.tracetoll.linux.ptrace.Ptrace;
import dev.tracetoll.linux.ptrace.Registers;
import dev.tracetoll.linux.ptrace.SignalAction;
import dev.tracetoll.linux.ptrace.SystemCallStop;
import dev.tracetoll.linux.ptrace.WaitStatus;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.process.CodeWord;
import dev.tracetoll.process.ForcedCall;
import dev.tracetoll.process.GuardTable;
import dev.tracetoll.process.PatchedCode;
import dev.tracetoll.process.ThreadWatcher;
import dev.tracetoll.process.Tracee;
import dev.tracetoll.process.Tracees;
import dev.tracetoll.process.WaitingLoop;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the process does about a SIGTRAP, as long as there are breakpoints in it and a guardian watches over it: the handler is a loop that
 * waits. A tracer keeps the SIGTRAPs of breakpoints to itself, so nothing ever gets there, until the tracer is killed: the kernel then
 * delivers them, and threads in the loop can be brought back by the guardian, whereas the program's own handler, or the lack of one, would
 * end it.
 *
 * <p>The program's own action is kept. A SIGTRAP that is the program's is delivered to the loop, and the thread taken to the program's
 * handler from there, before it executes anything. A program that has just been executed sets its action at its start (Go's runtime does);
 * until then it is stopped at its system calls, and what it sets is replaced. Whoever kills the tracer between the two, kills the program with its next
 * breakpoint: none is planted until then but those that would come too late, see {@link TraceLoop}.
 */
final class TrapAction implements ThreadWatcher {

    /** Programs that set it do so before they have made that many system calls, and others must not be stopped at them for ever. */
    private static final int MOST_SYSTEM_CALLS = 10_000;

    private static final int SYS_RT_SIGACTION = 13;

    private final Ptrace ptrace;
    private final Tracees tracees;
    private final PatchedCode patched;
    private final GuardTable table;
    private final ProcessMemory memory;
    private final Registers registers = new Registers();
    private final SystemCallStop stop = new SystemCallStop();

    @SuppressWarnings("NullAway.Init") // There is one once the action was replaced.
    private WaitingLoop waiting;

    @SuppressWarnings("NullAway.Init") // As above.
    private ForcedCall forced;
    /** The program's own; null while it is in force. */
    private @Nullable SignalAction own;

    private int systemCallsLeft;
    /** The threads that are in a system call which sets the action, and where it is to put the action of before; 0 if nowhere. */
    private final Map<Tracee, Long> asking = new HashMap<>();

    TrapAction(Ptrace ptrace, Tracees tracees, PatchedCode patched, GuardTable table, ProcessMemory memory) {
        this.ptrace = ptrace;
        this.tracees = tracees;
        this.patched = patched;
        this.table = table;
        this.memory = memory;
    }

    @Override
    public void gone(Tracee tracee, int thread) {
        asking.remove(tracee);
    }

    /** Whether the action is ours. */
    boolean isReplaced() {
        return own != null;
    }

    /** Whether threads are to stop at system calls. */
    boolean isWatching() {
        return systemCallsLeft > 0;
    }

    /** The program that was traced is gone from memory, and all that was changed with it. */
    void forget() {
        own = null;
        systemCallsLeft = 0;
    }

    /**
     * Replaces the action, through a stopped thread of the process; false if the thread is dying, or the process cannot be made to.
     *
     * @param loop where to put the code
     */
    boolean replace(Tracee tracee, WaitingLoop loop) {
        waiting = loop;
        forced = new ForcedCall(ptrace, table, waiting.call(), waiting.loop());
        long[] code = WaitingLoop.code();
        for (int i = 0; i < code.length; i++) {
            long address = waiting.call() + (long) i * Long.BYTES;
            long original = memory.readLong(tracee.thread(), address)
                    .orElseThrow(() -> new OperationFailed("the code of process " + tracee.process() + " at 0x"
                            + Long.toHexString(address) + " cannot be read"));
            if (!patched.overwrite(tracee, new CodeWord(address, original, code[i]))) {
                return false;
            }
        }
        boolean replaced = replace(tracee);
        if (replaced && own != null && !own.isCaught()) {
            systemCallsLeft = MOST_SYSTEM_CALLS;
        }
        return replaced;
    }

    private boolean replace(Tracee tracee) {
        Optional<SignalAction> now = isWithinReach(tracee) ? action(tracee) : Optional.empty();
        if (now.isEmpty()) {
            return false;
        }
        if (own != null && now.get().handler() == waiting.loop()) {
            return true;
        }
        table.action(now.get());
        SignalAction found = now.get();
        own = found;
        return set(tracee, found.handledBy(waiting.loop(), waiting.restorer()));
    }

    private Optional<SignalAction> action(Tracee tracee) {
        boolean within = WaitStatus.isWithinSystemCall(tracee.status());
        return tracees.divert(tracee, moves -> forced.action(tracee.thread(), Signal.SIGTRAP, within, moves));
    }

    private boolean set(Tracee tracee, SignalAction action) {
        boolean within = WaitStatus.isWithinSystemCall(tracee.status());
        return tracees.divert(tracee, moves -> forced.set(tracee.thread(), Signal.SIGTRAP, action, within, moves))
                .isPresent();
    }

    /**
     * Whether the action that counts for a thread's memory can be reached through it. A thread that waits for its vforked child cannot be made
     * to do anything, and that child has actions of its own.
     */
    boolean isWithinReach(Tracee tracee) {
        return tracee.hasOwnMemory()
                || tracees.isOfProcess(tracee) && WaitStatus.event(tracee.status()) != WaitStatus.EVENT_VFORK;
    }

    /**
     * Puts the program's own action back, through a stopped thread of the process or of a copy of it, unless the program has set another.
     *
     * @return false if the thread is dying
     */
    boolean putBack(Tracee tracee) {
        if (own == null) {
            return true;
        }
        Optional<SignalAction> now = action(tracee);
        return now.isPresent() && (now.get().handler() != waiting.loop() || set(tracee, own));
    }

    /** A thread has stopped at a system call. */
    void systemCall(Tracee tracee) {
        if (!isWatching() || !ptrace.read(tracee.thread(), stop)) {
            return;
        }
        if (stop.isEntry()) {
            if (stop.number() == SYS_RT_SIGACTION && stop.argument(0) == Signal.SIGTRAP) {
                asking.put(tracee, stop.argument(2));
            } else {
                asking.remove(tracee);
            }
            systemCallsLeft--;
        } else if (stop.isExit() && asking.containsKey(tracee)) {
            long asked = asking.remove(tracee);
            SignalAction before = own;
            if (before != null
                    && asked != 0
                    && memory.readLong(tracee.thread(), asked).orElse(0) == waiting.loop()) {
                tell(tracee, asked, before);
            }
            replace(tracee);
            if (own != null && own.isCaught()) {
                systemCallsLeft = 0;
            }
        }
    }

    /** What the program asked for is what it would have been told without us. */
    private void tell(Tracee tracee, long address, SignalAction action) {
        long[] words = {action.handler(), action.flags(), action.restorer(), action.mask()};
        for (int i = 0; i < words.length; i++) {
            memory.write(tracee.thread(), address + (long) i * Long.BYTES, words[i], Long.BYTES);
        }
    }

    /**
     * Sees to it that a SIGTRAP of the program's own, for which a thread has stopped, has the effect that it would have without us. Where the
     * program's own action is in force, nothing need be done.
     */
    void deliver(Tracee tracee) {
        SignalAction action = own;
        if (action == null) {
            return;
        }
        if (action.handler() == SignalAction.IGNORE) {
            tracee.signal(0);
        } else if (action.handler() == SignalAction.DEFAULT) {
            // Comes again, as one that ends the process.
            if (putBack(tracee)) {
                own = null;
                ptrace.send(tracee.process(), tracee.thread(), Signal.SIGTRAP);
            }
            tracee.signal(0);
        } else if (tracees.enterHandler(tracee)
                && ptrace.read(tracee.thread(), registers)
                && registers.instructionPointer() == waiting.loop()) {
            ptrace.jump(tracee.thread(), action.handler());
        }
    }
}
