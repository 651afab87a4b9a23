package dev.tracetoll.linux.file;

import dev.tracetoll.problem.OperationFailed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Temporary directories that no process leaves behind for long, however it ends. */
public final class OwnedDirectory {

    private static final String OWNER = "owner";
    private static final Duration A_MOMENT = Duration.ofMinutes(1);

    /** Those of this process: to open one's file again and close it would give its lock up; see fcntl(2). */
    private static final Map<Path, FileChannel> OWNERS = new ConcurrentHashMap<>();

    private OwnedDirectory() {}

    /**
     * A new directory, which goes with this process at the latest, or, if this process is killed, with the next one that makes such a
     * directory: it holds a file that is locked as long as its owner lives.
     *
     * @param prefix of its name; what bears it and has no living owner is taken for abandoned
     * @throws OperationFailed if it cannot be made
     */
    public static synchronized Path make(String prefix) {
        try {
            deleteAbandoned(prefix);
            Path directory = Files.createTempDirectory(prefix);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory), "delete-directory"));
            FileChannel owner =
                    FileChannel.open(directory.resolve(OWNER), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            OWNERS.put(directory, owner);
            owner.lock();
            // Only now may others find it without a lock and take its owner for dead.
            owner.write(ByteBuffer.allocate(1));
            return directory;
        } catch (IOException e) {
            throw new OperationFailed(
                    "Cannot make a temporary directory: " + e + "; make room in " + System.getProperty("java.io.tmpdir")
                            + ", or set TMPDIR to another directory",
                    e);
        }
    }

    private static void deleteAbandoned(String prefix) throws IOException {
        try (DirectoryStream<Path> directories =
                Files.newDirectoryStream(Path.of(System.getProperty("java.io.tmpdir")), prefix + "*")) {
            for (Path directory : directories) {
                if (!OWNERS.containsKey(directory)
                        && Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                        && isAbandoned(directory)) {
                    deleteFiles(directory);
                }
            }
        }
    }

    /** Whose owner has no mark was made a moment ago, or its owner did not get that far. */
    private static boolean isAbandoned(Path directory) {
        try (FileChannel owner = FileChannel.open(
                        directory.resolve(OWNER), StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                FileLock lock = owner.tryLock()) {
            return lock != null && (owner.size() > 0 || isOld(directory));
        } catch (NoSuchFileException e) {
            return isOld(directory);
        } catch (IOException e) {
            // Another user's, or somebody else has just deleted it.
            return false;
        }
    }

    private static boolean isOld(Path directory) {
        return directory.toFile().lastModified() < System.currentTimeMillis() - A_MOMENT.toMillis();
    }

    /** Deletes one of this process, with all that is in it. The end of this process waits for that. */
    public static synchronized void delete(Path directory) {
        deleteFiles(directory);
        FileChannel owner = OWNERS.remove(directory);
        if (owner != null) {
            try {
                owner.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void deleteFiles(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            all.sorted(Comparator.reverseOrder()).forEach(each -> each.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            // It is being deleted by somebody else.
        }
    }
}
