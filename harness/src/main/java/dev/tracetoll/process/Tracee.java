package dev.tracetoll.process;

/** A thread being traced, as its stops have shown it. */
public final class Tracee {

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

    private final int thread;
    State state = State.RUNNING;
    /** 0 as long as its birth has not been reported. */
    int process;

    boolean ownMemory;
    /** Whether its first stop has not been reported yet; it comes without being asked for. */
    boolean newborn;

    int status;
    /** Whether its last stop still waits to be handled. */
    boolean unhandled;
    /** Whether it is among those that wait to go on. */
    boolean due;

    int signal;
    boolean groupStopped;
    /** Whether a group stop began or ended while it was stepped, so that it must be asked again before it goes on. */
    boolean askForGroupStop;

    boolean entersVfork;

    Tracee(int thread, int process) {
        this.thread = thread;
        this.process = process;
    }

    /** Its id. */
    public int thread() {
        return thread;
    }

    /** Id of the process it belongs to. */
    public int process() {
        return process;
    }

    /** The wait status of its last stop. */
    public int status() {
        return status;
    }

    /** Whether it has its own copy of the program's memory: not ours to trace, also after it has executed another program. */
    public boolean hasOwnMemory() {
        return ownMemory;
    }

    /** The program it has executed is to be traced. */
    public void isOurs() {
        ownMemory = false;
    }

    /** Whether it is dying: it executes no more code of the program. */
    public boolean isEnding() {
        return state == State.ENDING;
    }

    /** The signal to deliver when it goes on; 0 if there is none. */
    public int signal() {
        return signal;
    }

    /** Delivers a signal when it goes on; none if that is 0. */
    public void signal(int toDeliver) {
        signal = toDeliver;
    }

    /** Whether its stop is one of its whole process, where it must stay when it goes on. */
    public void groupStopped(boolean stays) {
        groupStopped = stays;
    }

    /** It goes on into the wait for a child that shares its memory. */
    public void entersVfork() {
        entersVfork = true;
    }
}
