package dev.tracetoll.tracing.ptrace;

import dev.tracetoll.linux.kernel.Signal;
import dev.tracetoll.linux.ptrace.ProcessMemory;
import dev.tracetoll.linux.ptrace.Ptrace;
import dev.tracetoll.linux.ptrace.Registers;
import dev.tracetoll.process.GuardTable;
import dev.tracetoll.process.SpareCode;
import dev.tracetoll.process.ThreadWatcher;
import dev.tracetoll.process.Tracee;
import dev.tracetoll.process.Tracees;
import dev.tracetoll.x86.EmulatedInstruction;
import dev.tracetoll.x86.EmulatedInstruction.Reach;
import dev.tracetoll.x86.Emulator;
import dev.tracetoll.x86.Flow;
import dev.tracetoll.x86.Relocation;
import dev.tracetoll.x86.StoppedThread;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * The fast way: no other thread is stopped, and the breakpoint stays where it is, so that none can run past it. Of these the first that is
 * possible:
 *
 * <ol>
 *   <li>the instruction is emulated in the registers: nearly all entries, which are branches, and what else does not touch memory
 *   <li>the thread goes on in a copy of the instruction that leads back: one write of the instruction pointer, and the processor does the
 *       rest. Returns, which need no way back, share one copy
 *   <li>the instruction is emulated on the stack
 *   <li>the thread is single-stepped in a copy
 *   <li>the classic way: {@link StopAllAndStep}
 * </ol>
 *
 * <p>A thread in a copy is brought home before a signal is delivered to it and before it is released: no program ever sees it there.
 */
final class PassAlone implements HitPath, ThreadWatcher {

    private final Ptrace ptrace;
    private final Tracees tracees;
    private final ProcessMemory memory;
    private final Registers registers;
    private final OutOfLine outOfLine;
    private final HitPath classic;
    private final boolean steps;
    private final StoppedThread stopped;
    private final boolean guarded;
    /** The breakpoint behind which a thread goes on in a copy of the displaced instruction, where it may still be. */
    private final Map<Tracee, Breakpoint> away = new HashMap<>();

    /**
     * @param registers holds those of the thread that hits when {@link #pass} is called
     * @param classic for what cannot be done otherwise
     * @param steps whether to single-step every instruction that can be
     * @param guarded whether somebody else must be able to tell, at any moment, if a hit has been seen to
     */
    PassAlone(
            Ptrace ptrace,
            Tracees tracees,
            ProcessMemory memory,
            Registers registers,
            OutOfLine outOfLine,
            HitPath classic,
            boolean steps,
            boolean guarded) {
        this.ptrace = ptrace;
        this.tracees = tracees;
        this.memory = memory;
        this.registers = registers;
        this.outOfLine = outOfLine;
        this.classic = classic;
        this.steps = steps;
        this.stopped = new StoppedThread(registers, memory);
        this.guarded = guarded;
    }

    @Override
    public void prepare(Tracee tracee, Collection<Breakpoint> planted, SpareCode spare) {
        outOfLine.in(spare);
        for (Breakpoint breakpoint : planted) {
            if (!steps) {
                breakpoint.emulated = Emulator.compile(breakpoint.instruction(), breakpoint.address)
                        .orElse(null);
                if (breakpoint.emulated == null || breakpoint.emulated.where() == Reach.STACK) {
                    breakpoint.copy = outOfLine.copy(tracee, breakpoint);
                }
            }
            if (outOfLine.hasSteppingPlace()) {
                breakpoint.stepped = Relocation.moved(
                                breakpoint.instruction(), breakpoint.address, outOfLine.steppingPlace())
                        .orElse(null);
            }
        }
    }

    @Override
    public void pass(Tracee tracee, Breakpoint breakpoint, Hit hit) {
        if (!hit.capture()) {
            return;
        }
        if (breakpoint.copy != 0) {
            if (ptrace.jump(tracee.thread(), breakpoint.copy)) {
                hit.passed();
                away.put(tracee, breakpoint);
            }
        } else if (breakpoint.emulated == null || !emulate(tracee, breakpoint, breakpoint.emulated, hit)) {
            if (breakpoint.stepped == null) {
                classic.pass(tracee, breakpoint, captured(hit));
            } else {
                step(tracee, breakpoint, breakpoint.stepped, hit);
            }
        }
    }

    private static Hit captured(Hit hit) {
        return new Hit() {
            @Override
            public boolean capture() {
                return true;
            }

            @Override
            public void passed() {
                hit.passed();
            }
        };
    }

    /** False if the processor has to execute the instruction. */
    private boolean emulate(Tracee tracee, Breakpoint breakpoint, EmulatedInstruction instruction, Hit hit) {
        long pointer = registers.instructionPointer();
        long stack = registers.stackPointer();
        stopped.at(tracee.thread());
        instruction.effect().on(stopped);
        if (stopped.failed()) {
            return false;
        }
        if (guarded && (registers.instructionPointer() != breakpoint.next() || !breakpoint.isWithinInstruction())) {
            // Where it goes on may look as if it had just hit: behind another breakpoint or an int3 of the program.
            // Within the displaced
            // instruction, where nearly all go on behind, there is neither.
            ptrace.signalInfo(tracee.thread(), Signal.breakpointInfo(GuardTable.SEEN_TO, pointer, stack));
        }
        boolean alive = instruction.where() == Reach.POINTER
                ? ptrace.jump(tracee.thread(), registers.instructionPointer())
                : ptrace.write(tracee.thread(), registers);
        if (alive) {
            hit.passed();
        }
        return true;
    }

    private void step(Tracee tracee, Breakpoint breakpoint, byte[] stepped, Hit hit) {
        if (!outOfLine.load(tracee, breakpoint, stepped) || !ptrace.jump(tracee.thread(), outOfLine.steppingPlace())) {
            return;
        }
        tracees.step(tracee);
        if (!tracees.isStopped(tracee) || !ptrace.read(tracee.thread(), registers)) {
            return;
        }
        long moved = breakpoint.address - outOfLine.steppingPlace();
        long now = registers.instructionPointer();
        // One that has raised a fault has not been executed.
        boolean executed = now != outOfLine.steppingPlace();
        if (executed && breakpoint.instruction().flow() == Flow.CALL) {
            memory.write(tracee.thread(), registers.stackPointer(), breakpoint.next(), Long.BYTES);
        }
        if (executed && breakpoint.instruction().goesAnywhere() || ptrace.jump(tracee.thread(), now + moved)) {
            hit.passed();
        }
    }

    @Override
    public void gone(Tracee tracee, int thread) {
        away.remove(tracee);
    }

    @Override
    public void beforeSignal(Tracee tracee) {
        if (isAtCopy(tracee) && !raisedBySelf(tracee)) {
            // The handler may return after the copies are gone, and must not return to the breakpoint, which would be
            // hit twice.
            tracees.stepBeforeSignal(tracee);
            if (!tracees.isStopped(tracee)) {
                return;
            }
        }
        beforeRelease(tracee);
    }

    private boolean isAtCopy(Tracee tracee) {
        Breakpoint from = away.get(tracee);
        return from != null && ptrace.read(tracee.thread(), registers) && registers.instructionPointer() == from.copy;
    }

    private boolean raisedBySelf(Tracee tracee) {
        return Signal.isSynchronous(tracee.signal()) && ptrace.signalCode(tracee.thread()) > 0;
    }

    @Override
    public void beforeRelease(Tracee tracee) {
        Breakpoint from = away.get(tracee);
        if (from == null || !ptrace.read(tracee.thread(), registers)) {
            return;
        }
        long now = registers.instructionPointer();
        if (outOfLine.contains(now)) {
            ptrace.jump(tracee.thread(), now == from.copy ? from.address : from.next());
        }
        away.remove(tracee);
    }
}
