package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.OperationFailed;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationTest {

    @TempDir
    private Path directory;

    private Path program;

    @BeforeEach
    void makeAProgram() throws IOException {
        program = file("program", "rw-r--r--", "what is traced");
    }

    private Path file(String name, String permissions, String content) throws IOException {
        return Files.setPosixFilePermissions(
                Files.writeString(directory.resolve(name), content, StandardCharsets.ISO_8859_1),
                PosixFilePermissions.fromString(permissions));
    }

    private void refused(Path output, String why) {
        assertThatThrownBy(() -> Destination.of(output, program))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("--output " + output)
                .hasMessageContaining(why);
    }

    @Test
    void theProgramItselfIsNotWrittenOver() throws IOException {
        refused(program, "is the program that is to be traced");
        refused(Files.createLink(directory.resolve("hard"), program), "is the program that is to be traced");
        refused(Files.createSymbolicLink(directory.resolve("soft"), program), "is the program that is to be traced");
        Files.createDirectory(directory.resolve("inside"));
        refused(directory.resolve("inside/.././program"), "is the program that is to be traced");
        assertThat(program).hasContent("what is traced");
    }

    @Test
    void noProgramAndNoLibraryIsWrittenOver() throws IOException {
        refused(file("library.so", "rw-r--r--", "\u007fELF\u0002"), "a program or a library");
        refused(file("script", "rwxr-xr-x", "#!/bin/sh"), "a program or a library");
        refused(file("others", "rw-r--r-x", ""), "a program or a library");
        refused(Files.createSymbolicLink(directory.resolve("link"), Path.of("library.so")), "a program or a library");
    }

    @Test
    void aDirectoryIsNoFile() {
        refused(directory, "is a directory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxrwxrwx", "rwxr-xrwx"})
    void noLinkIsFollowedWhereOthersMayHaveLaidIt(String permissions) throws IOException {
        Path shared = Files.setPosixFilePermissions(
                Files.createDirectory(directory.resolve("shared")), PosixFilePermissions.fromString(permissions));
        Path victim = file("victim", "rw-r--r--", "old");
        refused(Files.createSymbolicLink(shared.resolve("trace"), victim), "symbolic link");
        refused(Files.createSymbolicLink(shared.resolve("new"), directory.resolve("new")), "symbolic link");
        Files.createSymbolicLink(shared.resolve("away"), directory);
        refused(shared.resolve("away/victim"), "symbolic link");
        refused(Files.createSymbolicLink(directory.resolve("there"), shared.resolve("trace")), "symbolic link");
        assertThat(Destination.of(shared.resolve("file"), program).isNew()).isTrue();
    }

    @Test
    void linksOfOnesOwnAreFollowed() throws IOException {
        Path trace = file("trace", "rw-r--r--", "old");
        Path real = trace.toRealPath();
        Files.createSymbolicLink(directory.resolve("one"), Path.of("trace"));
        Files.createSymbolicLink(directory.resolve("two"), directory.resolve("one"));
        Path deep = Files.createDirectories(directory.resolve("deep/deeper"));
        Files.createSymbolicLink(directory.resolve("down"), deep);
        assertThat(Destination.of(directory.resolve("two"), program).path()).isEqualTo(real);
        // What is above the directory that the link leads to, not the one it is in.
        assertThat(Destination.of(directory.resolve("down/../../two"), program)
                        .path()
                        .toRealPath())
                .isEqualTo(real);
    }

    @Test
    void linksInACircleLeadNowhere() throws IOException {
        Files.createSymbolicLink(directory.resolve("a"), Path.of("b"));
        Files.createSymbolicLink(directory.resolve("b"), Path.of("a"));
        refused(directory.resolve("a"), "without an end");
    }

    @Test
    void whatIsNoFileOfOnesOwnStaysUsable() {
        assertThat(Destination.of(Path.of("/dev/null"), program).isToBeOverwritten())
                .isFalse();
        assertThat(Destination.of(Path.of("/dev/stderr"), program).isToBeOverwritten())
                .isFalse();
        assertThat(Destination.of(directory.resolve("new"), program).isToBeOverwritten())
                .isTrue();
    }

    @Test
    void aLinkThatHasComeMeanwhileIsNotFollowed() throws IOException {
        Path trace = file("trace", "rw-r--r--", "old");
        Destination destination = Destination.of(trace, program);
        Files.delete(trace);
        Files.createSymbolicLink(trace, program);
        assertThatThrownBy(destination::open)
                .isInstanceOf(OperationFailed.class)
                .hasMessageContaining(trace.getFileName().toString());
        Destination fresh = Destination.of(directory.resolve("fresh"), program);
        Files.createSymbolicLink(directory.resolve("fresh"), program);
        assertThatThrownBy(fresh::open).isInstanceOf(OperationFailed.class);
        assertThat(program).hasContent("what is traced");
    }

    @Test
    void whatWasInTheFileStaysUntilSomethingIsWritten() throws IOException {
        Path trace = file("trace", "rw-r--r--", "an older and longer trace");
        try (TraceOutputFile output = TraceOutputFile.open(Optional.of(Destination.of(trace, program)))) {
            assertThat(output.pieceBytes()).isPositive();
        }
        assertThat(trace).hasContent("an older and longer trace");
        try (TraceOutputFile output = TraceOutputFile.open(Optional.of(Destination.of(trace, program)))) {
            OutputStream stream = output.stream();
            stream.write("new".getBytes(StandardCharsets.US_ASCII));
            stream.write(" trace".getBytes(StandardCharsets.US_ASCII));
        }
        assertThat(trace).hasContent("new trace");
        assertThat(Files.getPosixFilePermissions(trace)).isEqualTo(PosixFilePermissions.fromString("rw-r--r--"));
    }
}
