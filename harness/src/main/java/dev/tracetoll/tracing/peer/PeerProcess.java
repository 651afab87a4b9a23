package dev.tracetoll.tracing.peer;

import dev.tracetoll.linux.kernel.Signal;
import dev.tracetoll.linux.process.ChildProcess;
import dev.tracetoll.linux.process.RunningProcess;
import java.time.Duration;

/** The running tool. */
sealed interface PeerProcess extends AutoCloseable {

    int pid();

    /** Whether it has ended within the time. */
    boolean awaitEnd(Duration timeout);

    /** Asks it to leave the target and to end. */
    void askToEnd();

    /** Ends it by force, if it runs. */
    @Override
    void close();

    /** One that we started and that attached to the target. */
    record Attached(ChildProcess child) implements PeerProcess {
        @Override
        public int pid() {
            return child.pid();
        }

        @Override
        public boolean awaitEnd(Duration timeout) {
            return child.awaitExit(timeout).isPresent();
        }

        @Override
        public void askToEnd() {
            child.signal(Signal.SIGINT);
        }

        @Override
        public void close() {
            child.close();
        }
    }

    /** One that started the target; it ends with it. */
    record Launching(RunningProcess process) implements PeerProcess {
        @Override
        public int pid() {
            return process.pid();
        }

        @Override
        public boolean awaitEnd(Duration timeout) {
            return process.awaitEnd(timeout);
        }

        @Override
        public void askToEnd() {}

        @Override
        public void close() {
            process.close();
        }
    }
}
