package dev.tracetoll.bench;

/** Ends this process when its parent ends, however that happens: a fork without its parent would trace on for nobody. */
final class ParentWatch {

    private ParentWatch() {}

    static void start() {
        ProcessHandle.current().parent().ifPresent(parent -> parent.onExit().thenRun(() -> {
            RoundSample.discard();
            System.exit(1);
        }));
    }
}
