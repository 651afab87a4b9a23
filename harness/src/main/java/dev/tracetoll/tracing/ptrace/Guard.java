package dev.tracetoll.tracing.ptrace;

import dev.tracetoll.linux.Guardian;
import dev.tracetoll.problem.OperationFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** The guardian of a session's process and the table it reads; or none, for a process that is to die with the tracer. */
final class Guard implements AutoCloseable {

    private final int process;
    private final Consumer<String> notices;
    /** Of the table; null if nobody is to read it. */
    private final Path file;
    private final GuardTable table;
    private Guardian guardian;

    private Guard(int process, Consumer<String> notices, Path file, GuardTable table) {
        this.process = process;
        this.notices = notices;
        this.file = file;
        this.table = table;
    }

    /** None. */
    static Guard none(int sites) {
        return new Guard(0, notice -> { }, null, GuardTable.unread(sites));
    }

    /**
     * One for a process that is to outlive the tracer.
     *
     * @param sites how many breakpoints there may be
     * @param notices told, in a line for the user, what diminishes the protection
     * @throws OperationFailed if there is no room for the table
     */
    static Guard over(int process, int sites, Consumer<String> notices) {
        try {
            Path file = Files.createTempFile("tracetoll-guard", null);
            return new Guard(process, notices, file, GuardTable.in(file, sites));
        } catch (IOException e) {
            throw new OperationFailed("no file can be made for what is to be undone should this tracer be killed: " + e.getMessage()
                    + "; make room in " + System.getProperty("java.io.tmpdir"), e);
        }
    }

    /** Starts the guardian. If it cannot be started, that is said, and does not keep anybody from tracing. */
    void start() {
        if (file == null) {
            return;
        }
        try {
            guardian = Guardian.repairing(process, file, () -> unprotected("the process that guards it has been ended"));
        } catch (OperationFailed e) {
            unprotected(e.getMessage());
        } finally {
            delete();
        }
    }

    private void delete() {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // It is in the directory for temporary files, and small.
        }
    }

    /** Says that the process will not survive the tracer, should that be killed. */
    void unprotected(String why) {
        notices.accept("should this tracer be killed, process " + process + " would end at the next breakpoint: " + why);
    }

    /** Whether there is a guardian. */
    boolean watches() {
        return guardian != null;
    }

    /** The table. */
    GuardTable table() {
        return table;
    }

    /** Leaves to the guardian what this session could not undo. */
    void repair() {
        if (guardian != null) {
            guardian.repair();
        }
    }

    /** Everything has been undone. */
    @Override
    public void close() {
        delete();
        if (guardian != null) {
            guardian.close();
        }
    }
}
