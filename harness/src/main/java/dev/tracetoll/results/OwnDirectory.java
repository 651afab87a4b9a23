package dev.tracetoll.results;

import dev.tracetoll.problem.BadInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;

/** A directory that somebody has named for one thing, and that holds nothing else: written anew in one step, in the place of an earlier one of its kind. */
public final class OwnDirectory {

    /** Whether what is in a directory, which is not empty, may be replaced. */
    @FunctionalInterface
    public interface Replaceable {
        /** Looks at the directory; whatever cannot be read may not. */
        boolean test(Path directory) throws IOException;
    }

    private final Path directory;
    private final Path parent;
    private final String name;

    /**
     * The directory, before there is anything to write.
     *
     * @param what is written, in a word, as {@code report}
     * @throws BadInput if nothing can be written there, or something else is there
     */
    public OwnDirectory(Path directory, String what, Replaceable replaceable) {
        this.directory = directory.toAbsolutePath().normalize();
        Path above = this.directory.getParent();
        Path last = this.directory.getFileName();
        new WholeDirectory(this.directory).requireWritable();
        if (above == null || last == null || !mayBeReplaced(replaceable)) {
            throw new BadInput("cannot write the " + what + " to " + directory + ": something is there that is no "
                    + what + "; choose another directory");
        }
        parent = above;
        name = last.toString();
    }

    private boolean mayBeReplaced(Replaceable replaceable) {
        if (!Files.exists(directory)) {
            return true;
        }
        try (var entries = Files.list(directory)) {
            return entries.findAny().isEmpty() || replaceable.test(directory);
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    /**
     * Writes it: at any moment the whole old one is there, or the whole new one.
     *
     * @param files content by file name
     * @return the directory
     * @throws dev.tracetoll.problem.OperationFailed if it cannot be written; the old one is untouched then
     */
    public Path write(Supplier<Map<String, byte[]>> files) {
        return new WholeDirectory(parent).replace(name, files.get());
    }
}
