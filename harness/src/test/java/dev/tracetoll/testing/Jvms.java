package dev.tracetoll.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** JVMs that this one has started. */
public final class Jvms {

    private Jvms() {}

    /** Those that run a class. Other children are those of tests beside the one that asks. */
    public static Stream<ProcessHandle> running(Class<?> main) {
        return ProcessHandle.current().children().filter(child -> words(child).contains(main.getName()));
    }

    /** ProcessHandle.Info has the first page of it only, and a class path is longer. */
    private static List<String> words(ProcessHandle process) {
        try {
            return List.of(new String(
                            Files.readAllBytes(Path.of("/proc", Long.toString(process.pid()), "cmdline")),
                            StandardCharsets.UTF_8)
                    .split("\0"));
        } catch (IOException e) {
            // It has ended.
            return List.of();
        }
    }
}
