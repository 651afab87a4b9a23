package dev.tracetoll.linux.process;

import dev.tracetoll.problem.OperationFailed;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The programs in C that the build compiles. They are executed where the build puts them, beside the classes. */
public final class NativeProgram {

    private static final String DIRECTORY = "native";

    private NativeProgram() {}

    /**
     * Where one is.
     *
     * @param name its name, that of its source without {@code .c}
     * @throws OperationFailed if it is not there or cannot be executed
     */
    public static Path named(String name) {
        Path program = builtFrom(NativeProgram.class).resolveSibling(DIRECTORY).resolve(name);
        if (!Files.exists(program)) {
            throw new OperationFailed(program + " is missing from this build; build anew with mvn package");
        }
        if (!Files.isExecutable(program)) {
            throw new OperationFailed(program
                    + " cannot be executed; is its file system mounted with noexec? Install Tracetoll elsewhere");
        }
        return program;
    }

    private static Path builtFrom(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
