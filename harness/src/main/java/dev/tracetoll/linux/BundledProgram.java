package dev.tracetoll.linux;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** A program in C that comes with this one, as a resource of this package, for what no JVM can do. */
public final class BundledProgram {

    private BundledProgram() {}

    /**
     * Makes a file of it that can be executed.
     *
     * @return the file, for the caller to delete once the program runs
     */
    public static Path extract(String name) throws IOException {
        try (InputStream in = BundledProgram.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("it is missing from this build; build anew with mvn package");
            }
            Path program = Files.createTempFile(name, null,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.copy(in, program, StandardCopyOption.REPLACE_EXISTING);
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("r-x------"));
            return program;
        }
    }
}
