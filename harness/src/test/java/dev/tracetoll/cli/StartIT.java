package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.Script;
import dev.tracetoll.testing.ToolCommand;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start does that nobody sees. */
@BesideOthers
class StartIT {

    @TempDir
    Path directory;

    private Path asked;

    @BeforeEach
    void beGit() throws IOException {
        asked = directory.resolve("asked");
        Script.write(directory.resolve("git"), "echo asked >>'" + asked + "'\necho 0123456789ab");
    }

    private String run(String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(ToolCommand.of(List.of(arguments))).redirectErrorStream(true);
        builder.environment().merge("PATH", directory.toString(), (path, first) -> first + File.pathSeparator + path);
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    @Test
    void gitIsNotAskedForACommitThatNobodyWantsToKnow() throws IOException, InterruptedException {
        assertThat(run("trace", "--help")).contains("--function");
        assertThat(asked).doesNotExist();
    }

    @Test
    void gitIsAskedOnceWhereTheVersionIs() throws IOException, InterruptedException {
        assumeThat(Path.of(System.getProperty("tracetoll.home"), ".git")).exists();

        assertThat(run("trace", "--version")).contains("(0123456789ab)");
        assertThat(asked).hasContent("asked\n");
    }
}
