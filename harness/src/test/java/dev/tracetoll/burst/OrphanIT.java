package dev.tracetoll.burst;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.faults.Promise;
import dev.tracetoll.linux.file.Deadline;
import dev.tracetoll.testing.OneAtATime;
import dev.tracetoll.testing.ToolCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A harness that is killed leaves no target behind. */
@OneAtATime
class OrphanIT {

    private static final Duration LONG = Duration.ofSeconds(60);

    /** The harness to be killed: launches a target, prints its process id and has it compute for ever unless it stays stopped. */
    public static final class Harness {

        private Harness() {}

        public static void main(String[] arguments) throws InterruptedException {
            boolean stopped = arguments[0].equals("stopped");
            Target target = Target.launch(TargetProgram.named("calls"), List.of(), stopped);
            System.out.println(target.pid());
            if (arguments[0].equals("computing")) {
                target.burst(1_000_000, 1_000_000_000);
            }
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    @Promise(
            chapter = Promise.Chapter.TRACER,
            fault = "The harness is killed while it measures",
            promise = "no target is left")
    @ParameterizedTest
    @CsvSource({
        "stopped, KILL",
        "waiting, KILL",
        "computing, KILL",
        "stopped, TERM",
        "waiting, TERM",
        "computing, TERM",
        "computing, INT"
    })
    void aKilledHarnessLeavesNoTarget(String state, String signal) throws Exception {
        // A session of its own: where the harness shares one with the process that adopts orphans, the kernel would not
        // see that a stopped process has nobody left to continue it.
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.addAll(ToolCommand.ofTest(Harness.class, state));
        Process harness = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(harness.getInputStream(), StandardCharsets.UTF_8))) {
            Path target = Path.of("/proc", output.readLine());
            assertThat(target).exists();
            assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(harness.pid()))
                            .inheritIO()
                            .start()
                            .waitFor())
                    .isZero();
            assertThat(harness.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            Deadline deadline = Deadline.in(LONG);
            while (isAlive(target)) {
                assertThat(deadline.isOver()).as(target + " ends").isFalse();
                Thread.sleep(5);
            }
        } finally {
            harness.destroyForcibly();
        }
    }

    /** Whether it runs or stops; a zombie is nobody's business but that of whoever adopted it. */
    private static boolean isAlive(Path process) {
        try {
            return !Files.readString(process.resolve("stat"))
                    .replaceAll(".*\\) ", "")
                    .startsWith("Z");
        } catch (IOException e) {
            return false;
        }
    }
}
