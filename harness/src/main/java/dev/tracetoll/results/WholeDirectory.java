package dev.tracetoll.results;

import dev.tracetoll.linux.file.Exchange;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.OperationFailed;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Writes directories whole or not at all: into a hidden sibling first, to the disk, then renamed in one step.
 *
 * <p>A process that is interrupted while it writes removes the hidden sibling; what a killed one left behind is removed by the next that
 * writes there.
 */
public final class WholeDirectory {

    private static final int MOST_CLASHES = 1_000;
    /** Enough to need room on the disk. */
    private static final int TRIAL_BYTES = 4_096;

    private static final String TRIAL = "trial";

    private final Path parent;

    /** @param parent where the directories go; made when the first is written */
    public WholeDirectory(Path parent) {
        this.parent = parent.toAbsolutePath().normalize();
    }

    /**
     * Finds out whether directories can be written here, before there is anything to write. Leaves nothing.
     *
     * @throws BadInput if they cannot: the place is none for directories, or not for this user
     * @throws OperationFailed if the disk is full
     */
    public void requireWritable() {
        Path existing = Stream.iterate(parent, Path::getParent)
                .filter(Files::exists)
                .findFirst()
                .orElseThrow();
        try (TemporaryDirectory trial = new TemporaryDirectory(existing, TRIAL)) {
            trial.write(Map.of(TRIAL, new byte[TRIAL_BYTES]));
        } catch (IOException e) {
            String what = "cannot write to " + parent + ": ";
            if (!Files.isDirectory(existing)) {
                throw new BadInput(what + existing + " is no directory; choose another directory", e);
            }
            String why = "nothing can be made in " + existing + " (" + reason(e) + ")";
            throw isFull(e)
                    ? new OperationFailed(what + why + "; make room there or choose another directory", e)
                    : new BadInput(what + why + "; choose another directory", e);
        }
    }

    /** The directories that have to be made for the parent, itself first. */
    private List<Path> missing() {
        return Stream.iterate(parent, path -> !Files.exists(path), Path::getParent)
                .toList();
    }

    private static void removeIfEmpty(Path directory) {
        try {
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            // Another process has written there meanwhile.
        }
    }

    /** Whether an operation failed for want of room. */
    static boolean isFull(IOException e) {
        return e.getMessage() != null
                && (e.getMessage().contains("No space left") || e.getMessage().contains("quota exceeded"));
    }

    /**
     * Writes a directory. A name that is taken gets a number behind it ({@code run}, {@code run-2}, …): nothing is overwritten.
     *
     * @param name name of the directory
     * @param files content by file name
     * @return the directory
     * @throws OperationFailed if it cannot be written; nothing stays behind then
     */
    public Path write(String name, Map<String, byte[]> files) {
        return write(name, files, this::moveTo);
    }

    /**
     * Writes a directory in the place of the one of that name, if there is one: at any moment there is the whole old one or the whole new one.
     *
     * @param name name of the directory
     * @param files content by file name
     * @return the directory
     * @throws OperationFailed if it cannot be written; the old one is untouched then
     */
    public Path replace(String name, Map<String, byte[]> files) {
        return write(name, files, this::exchangeWith);
    }

    /** Brings what was written to its place; what it leaves in the temporary directory is removed. */
    private interface Placing {
        Path place(Path temporary, String name) throws IOException;
    }

    private Path write(String name, Map<String, byte[]> files, Placing placing) {
        List<Path> missing = missing();
        try {
            Files.createDirectories(parent);
            TemporaryDirectory.removeAbandoned(parent);
            try (TemporaryDirectory temporary = new TemporaryDirectory(parent, name)) {
                temporary.write(files);
                Path directory = placing.place(temporary.path(), name);
                TemporaryDirectory.force(parent);
                return directory;
            }
        } catch (IOException e) {
            missing.forEach(WholeDirectory::removeIfEmpty);
            throw new OperationFailed(
                    "cannot write " + parent.resolve(name) + ": " + reason(e)
                            + "; nothing was written, make room or choose another directory",
                    e);
        }
    }

    private Path exchangeWith(Path temporary, String name) throws IOException {
        Path directory = parent.resolve(name);
        if (!Files.exists(directory)) {
            return Files.move(temporary, directory, StandardCopyOption.ATOMIC_MOVE);
        }
        if (!Files.isDirectory(directory)) {
            throw new FileAlreadyExistsException(directory.toString());
        }
        Exchange.of(temporary, directory);
        return directory;
    }

    private Path moveTo(Path temporary, String name) throws IOException {
        for (int clash = 1; clash <= MOST_CLASHES; clash++) {
            Path directory = parent.resolve(clash == 1 ? name : name + "-" + clash);
            if (Files.exists(directory)) {
                continue;
            }
            try {
                return Files.move(temporary, directory, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
                // Another process took the name meanwhile: try the next.
            }
        }
        throw new FileAlreadyExistsException(
                parent.resolve(name).toString(), null, "too many directories of that name");
    }

    /** Why an operation on a file failed, in words. */
    static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NoSuchFileException) {
            return "no such directory";
        }
        if (e instanceof FileAlreadyExistsException exists) {
            return exists.getReason() == null ? exists.getFile() + " is in the way" : exists.getReason();
        }
        String reason = e instanceof FileSystemException system ? system.getReason() : e.getMessage();
        return reason == null ? e.getClass().getSimpleName() : reason;
    }
}
