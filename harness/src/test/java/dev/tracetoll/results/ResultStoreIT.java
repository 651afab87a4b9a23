package dev.tracetoll.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tracetoll.problem.OperationFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultStoreIT {

    @TempDir
    private Path mountPoint;

    @Test
    void aFullDiskLeavesNothingBehind() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "SKIPPED: mounting a small file system needs root");
        run("mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", mountPoint.toString());
        try {
            assertThatThrownBy(() -> new ResultStore(mountPoint).save(SampleRuns.headline(), "headline", new byte[64 << 10]))
                    .isInstanceOf(OperationFailed.class).hasMessageContaining("No space left").hasMessageNotContaining("\n");
            try (var children = Files.list(mountPoint)) {
                assertThat(children).isEmpty();
            }
        } finally {
            run("umount", mountPoint.toString());
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor()).as(List.of(command).toString()).isZero();
    }
}
