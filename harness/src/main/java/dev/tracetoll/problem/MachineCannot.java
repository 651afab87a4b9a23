package dev.tracetoll.problem;

import org.jspecify.annotations.Nullable;

/** This machine lacks something: a kernel feature, a privilege, a library or a tool; exit code 77. */
public final class MachineCannot extends Problem {

    /** The exit code of "this machine cannot do it", which test harnesses read as "skipped". */
    public static final int EXIT_CODE = 77;

    /**
     * @param what what the machine cannot do
     * @param why the reason found
     * @param remedy what would make it possible
     */
    public MachineCannot(String what, String why, String remedy) {
        this(what, why, remedy, null);
    }

    /**
     * @param what what the machine cannot do
     * @param why the reason found
     * @param remedy what would make it possible
     * @param cause what was caught, or null
     */
    public MachineCannot(String what, String why, String remedy, @Nullable Throwable cause) {
        super(what + " is not possible here: " + why + "; " + remedy, cause);
    }

    private MachineCannot(String message) {
        super(message, null);
    }

    /** The same problem as another process of ours had, with the message it gave. */
    public static MachineCannot relayed(String message) {
        return new MachineCannot(message);
    }

    @Override
    public int exitCode() {
        return EXIT_CODE;
    }
}
