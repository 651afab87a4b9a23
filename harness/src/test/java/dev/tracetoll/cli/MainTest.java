package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.golang.EditDistance;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.MachineCannot;
import dev.tracetoll.problem.OperationFailed;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MainTest {

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream standardError = System.err;
    private PrintStream capture;

    @BeforeEach
    void captureStandardError() {
        capture = new PrintStream(printed, true, StandardCharsets.UTF_8);
        System.setErr(capture);
    }

    @AfterEach
    void releaseStandardError() {
        System.setErr(standardError);
    }

    @Test
    void problemsAreOneLineWithTheirExitCode() {
        Failures failures = new Failures(capture, () -> false);
        assertThat(failures.failed(new BadInput("no such file: x"))).isEqualTo(2);
        assertThat(failures.failed(new OperationFailed("the target died\nwith status 1"))).isEqualTo(1);
        assertThat(failures.failed(new MachineCannot("tracing", "no permission", "run as root"))).isEqualTo(77);
        assertThat(failures.failed(new InterruptedException())).isEqualTo(130);
        assertThat(lines()).containsExactly(
                "tracetoll: no such file: x",
                "tracetoll: the target died; with status 1",
                "tracetoll: tracing is not possible here: no permission; run as root",
                "tracetoll: interrupted");
    }

    @Test
    void theUnexpectedIsOneLineToo() {
        assertThat(new Failures(capture, () -> false).failed(new IllegalStateException("odd"))).isEqualTo(1);
        assertThat(lines()).singleElement().asString().contains("odd", "--debug");
    }

    @Test
    void debugAddsTheStackTrace() {
        assertThat(new Failures(capture, () -> true).failed(new BadInput("no such file: x"))).isEqualTo(2);
        assertThat(lines()).hasSizeGreaterThan(2).first().isEqualTo("tracetoll: no such file: x");
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("at " + getClass().getName());
    }

    @Test
    void anUnknownCommandNamesTheNearest() {
        assertThat(Main.run("docter")).isEqualTo(2);
        assertThat(lines()).containsExactly("tracetoll: unknown command 'docter'; the nearest is 'doctor'; see 'tracetoll --help'");
    }

    @Test
    void wrongUsageIsOneLineWithAHint() {
        assertThat(Main.run()).isEqualTo(2);
        assertThat(Main.run("doctor", "--format", "xml")).isEqualTo(2);
        assertThat(Main.run("doctor", "--colour")).isEqualTo(2);
        assertThat(lines()).hasSize(3)
                .allSatisfy(line -> assertThat(line).startsWith("tracetoll: ").endsWith("--help'"))
                .anySatisfy(line -> assertThat(line).contains("xml", "text", "json"))
                .anySatisfy(line -> assertThat(line).contains("--colour"));
    }

    @Test
    void distanceCountsLetters() {
        assertThat(EditDistance.between("", "")).isZero();
        assertThat(EditDistance.between("bench", "bench")).isZero();
        assertThat(EditDistance.between("benhc", "bench")).isEqualTo(2);
        assertThat(EditDistance.between("", "test")).isEqualTo(4);
        assertThat(EditDistance.between("trce", "trace")).isEqualTo(1);
    }

    private List<String> lines() {
        return printed.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
