package dev.tracetoll.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.testing.Mounted;
import dev.tracetoll.testing.OneAtATime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@OneAtATime
class ResultStoreIT {

    @TempDir
    private Path mountPoint;

    @Test
    void aFullDiskLeavesNothingBehind() throws Exception {
        try (Mounted small = Mounted.tmpfs(mountPoint, "size=16k")) {
            assertThatThrownBy(() -> new ResultStore(small.path())
                            .save(SampleRuns.headline(), "headline", Map.of(ResultStore.JMH_FILE, new byte[64 << 10])))
                    .isInstanceOf(OperationFailed.class)
                    .hasMessageContaining("No space left")
                    .hasMessageNotContaining("\n");
            try (var children = Files.list(small.path())) {
                assertThat(children).isEmpty();
            }
        }
    }
}
