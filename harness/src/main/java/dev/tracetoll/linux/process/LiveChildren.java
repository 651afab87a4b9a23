package dev.tracetoll.linux.process;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/** The children that have not been closed. A shutdown hook kills them, so that an interrupted JVM leaves no process behind. */
final class LiveChildren {

    private static final LiveChildren INSTANCE = new LiveChildren();

    private final Set<ChildProcess> children = new HashSet<>();
    private boolean shuttingDown;

    private LiveChildren() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::shutDown, "kill-children"));
    }

    /** Starts a child such that the hook either sees it or prevents it. */
    static ChildProcess start(Supplier<ChildProcess> starter) {
        return INSTANCE.add(starter);
    }

    static void closed(ChildProcess child) {
        INSTANCE.remove(child);
    }

    private synchronized ChildProcess add(Supplier<ChildProcess> starter) {
        if (shuttingDown) {
            throw new IllegalStateException("no program is started while the JVM shuts down");
        }
        ChildProcess child = starter.get();
        children.add(child);
        return child;
    }

    private synchronized void remove(ChildProcess child) {
        children.remove(child);
    }

    private synchronized void shutDown() {
        shuttingDown = true;
        children.forEach(ChildProcess::kill);
    }
}
