package dev.tracetoll.results;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A hidden directory in which something is made ready, beside the place it is for. It is gone when this is closed or this process ends;
 * what was renamed stays. Only a killed process leaves one, which {@link #removeAbandoned} finds by its process id.
 */
final class TemporaryDirectory implements AutoCloseable {

    private static final String PREFIX = ".writing-";
    private static final String INTERRUPTED = "interrupted";
    private static final int MOST_TRIES = 100;

    private final Path path;
    private final Thread removal;
    private boolean ending;

    /** @throws IOException if this process is about to end, or the directory cannot be made */
    TemporaryDirectory(Path parent, String name) throws IOException {
        path = parent.resolve(PREFIX + ProcessHandle.current().pid() + "-" + name);
        removal = new Thread(this::takeAway);
        try {
            Runtime.getRuntime().addShutdownHook(removal);
        } catch (IllegalStateException e) {
            throw new IOException(INTERRUPTED, e);
        }
        try {
            make();
        } catch (IOException e) {
            forget();
            throw e;
        }
    }

    private synchronized void make() throws IOException {
        if (ending) {
            throw new IOException(INTERRUPTED);
        }
        Files.createDirectory(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    }

    Path path() {
        return path;
    }

    /** Writes files by name, through to the disk. */
    void write(Map<String, byte[]> files) throws IOException {
        Set<Path> directories = new LinkedHashSet<>();
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path target = path;
            for (Path step : Path.of(file.getKey())) {
                if (!target.equals(path)) {
                    directories.add(target);
                    Files.createDirectories(target);
                }
                target = target.resolve(step);
            }
            writeThrough(target, file.getValue());
        }
        for (Path directory : directories) {
            force(directory);
        }
        force(path);
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
    static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Removes what killed processes left. */
    static void removeAbandoned(Path parent) throws IOException {
        List<Path> temporaries;
        try (Stream<Path> children = Files.list(parent)) {
            temporaries = children.filter(
                            child -> child.getFileName().toString().startsWith(PREFIX))
                    .toList();
        }
        temporaries.stream().filter(TemporaryDirectory::abandoned).forEach(TemporaryDirectory::removeQuietly);
    }

    private static boolean abandoned(Path temporary) {
        String pid =
                temporary.getFileName().toString().substring(PREFIX.length()).split("-", 2)[0];
        return pid.matches("\\d{1,18}")
                && ProcessHandle.of(Long.parseLong(pid))
                        .filter(ProcessHandle::isAlive)
                        .isEmpty();
    }

    /** While the JVM ends, whoever writes here goes on: under its old name there is nothing for it to write to, nor to rename. */
    private synchronized void takeAway() {
        ending = true;
        for (int i = 0; i < MOST_TRIES; i++) {
            Path taken = path.resolveSibling(path.getFileName() + "-" + i);
            try {
                Files.move(path, taken, StandardCopyOption.ATOMIC_MOVE);
                removeQuietly(taken);
                return;
            } catch (IOException e) {
                if (!Files.exists(path)) {
                    return;
                }
            }
        }
    }

    @Override
    public void close() {
        removeQuietly(path);
        forget();
    }

    private void forget() {
        try {
            Runtime.getRuntime().removeShutdownHook(removal);
        } catch (IllegalStateException e) {
            // The process is about to end, and the thread has done its work or does it now.
        }
    }

    private static void removeQuietly(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException e) {
            // The failure that led here is the one to report.
        }
    }
}
