package dev.tracetoll.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.OperationFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppendedFileTest {

    @TempDir
    private Path directory;

    @Test
    void tryingLeavesWhatWasThere() throws IOException {
        Path file = Files.writeString(directory.resolve("summary"), "before");
        Files.setLastModifiedTime(file, FileTime.fromMillis(0));
        AppendedFile summary = new AppendedFile(file);

        summary.requireWritable();
        assertThat(file).hasContent("before");
        assertThat(Files.getLastModifiedTime(file).toMillis()).isZero();
        summary.append(" and after");
        assertThat(file).hasContent("before and after");
    }

    @Test
    void whatIsNotThereIsMadeWhenThereIsSomethingToSay() {
        Path file = directory.resolve("summary");
        AppendedFile summary = new AppendedFile(file);

        summary.requireWritable();
        assertThat(directory).isEmptyDirectory();
        summary.append("text");
        assertThat(file).hasContent("text");
    }

    @Test
    void whatCannotBeAppendedToIsRefused() {
        assertThatThrownBy(new AppendedFile(directory)::requireWritable)
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("Is a directory");
        assertThatThrownBy(new AppendedFile(directory.resolve("no/file"))::requireWritable)
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("No such file");
        assertThatThrownBy(new AppendedFile(Path.of("/dev/full"))::requireWritable)
                .isInstanceOf(OperationFailed.class)
                .hasMessage(
                        "cannot append to /dev/full: No space left on device; make room there or name another file");
        new AppendedFile(Path.of("/dev/null")).requireWritable();
    }
}
