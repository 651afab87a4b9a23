package dev.tracetoll.bench.program;

import java.util.function.Consumer;

/** Where runs of the program take place. Closing it ends what it has started. */
interface Stage extends AutoCloseable {

    /** What took longer than it may. */
    final class TimedOut extends RuntimeException {

        private static final long serialVersionUID = 1;

        TimedOut() {
            super(null, null, false, false);
        }
    }

    /**
     * Runs the program once.
     *
     * @param notices told, in lines for the user, what the tracer cannot see
     * @throws TimedOut if it took longer than it may; it has been ended then, or is traced no more
     * @throws dev.tracetoll.problem.Problem if it cannot be run or traced; nothing is left behind then
     */
    Sample run(ProgramArm arm, Consumer<String> notices);

    @Override
    void close();
}
