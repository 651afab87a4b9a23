package dev.tracetoll.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A program for the shell, to stand where another is looked for. */
public final class Script {

    private Script() {}

    /** Writes one that everybody may run, anew if the file is there. */
    public static Path write(Path file, String body) throws IOException {
        // Not into the old file: it may be a link, or be running.
        Files.deleteIfExists(file);
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
