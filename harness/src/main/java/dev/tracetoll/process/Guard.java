package dev.tracetoll.process;

import dev.tracetoll.linux.file.SharedMemory;
import dev.tracetoll.linux.process.Guardian;
import dev.tracetoll.problem.OperationFailed;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The guardian of a session's process and the table it reads; or none, for a process that is to die with the tracer. */
public final class Guard implements AutoCloseable {

    private final int process;
    private final Consumer<String> notices;
    /** Of the table; null if nobody is to read it. */
    private final @Nullable SharedMemory memory;

    private final GuardTable table;
    private @Nullable Guardian guardian;

    private Guard(int process, Consumer<String> notices, @Nullable SharedMemory memory, GuardTable table) {
        this.process = process;
        this.notices = notices;
        this.memory = memory;
        this.table = table;
    }

    /** None. */
    public static Guard none(int sites) {
        return new Guard(0, notice -> {}, null, GuardTable.unread(sites));
    }

    /**
     * One for a process that is to outlive the tracer.
     *
     * @param sites how many breakpoints there may be
     * @param notices told, in a line for the user, what diminishes the protection
     * @throws OperationFailed if there is no memory for the table
     */
    public static Guard over(int process, int sites, Consumer<String> notices) {
        SharedMemory memory = SharedMemory.make("tracetoll-guard", GuardTable.bytes(sites));
        return new Guard(process, notices, memory, GuardTable.in(memory.buffer()));
    }

    /** Starts the guardian. If it cannot be started, that is said, and does not keep anybody from tracing. */
    public void start() {
        if (memory == null) {
            return;
        }
        try (memory) {
            guardian = Guardian.repairing(
                    process, memory.path(), () -> unprotected("the process that guards it has been ended"));
        } catch (OperationFailed e) {
            unprotected(e.getMessage());
        }
    }

    /** Says that the process will not survive the tracer, should that be killed. */
    public void unprotected(String why) {
        notices.accept(
                "should this tracer be killed, process " + process + " would end at the next breakpoint: " + why);
    }

    /** Whether there is a guardian. */
    public boolean watches() {
        return guardian != null;
    }

    /** The table. */
    public GuardTable table() {
        return table;
    }

    /** Leaves to the guardian what this session could not undo. */
    public void repair() {
        if (guardian != null) {
            guardian.repair();
        }
    }

    /** Everything has been undone. */
    @Override
    public void close() {
        if (memory != null) {
            memory.close();
        }
        if (guardian != null) {
            guardian.close();
        }
    }
}
