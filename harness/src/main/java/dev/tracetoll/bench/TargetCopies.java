package dev.tracetoll.bench;

import dev.tracetoll.burst.TargetProgram;
import dev.tracetoll.linux.file.OwnedDirectory;
import java.nio.file.Path;

/** Copies of targets, a file for each that is launched: a probe sits on a file, and is hit by whoever runs it. Closing deletes them. */
public final class TargetCopies implements AutoCloseable {

    /** Begins the name of their directory. */
    static final String PREFIX = "tracetoll-targets-";

    private final Path directory = OwnedDirectory.make(PREFIX);
    private int made;

    /**
     * One more copy.
     *
     * @param target name or path of the target
     * @throws dev.tracetoll.problem.Problem if there is no such target, or it cannot be copied
     */
    public TargetProgram of(String target) {
        TargetProgram copy = TargetProgram.of(target).copiedTo(directory.resolve(Integer.toString(made)));
        made++;
        return copy;
    }

    @Override
    public void close() {
        OwnedDirectory.delete(directory);
    }
}
