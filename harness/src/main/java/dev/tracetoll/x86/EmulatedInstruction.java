package dev.tracetoll.x86;

/**
 * A displaced instruction whose effect is brought about from outside: in the registers and on the stack of the stopped thread, which then
 * goes on behind it.
 *
 * <p>Compiled once for each site by {@link Emulator}. Shadow stacks are not kept: Go programs are not marked for them, so the
 * kernel never turns them on.
 *
 * @param effect what it does; if {@link StoppedThread#failed()} afterwards it has done nothing
 * @param where how much of the thread it touches
 */
public record EmulatedInstruction(Effect effect, Reach where) {

    /** What an instruction touches, the cheapest first. */
    public enum Reach {
        /** The instruction pointer alone. */
        POINTER,
        /** Registers. */
        REGISTERS,
        /** Registers and the thread's own stack. */
        STACK
    }

    /** Changes registers and memory. */
    @FunctionalInterface
    public interface Effect {
        void on(StoppedThread thread);
    }
}
