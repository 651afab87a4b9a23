package dev.tracetoll.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file system that is there as long as this is open. */
public final class Mounted implements AutoCloseable {

    private final Path path;

    private Mounted(Path path) {
        this.path = path;
    }

    /**
     * Mounts a file system in memory; skips the test, and says so, where this process is not root.
     *
     * @param options as mount(8) takes them
     */
    public static Mounted tmpfs(Path path, String options) throws IOException {
        boolean root = "root".equals(System.getProperty("user.name"));
        if (!root) {
            System.err.println("SKIPPED: mounting a small file system needs root");
        }
        assumeTrue(root, "mounting a small file system needs root");
        run("mount", "-t", "tmpfs", "-o", options, "tmpfs", path.toString());
        return new Mounted(path);
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /** How much room is left. */
    public int freeBytes() throws IOException {
        return Math.toIntExact(Files.getFileStore(path).getUsableSpace());
    }

    @Override
    public void close() throws IOException {
        run("umount", path.toString());
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.onExit().join().exitValue())
                .as(List.of(command).toString())
                .isZero();
    }
}
