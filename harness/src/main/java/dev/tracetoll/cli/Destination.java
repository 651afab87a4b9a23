package dev.tracetoll.cli;

import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.OperationFailed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file that a user names to be written over, once it is certain that this destroys nothing else.
 *
 * @param path what to open; symbolic links that were followed are replaced by what they lead to
 * @param isNew whether there is no such file yet
 * @param type the type that {@code inode(7)} has in the mode; a new file is a regular one
 * @param byKernel whether the path is one of those below {@code /proc} that the kernel itself follows, such as that of {@code /dev/stdout}
 */
record Destination(Path path, boolean isNew, int type, boolean byKernel) {

    /** As the kernel allows, see path_resolution(7). */
    private static final int MOST_LINKS = 40;
    /** Of {@code inode(7)}. */
    private static final int TYPE = 0170000;

    private static final int REGULAR = 0100000;
    private static final int DIRECTORY = 0040000;
    private static final int BLOCK_DEVICE = 0060000;
    private static final int FIFO = 0010000;
    private static final int SOCKET = 0140000;
    private static final int ANY_MAY_EXECUTE = 0111;
    private static final int GROUP_MAY_WRITE = 0020;
    private static final int OTHERS_MAY_WRITE = 0002;
    private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};

    /**
     * Finds out where a name leads.
     *
     * @param name as the user gave it
     * @param program the program that is traced
     * @throws BadInput if it leads to a program, a library, a directory or a disk, or through a symbolic link that somebody else may have laid
     * @throws OperationFailed if it cannot be found out
     */
    static Destination of(Path name, Path program) {
        try {
            Path path = name.toAbsolutePath();
            for (int links = 0; links < MOST_LINKS; links++) {
                Path link = firstLink(path);
                if (link == null || isOfTheKernel(link)) {
                    return of(name, path, program, link != null);
                }
                refuseUnlessTrusted(name, link);
                Path target = link.resolveSibling(Files.readSymbolicLink(link));
                int done = link.getNameCount();
                path = done == path.getNameCount() ? target : target.resolve(path.subpath(done, path.getNameCount()));
            }
            throw new BadInput(
                    "--output " + name + " leads from one symbolic link to another without an end; name a file");
        } catch (IOException e) {
            throw new OperationFailed(
                    "cannot write the trace to " + name + ": " + why(e) + "; name another --output", e);
        }
    }

    private static Destination of(Path name, Path path, Path program, boolean byKernel) throws IOException {
        if (!Files.exists(path)) {
            return new Destination(path, true, REGULAR, byKernel);
        }
        int mode = mode(path);
        int type = mode & TYPE;
        if (type == DIRECTORY) {
            throw new BadInput("--output " + name + " is a directory; name a file");
        }
        if (type == BLOCK_DEVICE) {
            throw new BadInput("--output " + name + " is a disk, and what is on it would be destroyed; name a file");
        }
        if (Files.exists(program) && Files.isSameFile(path, program)) {
            throw new BadInput("--output " + name
                    + " is the program that is to be traced, and would be destroyed; name another file");
        }
        if (type == REGULAR && (isElf(path) || (mode & ANY_MAY_EXECUTE) != 0)) {
            throw new BadInput("--output " + name
                    + " is a program or a library, and would be destroyed; name another file, or remove it first");
        }
        return new Destination(path, false, type, byKernel);
    }

    private static int mode(Path path) throws IOException {
        return (int) Files.getAttribute(path, "unix:mode");
    }

    /** Whether it has a content to write over. */
    boolean isToBeOverwritten() {
        return type == REGULAR && !byKernel;
    }

    /** Whether what is written goes to somebody who reads it, and may leave. */
    boolean isPipe() {
        return isPipe(type);
    }

    private static boolean isPipe(int type) {
        return type == FIFO || type == SOCKET;
    }

    /** The same of standard output. */
    static boolean standardOutputIsPipe() {
        try {
            return isPipe(mode(Path.of("/proc/self/fd/1")) & TYPE);
        } catch (IOException closed) {
            return false;
        }
    }

    /** The first symbolic link on the way to a file, or it itself; null if there is none. */
    private static @Nullable Path firstLink(Path path) {
        Path way = path.getRoot();
        for (Path step : path) {
            way = way.resolve(step);
            if (Files.isSymbolicLink(way)) {
                return way;
            }
        }
        return null;
    }

    /** One that was asked for. */
    private static int number(Map<String, Object> attributes, String name) {
        return (int) Objects.requireNonNull(attributes.get(name), name);
    }

    private static boolean isOfTheKernel(Path link) throws IOException {
        return Files.getFileStore(link.getParent()).type().equals("proc");
    }

    /** Whoever may write to a directory may have laid a link there that leads to a file of another's. */
    private static void refuseUnlessTrusted(Path name, Path link) throws IOException {
        Map<String, Object> directory = Files.readAttributes(link.getParent(), "unix:mode,uid,gid");
        Path self = Path.of("/proc/self");
        int user = (int) Files.getAttribute(self, "unix:uid");
        int owner = number(directory, "uid");
        int mode = number(directory, "mode");
        boolean ofOthers = owner != 0 && owner != user
                || (mode & OTHERS_MAY_WRITE) != 0
                || (mode & GROUP_MAY_WRITE) != 0
                        && number(directory, "gid") != (int) Files.getAttribute(self, "unix:gid");
        if (ofOthers) {
            throw new BadInput("--output " + name + " leads through the symbolic link " + link
                    + ", and others may write to its directory;" + " name the file itself");
        }
    }

    private static boolean isElf(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(ELF.length), ELF);
        } catch (AccessDeniedException e) {
            // Not to be read, but perhaps to be written: what it is must be told by its mode.
            return false;
        }
    }

    /**
     * Opens the file, whose content stays until something is written.
     *
     * @throws OperationFailed if it cannot be opened
     */
    FileChannel open() {
        Set<OpenOption> how = new HashSet<>(Set.of(StandardOpenOption.WRITE));
        if (isNew) {
            how.add(StandardOpenOption.CREATE_NEW);
        }
        if (byKernel) {
            // Another descriptor of a file that somebody has opened already, and may have written to.
            how.add(StandardOpenOption.APPEND);
        } else {
            // What was no link when it was looked at must not have become one.
            how.add(LinkOption.NOFOLLOW_LINKS);
        }
        try {
            return FileChannel.open(path, how);
        } catch (IOException e) {
            throw new OperationFailed(
                    "cannot write the trace to " + path + " (" + why(e) + "); name another --output", e);
        }
    }

    /** The reason alone: the paths that such an exception names are said already. */
    private static String why(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "No such file or directory";
        }
        if (e instanceof AccessDeniedException) {
            return "Permission denied";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "another file has come to be there";
        }
        return e instanceof FileSystemException known && known.getReason() != null
                ? known.getReason()
                : String.valueOf(e.getMessage());
    }
}
