package dev.tracetoll.burst;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.problem.OperationFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetProgramTest {

    @TempDir
    private Path directory;

    private TargetProgram program() throws IOException {
        Path file = Files.writeString(directory.resolve("probe-me"), "#!/bin/true\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return TargetProgram.at(file);
    }

    @Test
    void aCopyIsTheSameProgramInAnotherFile() throws IOException {
        TargetProgram program = program();

        TargetProgram copy = program.copiedTo(directory.resolve("copies/0"));

        assertThat(copy.name()).isEqualTo("probe-me");
        assertThat(copy.path())
                .isEqualTo(directory.resolve("copies/0/probe-me"))
                .isExecutable()
                .hasSameBinaryContentAs(program.path());
        assertThat(copy.original()).isEqualTo(program.original()).isEqualTo(program.path());
        assertThat(copy.copiedTo(directory.resolve("copies/1")).original())
                .as("of a copy's copy")
                .isEqualTo(program.path());
    }

    @Test
    void saysWhereItCannotBeCopiedTo() throws IOException {
        TargetProgram program = program();
        Path file = Files.writeString(directory.resolve("file"), "");

        assertThatThrownBy(() -> program.copiedTo(file.resolve("0")))
                .isInstanceOf(OperationFailed.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("TMPDIR");
    }
}
