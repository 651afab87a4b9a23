package dev.tracetoll.linux.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OwnedDirectoryTest {

    private final String prefix =
            "owned-directory-test-" + ProcessHandle.current().pid() + "-" + System.nanoTime() + "-";
    private final List<Path> made = new ArrayList<>();

    private Path make() {
        Path directory = OwnedDirectory.make(prefix);
        made.add(directory);
        return directory;
    }

    /** A directory that no process owns. */
    private Path leftBehind(Duration age) throws IOException {
        Path directory = Files.createTempDirectory(prefix);
        made.add(directory);
        Files.writeString(Files.createDirectory(directory.resolve("0")).resolve("file"), "text");
        Files.setLastModifiedTime(directory, FileTime.from(Instant.now().minus(age)));
        return directory;
    }

    @AfterEach
    void deleteAll() {
        made.forEach(OwnedDirectory::delete);
    }

    @Test
    void goesWithAllThatIsInIt() throws IOException {
        Path directory = make();
        Files.writeString(Files.createDirectories(directory.resolve("0/deep")).resolve("file"), "text");

        OwnedDirectory.delete(directory);

        assertThat(directory).doesNotExist();
        OwnedDirectory.delete(directory);
    }

    @Test
    void anotherOfThisProcessStays() {
        Path first = make();

        assertThat(make()).isDirectory().isNotEqualTo(first);
        assertThat(first).isDirectory();
    }

    @Test
    void whatAKilledProcessLeftGoesWithTheNext() throws IOException {
        Path abandoned = leftBehind(Duration.ZERO);
        Files.writeString(abandoned.resolve("owner"), "x");

        make();

        assertThat(abandoned).doesNotExist();
    }

    @Test
    void whatHasNoOwnerYetStaysForAMoment() throws IOException {
        Path young = leftBehind(Duration.ZERO);
        Path old = leftBehind(Duration.ofHours(1));

        make();

        assertThat(young).isDirectory();
        assertThat(old).doesNotExist();
    }
}
