package dev.tracetoll.results;

import dev.tracetoll.linux.file.EmptyWrite;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.OperationFailed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file of somebody else's to which something is added at the end. */
public final class AppendedFile {

    private final Path file;

    /** @param file made when something is added */
    public AppendedFile(Path file) {
        this.file = file;
    }

    /**
     * Finds out whether something can be added, before there is anything to add. Leaves the file as it was, or not there.
     *
     * @throws BadInput if it cannot
     * @throws OperationFailed if the disk is full
     */
    public void requireWritable() {
        boolean isNew = !Files.exists(file);
        try {
            EmptyWrite.to(file);
            if (isNew) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw WholeDirectory.isFull(e)
                    ? failed(e)
                    : new BadInput(
                            "cannot append to " + file + ": " + WholeDirectory.reason(e) + "; name another file", e);
        }
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null && (isNew || Files.isRegularFile(file)) && Files.isWritable(parent)) {
            // Whether there is room is a question to the file system, which its own directory can be asked.
            new WholeDirectory(parent).requireWritable();
        }
    }

    /**
     * Adds text.
     *
     * @throws OperationFailed if it cannot be written
     */
    public void append(String text) {
        try {
            Files.writeString(file, text, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private OperationFailed failed(IOException e) {
        return new OperationFailed(
                "cannot append to " + file + ": " + WholeDirectory.reason(e) + "; make room there or name another file",
                e);
    }
}
