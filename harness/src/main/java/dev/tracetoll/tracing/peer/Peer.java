package dev.tracetoll.tracing.peer;

import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.TraceCounts;
import java.io.IOException;
import java.util.List;

/** A way to trace with another tool. What it writes to its standard output and error goes into files of its {@link PeerTask}. */
public interface Peer {

    /** What a tool needs beside itself; closed once the tool has ended. */
    interface Preparation extends AutoCloseable {
        Preparation NONE = () -> {};

        @Override
        void close();
    }

    Technique technique();

    PeerTool tool();

    /** Whether it reports returns beside calls. */
    boolean returns();

    /** Whether it traces system calls, not a function. */
    default boolean systemCalls() {
        return false;
    }

    /** Whether it traces only what it starts itself, so that the command line is to be followed by the target's. */
    default boolean launches() {
        return false;
    }

    /** Whether calls are reported one by one, so that their number is known before the tool has ended. */
    default boolean reportsEachCall() {
        return false;
    }

    /** Whether the tool looks at the kernel's trace events through tracefs. */
    default boolean readsTracefs() {
        return false;
    }

    /** Whether the tool forgets a signal to end that reaches it at a bad moment, and has to be told again. */
    default boolean mayMissSignal() {
        return false;
    }

    /**
     * Makes what the tool needs beside itself.
     *
     * @throws dev.tracetoll.problem.Problem if that fails; nothing is left then
     */
    default Preparation prepare(PeerTask task) {
        return Preparation.NONE;
    }

    /** The tool's arguments; may write files into the task's directory. */
    List<String> arguments(PeerTask task) throws IOException;

    /** Whether the tool has read all that the kernel has for it, where it would leave the rest behind if it were told to end. */
    default boolean caughtUp(PeerTask task, int peer) throws IOException {
        return true;
    }

    /** Whether every call from now on is traced. */
    boolean attached(PeerTask task, int peer) throws IOException;

    /** What the tool reported so far: what {@link #reportsEachCall()}, or, once it has ended, everything. Nothing is ever counted as lost. */
    TraceCounts reported(PeerTask task) throws IOException;
}
