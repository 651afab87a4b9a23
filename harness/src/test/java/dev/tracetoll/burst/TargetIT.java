package dev.tracetoll.burst;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.linux.file.Deadline;
import dev.tracetoll.linux.process.ExitStatus;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.testing.OneAtATime;
import dev.tracetoll.testing.Script;
import dev.tracetoll.tracing.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@OneAtATime
class TargetIT {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int SIGKILL = 9;

    @TempDir
    Path directory;

    private static Stream<GoToolchains.Built> targets() {
        return GoToolchains.all();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void runsBurstsAndTimesThem(GoToolchains.Built built) {
        int pid;
        try (Target target = built.launch(false)) {
            pid = target.pid();
            assertThat(target.greeting().target()).isEqualTo(built.program().name());
            assertThat(target.greeting().functions()).containsExactly("main.probed");
            assertThat(target.greeting().goVersion()).startsWith("go1.");

            BurstResult few = target.burst(50, 10);
            assertThat(few.callsMade()).isEqualTo(500);
            assertThat(few.bursts().count()).isEqualTo(50);
            BurstResult many = target.burst(3, 100_000);
            assertThat(many.callsMade()).isEqualTo(300_000);
            assertThat(many.cpuNs()).isPositive();
            assertThat(many.bursts().all().min().orElseThrow())
                    .as("10 000 times the calls take longer")
                    .isGreaterThan(few.bursts().all().min().orElseThrow());

            assertThat(target.finish()).isEqualTo(new ExitStatus.Exited(0));
        }
        assertThat(Path.of("/proc/" + pid)).doesNotExist();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void tellsEveryCallOnce(GoToolchains.Built built) {
        try (Target target = built.launch(false)) {
            target.burst(2, 1_009);
            target.burst(3, 5);
            int made = 2 * 1_009 + 3 * 5;
            List<Truth> truths = target.truth(0, made);
            assertThat(truths)
                    .hasSize(made)
                    .allSatisfy(truth -> assertThat(truth.results()).hasSize(1));
            Set<Value> first = new HashSet<>();
            truths.forEach(truth -> first.add(truth.arguments().get(0)));
            assertThat(first).as("the first argument tells the calls apart").hasSize(made);
            assertThatThrownBy(() -> target.truth(0, made + 1))
                    .isInstanceOf(OperationFailed.class)
                    .hasMessageContaining(made + " calls have been made")
                    .hasMessageNotContaining("\n");
            assertThat(target.truth(made - 1, 1).get(0).arguments().get(0))
                    .isEqualTo(truths.get(made - 1).arguments().get(0));
        }
    }

    @ParameterizedTest
    @EnumSource
    void callsPassesNumbersAndTextsOfAllKinds(GoToolchains go) {
        try (Target target = Target.launch(go.program("calls"), List.of(), false)) {
            target.burst(1, 300);
            List<Truth> truths = target.truth(0, 300);
            assertThat(truths)
                    .allSatisfy(truth -> assertThat(truth.arguments())
                            .satisfiesExactly(
                                    n -> assertThat(n).isInstanceOf(Value.Signed.class),
                                    s -> assertThat(s).isInstanceOf(Value.Text.class),
                                    f -> assertThat(f).isInstanceOf(Value.Float64.class)));
            List<Long> lengths = truths.stream()
                    .map(truth -> ((Value.Text) truth.arguments().get(1)).length())
                    .toList();
            assertThat(lengths).contains(0L).anyMatch(length -> length > 64).allMatch(length -> length <= 100);
            assertThat(truths).extracting(Truth::results).doesNotHaveDuplicates();
        }
    }

    @ParameterizedTest
    @EnumSource
    void goroutinesSaysWhichGoroutineMakesACall(GoToolchains go) {
        try (Target target = Target.launch(go.program("goroutines"), List.of("-k", "3"), false)) {
            target.burst(1, 11);
            assertThat(target.truth(0, 11))
                    .extracting(truth -> truth.arguments().get(1))
                    .containsExactly(Stream.of(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2)
                            .map(Value.Signed::new)
                            .toArray(Value[]::new));
        }
    }

    @ParameterizedTest
    @EnumSource
    void recursionsAddUpToTheCallsAskedFor(GoToolchains go) {
        try (Target target = Target.launch(go.program("recursive"), List.of("-depth", "4"), false)) {
            target.burst(1, 10);
            assertThat(target.truth(0, 10))
                    .extracting(truth -> truth.arguments().get(1))
                    .containsExactly(Stream.of(3, 2, 1, 0, 3, 2, 1, 0, 1, 0)
                            .map(Value.Signed::new)
                            .toArray(Value[]::new));
        }
    }

    @ParameterizedTest
    @EnumSource
    void stopsBeforeItsFirstInstructionWhenAskedTo(GoToolchains go) throws IOException {
        TargetProgram program = go.program("calls");
        try (Target target = Target.launch(program, List.of(), true)) {
            assertThat(target.traced().awaitingExec()).isTrue();
            assertThat(target.traced().pid()).isEqualTo(target.pid());
            assertThat(executable(target)).isNotEqualTo(program.path());
            assertThatThrownBy(() -> target.burst(1, 1)).isInstanceOf(IllegalStateException.class);

            target.resume();
            target.resume();
            assertThat(target.traced().awaitingExec()).isFalse();
            assertThat(executable(target)).isEqualTo(program.path().toRealPath());
            assertThat(target.burst(1, 1).callsMade()).isEqualTo(1);
        }
    }

    private static Path executable(Target target) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/" + target.pid() + "/exe"));
    }

    @ParameterizedTest
    @EnumSource
    void inheritsNoFileButTheStandardStreams(GoToolchains go) throws IOException {
        try (Target target = Target.launch(go.program("goroutines"), List.of(), false)) {
            target.burst(1, 100);
            Collection<String> ours = openFiles(Path.of("/proc/self/fd")).values();
            assertThat(openFiles(Path.of("/proc/" + target.pid() + "/fd")))
                    .containsKeys(0, 1, 2)
                    .allSatisfy((descriptor, file) -> {
                        // What else it has, Go's runtime opened itself: its poller, and the limits of its control
                        // group.
                        if (descriptor > 2 && !file.startsWith("anon_inode:")) {
                            assertThat(ours).as("our files").doesNotContain(file);
                        }
                    });
        }
    }

    private static Map<Integer, String> openFiles(Path descriptors) throws IOException {
        Map<Integer, String> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(descriptors)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                try {
                    found.put(
                            Integer.parseInt(file.getFileName().toString()),
                            Files.readSymbolicLink(file).toString());
                } catch (NoSuchFileException e) {
                    // Closed meanwhile, such as the descriptor of this very listing.
                }
            }
        }
        return found;
    }

    @ParameterizedTest
    @EnumSource
    void failsInOneLineWhenTheTargetIsKilledMidBurst(GoToolchains go) throws Exception {
        try (Target target = Target.launch(go.program("calls"), List.of(), false)) {
            CompletableFuture<BurstResult> endless =
                    CompletableFuture.supplyAsync(() -> target.burst(1_000_000, 1_000_000_000));
            awaitCpuUse(target.pid());
            assertThat(ProcessHandle.of(target.pid()).orElseThrow().destroyForcibly())
                    .isTrue();
            assertThatThrownBy(() -> endless.get(LONG.toSeconds(), TimeUnit.SECONDS))
                    .hasCauseInstanceOf(BadInput.class)
                    .cause()
                    .hasMessageContaining("calls (pid " + target.pid() + ") was killed by SIGKILL")
                    .hasMessageContaining("burst 1000000 1000000000")
                    .hasMessageNotContaining("\n");
            assertThatThrownBy(() -> target.burst(1, 1)).isInstanceOf(OperationFailed.class);
            assertThat(target.finish()).isEqualTo(new ExitStatus.Killed(SIGKILL));
        }
    }

    /** Waits until the process has computed for a while, so that it is in the midst of the burst. */
    private static void awaitCpuUse(int pid) throws IOException, InterruptedException {
        Deadline deadline = Deadline.in(LONG);
        String before = cpuTicks(pid);
        while (cpuTicks(pid).equals(before)) {
            assertThat(deadline.isOver()).as("the burst has begun").isFalse();
            Thread.sleep(5);
        }
    }

    private static String cpuTicks(int pid) throws IOException {
        return Files.readString(Path.of("/proc/" + pid + "/stat"))
                .replaceAll(".*\\) ", "")
                .split(" ")[11];
    }

    @Test
    void closingEndsATargetInTheMidstOfABurst() throws Exception {
        Target target = Target.launch(GoToolchains.NEWEST.program("calls"), List.of(), false);
        target.setReplyDeadline(Duration.ofMillis(1));
        assertThatThrownBy(() -> target.burst(1_000_000, 1_000_000_000))
                .isInstanceOf(OperationFailed.class)
                .hasMessageContaining("did not answer within")
                .hasMessageNotContaining("\n");
        target.close();
        assertThat(Path.of("/proc/" + target.pid())).doesNotExist();
    }

    @Test
    void refusesImpossibleRequestsAndGoesOn() {
        try (Target target = Target.launch(TargetProgram.named("leaf"), List.of(), false)) {
            assertThatThrownBy(() -> target.burst(1, 0))
                    .isInstanceOf(OperationFailed.class)
                    .hasMessageContaining("N is 0")
                    .hasMessageNotContaining("\n");
            assertThat(target.burst(1, 1).callsMade()).isEqualTo(1);
        }
    }

    @Test
    void failsWithTheLastWordsOfATargetThatRefusesItsArguments() {
        assertThatThrownBy(() -> Target.launch(TargetProgram.named("goroutines"), List.of("-k", "0"), false))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("exited with code 2")
                .hasMessageContaining("-k must be 1 to 1000")
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello",
                "ready tracetoll-burst/2 {}",
                "ready tracetoll-burst/1 {}",
                "ready tracetoll-burst/1 nonsense",
                "ready tracetoll-burst/1 {\"target\":\"t\",\"functions\":null,\"go\":\"go1\"}"
            })
    void failsOnAProgramThatDoesNotSpeakTheProtocol(String greeting) throws IOException {
        TargetProgram program = script("printf '%s\\n' '" + greeting + "'; read line");
        assertThatThrownBy(() -> Target.launch(program, List.of(), false))
                .isInstanceOf(OperationFailed.class)
                .hasMessageContaining("not of the burst protocol")
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "done {\"callsMade\":1,\"durationsNs\":[1],\"cpuNs\":1}",
                "done {\"callsMade\":2,\"durationsNs\":[1],\"cpuNs\":1}",
                "done {\"callsMade\":2,\"durationsNs\":[1,2]}",
                "done {\"callsMade\":2,\"durationsNs\":[1,-2],\"cpuNs\":1}",
                "done [1]",
                "done",
                "truth []",
                ""
            })
    void failsOnAnAnswerThatCannotBe(String answer) throws IOException {
        TargetProgram program =
                script("echo 'ready tracetoll-burst/1 {\"target\":\"t\",\"functions\":[],\"go\":\"go1\"}';"
                        + " read line; echo '" + answer + "'; read line");
        try (Target target = Target.launch(program, List.of(), false)) {
            assertThatThrownBy(() -> target.burst(2, 1))
                    .isInstanceOf(OperationFailed.class)
                    .hasMessageContaining("not of the burst protocol")
                    .hasMessageNotContaining("\n");
        }
    }

    @Test
    void keepsTheEndOfALongComplaint() throws IOException {
        TargetProgram program =
                script("i=0; while [ $i -lt 20000 ]; do echo complaint $i >&2; i=$((i+1)); done; exit 9");
        assertThatThrownBy(() -> Target.launch(program, List.of(), false))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("exited with code 9")
                .hasMessageContaining("complaint 19998 | complaint 19999")
                .hasMessageNotContaining("complaint 100 ")
                .hasMessageNotContaining("\n");
    }

    private TargetProgram script(String body) throws IOException {
        return TargetProgram.at(Script.write(directory.resolve("script"), body));
    }

    @Test
    void namesTheTargetsThereAreWhenThereIsNone() throws IOException {
        assertThatThrownBy(() -> TargetProgram.of("nonesuch"))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("nonesuch")
                .hasMessageContaining("calls, clock, getppid, goroutines, leaf, ");
        assertThatThrownBy(() -> TargetProgram.of("./nonesuch"))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("does not exist");
        assertThatThrownBy(() -> TargetProgram.of(directory.toString()))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("not a regular file");
        Path plain = Files.writeString(directory.resolve("plain"), "");
        assertThatThrownBy(() -> TargetProgram.at(plain))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("not executable");
        assertThat(TargetProgram.of("calls"))
                .isEqualTo(TargetProgram.of(TargetProgram.named("calls").path().toString()));
    }
}
