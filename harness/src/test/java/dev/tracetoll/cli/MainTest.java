package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.golang.EditDistance;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.MachineCannot;
import dev.tracetoll.problem.OperationFailed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Isolated("it looks at the standard streams")
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
        assertThat(failures.failed(new OperationFailed("the target died\nwith status 1")))
                .isEqualTo(1);
        assertThat(failures.failed(new MachineCannot("tracing", "no permission", "run as root")))
                .isEqualTo(77);
        assertThat(failures.failed(new InterruptedException())).isEqualTo(130);
        assertThat(lines())
                .containsExactly(
                        "tracetoll: no such file: x",
                        "tracetoll: the target died; with status 1",
                        "tracetoll: tracing is not possible here: no permission; run as root",
                        "tracetoll: interrupted");
    }

    @Test
    void theUnexpectedIsOneLineToo() {
        assertThat(new Failures(capture, () -> false).failed(new IllegalStateException("odd")))
                .isEqualTo(1);
        assertThat(lines()).singleElement().asString().contains("odd", "--debug");
    }

    @Test
    void debugAddsTheStackTrace() {
        assertThat(new Failures(capture, () -> true).failed(new BadInput("no such file: x")))
                .isEqualTo(2);
        assertThat(lines()).hasSizeGreaterThan(2).first().isEqualTo("tracetoll: no such file: x");
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("at " + getClass().getName());
    }

    @Test
    void anUnknownCommandNamesTheNearest() {
        assertThat(Main.run("docter")).isEqualTo(2);
        assertThat(lines())
                .containsExactly(
                        "tracetoll: unknown command 'docter'; the nearest is 'doctor'; see 'tracetoll --help'");
    }

    @Test
    void wrongUsageIsOneLineWithAHint() {
        assertThat(Main.run()).isEqualTo(2);
        assertThat(Main.run("doctor", "--format", "xml")).isEqualTo(2);
        assertThat(Main.run("doctor", "--colour")).isEqualTo(2);
        assertThat(lines())
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).startsWith("tracetoll: ").endsWith("--help'"))
                .anySatisfy(line -> assertThat(line).contains("xml", "text", "json"))
                .anySatisfy(line -> assertThat(line).contains("--colour"));
    }

    /** Types of Java, names of constants and the words of the library that parses are nobody's business. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "doctor --format xml | no --format xml; there are text and json",
                "compare a b --format html | no --format html; there are text and markdown",
                "compare a b --tolerance five | --tolerance takes a number such as 2.5, not 'five'",
                "bench --rounds abc | --rounds takes a whole number up to 2147483647, not 'abc'",
                "bench --calls 200 --calls 99999999999 | --calls takes a whole number up to 2147483647, not '99999999999'",
                "bench --seed 1.5 | --seed takes a whole number up to 9223372036854775807, not '1.5'",
                "bench --budget soon | --budget: 'soon' is not a duration such as 500ms, 10s or 2m",
                "bench --quick --full | --quick, --full are mutually exclusive (specify only one)",
                "selftest gate --comparisons many | --comparisons takes a whole number up to 2147483647, not 'many'",
                "selftest gate --tolerance 5% | --tolerance takes a number such as 2.5, not '5%'",
                "trace --limit few --function f p | --limit takes a whole number up to 9223372036854775807, not 'few'",
                "trace --format xml --function f p | no --format xml; there are text and json"
            })
    void aWrongValueIsNamedInPlainWords(String words, String message) {
        assertThat(Main.run(words.split(" "))).isEqualTo(2);
        assertThat(lines())
                .singleElement()
                .asString()
                .startsWith("tracetoll: " + message + "; see 'tracetoll " + words.split(" ")[0]);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bench",
                "trace",
                "report",
                "compare",
                "baseline",
                "baseline adopt",
                "baseline show",
                "baseline list",
                "selftest",
                "selftest gate",
                "tune",
                "detach",
                "doctor"
            })
    void everyCommandHelpsWithoutComplaining(String command) {
        PrintStream standardOutput = System.out;
        ByteArrayOutputStream help = new ByteArrayOutputStream();
        System.setOut(new PrintStream(help, true, StandardCharsets.UTF_8));
        try {
            assertThat(Main.run((command + " --help").strip().split(" "))).isZero();
        } finally {
            System.setOut(standardOutput);
        }
        assertThat(help.toString(StandardCharsets.UTF_8))
                .contains("Usage: tracetoll " + command)
                .doesNotContain("%n", "%%", "Optional[");
        assertThat(lines()).isEmpty();
    }

    @Test
    void whatCannotBePrintedIsAFailure() {
        IOException full = new IOException("No space left on device");
        assertThat(new Failures(capture, () -> false).finished(0, Optional.of(full)))
                .isEqualTo(1);
        assertThat(new Failures(capture, () -> false).finished(3, Optional.of(full)))
                .isEqualTo(1);
        assertThat(lines())
                .hasSize(2)
                .allMatch(
                        "tracetoll: cannot write to standard output: No space left on device; send it elsewhere"
                                ::equals);
        assertThat(new Failures(capture, () -> false).finished(3, Optional.empty()))
                .isEqualTo(3);
        assertThat(new Failures(capture, () -> false).finished(3, Optional.of(new IOException("Broken pipe"))))
                .isEqualTo(3);
        assertThat(lines()).hasSize(2);
    }

    @Test
    void aCommandThatHasFailedSaysSoOnce() {
        Failures failures = new Failures(capture, () -> false);
        int code = failures.failed(new BadInput("no such file: x"));
        assertThat(failures.finished(code, Optional.of(new IOException("No space left on device"))))
                .isEqualTo(2);
        assertThat(lines()).containsExactly("tracetoll: no such file: x");
    }

    @Test
    void aWordLikeNoCommandNamesThemAll() {
        assertThat(Main.run("xyzzy")).isEqualTo(2);
        assertThat(lines())
                .singleElement()
                .asString()
                .contains("unknown command 'xyzzy'; there are baseline, bench, ", "help, ", "test, trace, tune;");
    }

    @Test
    void anUnknownOptionIsToldThoughAnotherIsMissing() {
        assertThat(Main.run("trace", "--functoin", "x", "./program")).isEqualTo(2);
        assertThat(Main.run("trace", "--functoin=x", "./program")).isEqualTo(2);
        assertThat(Main.run("trace", "--xyzzy", "--function", "x", "./program")).isEqualTo(2);
        assertThat(Main.run("trace", "./program", "--functoin")).isEqualTo(2);
        assertThat(lines())
                .containsExactly(
                        "tracetoll: unknown option '--functoin'; the nearest is '--function'; see 'tracetoll trace --help'",
                        "tracetoll: unknown option '--functoin'; the nearest is '--function'; see 'tracetoll trace --help'",
                        "tracetoll: unknown option '--xyzzy'; see 'tracetoll trace --help'",
                        "tracetoll: Missing required option: '--function=REGEX'; see 'tracetoll trace --help'");
    }

    @Test
    void helpIsACommandToo() {
        PrintStream standardOutput = System.out;
        System.setOut(capture);
        try {
            assertThat(Main.run("help")).isZero();
            assertThat(lines())
                    .anyMatch(line -> line.startsWith("Usage: tracetoll ["))
                    .anyMatch(line -> line.startsWith("  trace"));
            printed.reset();
            assertThat(Main.run("help", "baseline", "adopt")).isZero();
            assertThat(lines()).first().asString().startsWith("Usage: tracetoll baseline adopt ");
            printed.reset();
            assertThat(Main.run("help", "test")).isZero();
            assertThat(lines()).first().asString().startsWith("Usage: tracetoll [");
        } finally {
            System.setOut(standardOutput);
        }
        printed.reset();
        assertThat(Main.run("help", "tracee")).isEqualTo(2);
        assertThat(lines())
                .containsExactly("tracetoll: unknown command 'tracee'; the nearest is 'trace'; see 'tracetoll --help'");
    }

    @Test
    void anEmptyExpressionDoesNotTraceEverything() {
        assertThatThrownBy(() -> FunctionSelection.compile(List.of("main", "")))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("--function ''");
    }

    @Test
    void aProcessThatWasRunningBeforeIsNotToBeKilled() {
        assertThat(Main.run("trace", "--kill-on-exit", "--function", "main.add", "--pid", "1"))
                .isEqualTo(2);
        assertThat(lines())
                .singleElement()
                .asString()
                .startsWith("tracetoll: --kill-on-exit is for a PROGRAM that is launched");
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
