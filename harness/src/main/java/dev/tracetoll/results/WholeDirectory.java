package dev.tracetoll.results;

import dev.tracetoll.problem.OperationFailed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Writes directories whole or not at all: into a hidden sibling first, to the disk, then renamed in one step.
 *
 * <p>A name that is taken gets a number behind it ({@code run}, {@code run-2}, …): nothing is ever overwritten. A hidden sibling that a
 * killed process left behind is removed by the next one that writes there.
 */
public final class WholeDirectory {

    private static final String TEMPORARY_PREFIX = ".writing-";
    private static final int MOST_CLASHES = 1_000;

    private final Path parent;

    /** @param parent where the directories go; made when the first is written */
    public WholeDirectory(Path parent) {
        this.parent = parent.toAbsolutePath().normalize();
    }

    /**
     * Writes a directory.
     *
     * @param name name of the directory
     * @param files content by file name
     * @return the directory
     * @throws OperationFailed if it cannot be written; nothing stays behind then
     */
    public Path write(String name, Map<String, byte[]> files) {
        Path temporary = null;
        try {
            Files.createDirectories(parent);
            removeAbandoned();
            temporary = Files.createDirectory(parent.resolve(TEMPORARY_PREFIX + ProcessHandle.current().pid() + "-" + name),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                writeThrough(temporary.resolve(file.getKey()), file.getValue());
            }
            force(temporary);
            Path directory = moveTo(temporary, name);
            temporary = null;
            force(parent);
            return directory;
        } catch (IOException e) {
            throw new OperationFailed("cannot write " + parent.resolve(name) + ": " + reason(e)
                    + "; nothing was written, make room or choose another directory", e);
        } finally {
            if (temporary != null) {
                removeQuietly(temporary);
            }
        }
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
        throw new FileAlreadyExistsException(parent.resolve(name).toString(), null, "too many directories of that name");
    }

    private static void writeThrough(Path file, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    /** A rename is on the disk only once the directory is. */
    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private void removeAbandoned() throws IOException {
        List<Path> temporaries;
        try (Stream<Path> children = Files.list(parent)) {
            temporaries = children.filter(child -> child.getFileName().toString().startsWith(TEMPORARY_PREFIX)).toList();
        }
        temporaries.stream().filter(WholeDirectory::abandoned).forEach(WholeDirectory::removeQuietly);
    }

    private static boolean abandoned(Path temporary) {
        String pid = temporary.getFileName().toString().substring(TEMPORARY_PREFIX.length()).split("-", 2)[0];
        return pid.matches("\\d{1,18}") && ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive).isEmpty();
    }

    private static void removeQuietly(Path directory) {
        try (Stream<Path> children = Files.list(directory)) {
            for (Path child : children.toList()) {
                Files.deleteIfExists(child);
            }
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            // The failure that led here is the one to report.
        }
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
