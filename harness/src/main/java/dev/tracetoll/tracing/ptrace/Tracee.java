package dev.tracetoll.tracing.ptrace;

import dev.tracetoll.linux.Affinity;

/** A thread being traced, as its stops have shown it. */
final class Tracee {

    enum State {
        /** May execute code of the program, until its next stop is reported. */
        RUNNING,
        /** In a stop that has been reported. */
        STOPPED,
        /** In a group stop; certain to report a stop before it executes code of the program again. */
        LISTENING,
        /** Waiting for a child that uses its memory; certain to report a stop before it executes code of the program again. */
        VFORKING,
        /** Dying; it executes no more code of the program. */
        ENDING
    }

    final int thread;
    State state = State.RUNNING;
    /** Id of the process it belongs to; 0 as long as its birth has not been reported. */
    int process;
    /** Whether it has its own copy of the program's memory: not ours to trace, also after it has executed another program. */
    boolean ownMemory;
    /** The breakpoint it has executed without having been set back to the displaced instruction; else null. */
    Breakpoint hit;
    /** The breakpoint behind which it goes on in a copy of the displaced instruction, where it may still be; null if it cannot be. */
    Breakpoint away;
    /** Whether its first stop has not been reported yet; it comes without being asked for. */
    boolean newborn;
    /** The wait status of its last stop. */
    int status;
    /** Whether its last stop still waits to be handled. */
    boolean unhandled;
    /** Whether it is among those that wait to go on. */
    boolean due;
    /** The signal to deliver when it goes on. */
    int signal;
    /** Whether it is in a group stop, where it must stay when it goes on. */
    boolean groupStopped;
    /** Whether a group stop began or ended while it was stepped, so that it must be asked again before it goes on. */
    boolean askForGroupStop;
    /** Whether it is also to stop where it enters or leaves a system call. */
    boolean stopsAtSystemCalls;
    /** Whether it has been reported to have entered a system call and not to have left it. */
    boolean entered;
    /** Where it has asked a system call, which it has entered, to put a signal's action; 0 if nowhere. */
    long actionAsked;
    /** When it last hit, by {@link System#nanoTime()}. */
    long lastHitNs;
    /** How many hits in a row have spoken for placing it otherwise. */
    int streak;
    /** The CPUs it may run on, while it is confined to one; else null. */
    Affinity before;
    /** Whether it goes on into the wait for a child that shares its memory. */
    boolean entersVfork;

    Tracee(int thread, int process) {
        this.thread = thread;
        this.process = process;
    }
}
