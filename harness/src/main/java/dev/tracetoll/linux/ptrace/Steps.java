package dev.tracetoll.linux.ptrace;

import org.jspecify.annotations.Nullable;

/**
 * The steps in which a process is changed from outside, so that tests can end a tracer before any one of them: by throwing what is thrown again
 * before each later step, as nothing that the tracer would put in order then is done when it is killed.
 */
public final class Steps {

    /** What the thread that was chosen, and those that it begins, are asked before each step. */
    private static final InheritableThreadLocal<@Nullable Runnable> WATCHER = new InheritableThreadLocal<>();

    private Steps() {}

    /** Has the steps of this thread, and of those that it begins from now on, watched; null for no more. */
    public static void watch(@Nullable Runnable watcher) {
        WATCHER.set(watcher);
    }

    /** Is about to change something. */
    public static void next() {
        Runnable watcher = WATCHER.get();
        if (watcher != null) {
            watcher.run();
        }
    }
}
