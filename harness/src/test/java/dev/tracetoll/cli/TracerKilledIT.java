package dev.tracetoll.cli;

import static dev.tracetoll.cli.Surroundings.LONG;
import static dev.tracetoll.cli.Surroundings.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tracetoll.faults.Promise;
import dev.tracetoll.faults.Tries;
import dev.tracetoll.linux.elf.ElfFile;
import dev.tracetoll.linux.kernel.Signal;
import dev.tracetoll.linux.process.Affinity;
import dev.tracetoll.linux.process.TaskStatus;
import dev.tracetoll.linux.ptrace.ProcessMemory;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.GoProgram;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.testing.NeedsPtrace;
import dev.tracetoll.testing.ToolCommand;
import dev.tracetoll.testing.TraceProcess;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code tracetoll trace} killed by SIGKILL at random moments, while the threads of a busy program hit breakpoints, are born and die, move
 * their stacks, and have children. The program checks its own results and ends if one is wrong.
 */
@BesideOthers
@NeedsPtrace
class TracerKilledIT {

    private static final int KILLS = Tries.wanted(4, 100);
    private static final String FUNCTIONS = "^main\\.(probed|helper|deep|run|children|concurrently.*|forever)$";

    @TempDir
    private static Path built;

    private static Path program;

    @TempDir
    private Path directory;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final List<Process> started = new ArrayList<>();
    private final List<ProcessHandle> programs = new ArrayList<>();

    /** When the tracer is killed. */
    enum Moment {
        ATTACHING,
        TRACING,
        DETACHING
    }

    @BeforeAll
    static void build() throws Exception {
        program = GoProgram.build("unruly", built);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        for (Process process : started) {
            process.destroyForcibly();
        }
        programs.forEach(ProcessHandle::destroyForcibly);
        await(
                "no program is left",
                () -> running(program.getFileName().toString())
                        .noneMatch(found -> found.info()
                                .command()
                                .filter(program.toString()::equals)
                                .isPresent()));
        assertThat(Files.exists(directory.resolve("err")) ? errors() : "")
                .as("seed %d", seed)
                .doesNotContain("cannot be repaired");
    }

    private static Stream<ProcessHandle> running(String prefix) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .command()
                        .filter(command ->
                                Path.of(command).getFileName().toString().startsWith(prefix))
                        .isPresent());
    }

    /** The process that guards another. */
    private static Optional<ProcessHandle> guardianOf(long pid) {
        return running("guardian")
                .filter(process -> process.info()
                        .arguments()
                        .filter(arguments -> Arrays.asList(arguments).contains(Long.toString(pid)))
                        .isPresent())
                .findFirst();
    }

    private Process command(Conversation conversation, String... arguments) throws IOException {
        List<String> command = ToolCommand.trace(List.of("--output", events().toString(), "--function", FUNCTIONS));
        command.addAll(List.of(arguments));
        Files.deleteIfExists(events());
        return start(conversation, command);
    }

    private Process start(Conversation conversation, List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectInput(conversation.commands().toFile())
                .redirectOutput(conversation.answers().toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("err").toFile()))
                .start();
        started.add(process);
        return process;
    }

    private Path events() {
        return directory.resolve("events");
    }

    private String errors() {
        try {
            return Files.readString(directory.resolve("err"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean anyEvent() throws IOException {
        return Files.exists(events()) && Files.size(events()) > 0;
    }

    private void sleepUpTo(int milliseconds) throws InterruptedException {
        // Not to wait for something, but to kill at any moment.
        TimeUnit.MICROSECONDS.sleep(random.nextInt(milliseconds * 1000));
    }

    private static void kill(Process tracer) throws InterruptedException {
        tracer.destroyForcibly();
        assertThat(tracer.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    /**
     * How to talk to a program whose standard streams it has from a process that is killed: Java closes the pipes to that one.
     *
     * @param commands a FIFO
     * @param answers a file
     */
    private record Conversation(Path commands, RandomAccessFile writer, Path answers) implements AutoCloseable {

        static Conversation in(Path directory) throws Exception {
            Path commands = directory.resolve("commands" + System.nanoTime());
            assertThat(new ProcessBuilder("mkfifo", commands.toString()).start().waitFor())
                    .isZero();
            // Open for both, so that neither side waits for the other, nor ever reads its end.
            return new Conversation(
                    commands,
                    new RandomAccessFile(commands.toFile(), "rw"),
                    Files.createTempFile(directory, "answers", ""));
        }

        /** The program's answer to a command. */
        long ask(String command) throws Exception {
            int before = lines().size();
            writer.write((command + "\n").getBytes(StandardCharsets.UTF_8));
            await("an answer to " + command, () -> lines().size() > before);
            return Long.parseLong(lines().get(before).split(" ")[1]);
        }

        private List<String> lines() throws IOException {
            String all = Files.readString(answers);
            return all.substring(0, all.lastIndexOf('\n') + 1).lines().toList();
        }

        @Override
        public void close() throws IOException {
            writer.close();
        }
    }

    private static List<Integer> threads(long pid) throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            return tasks.map(task -> Integer.valueOf(task.getFileName().toString()))
                    .toList();
        }
    }

    private static String line(long pid, String field) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                .filter(each -> each.startsWith(field))
                .findFirst()
                .orElseThrow();
    }

    private static boolean isFree(long pid) throws IOException {
        return threads(pid).stream()
                .map(TaskStatus::of)
                .flatMap(Optional::stream)
                .allMatch(task -> task.tracer() == 0 && task.state() != 'T' && task.state() != 't');
    }

    private static boolean runsEverywhere(long pid) throws IOException {
        Affinity ours = Affinity.ofThisThread();
        return threads(pid).stream()
                .map(Affinity::ofThread)
                .allMatch(affinity -> affinity == null || affinity.sameAs(ours));
    }

    /** Whether the program's code is what its file says, up to the end of the page. */
    private static boolean codeIsRestored(long pid) {
        try (ElfFile elf = ElfFile.open(program)) {
            ElfFile.Segment code = elf.segments().stream()
                    .filter(ElfFile.Segment::executable)
                    .findFirst()
                    .orElseThrow();
            int size = (int) (code.fileSize() + 4095 & -4096);
            ProcessMemory memory = new ProcessMemory();
            assertThat(memory.read((int) pid, code.address(), size))
                    .as("the program's code can be read")
                    .isTrue();
            ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
            memory.copy(bytes, 0, size);
            byte[] file = Files.readAllBytes(program);
            return Arrays.equals(
                    bytes.array(), Arrays.copyOfRange(file, (int) code.offset(), (int) code.offset() + size));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Checks that a program is as if nobody had ever traced it, and that it goes on. */
    private void assertUnharmed(ProcessHandle target, Conversation conversation) throws Exception {
        String what = "with seed " + seed + ", ";
        await(what + "no guardian is left", () -> guardianOf(target.pid()).isEmpty());
        assertThat(target.isAlive())
                .as(() -> what + "the program lives, after: " + errors())
                .isTrue();
        await(what + "the code is the program's", () -> codeIsRestored(target.pid()));
        await(what + "no thread is traced or stopped", () -> isFree(target.pid()));
        await(what + "threads run where they did", () -> runsEverywhere(target.pid()));
        long before = conversation.ask("count");
        await(what + "the program makes calls", () -> conversation.ask("count") > before);
        long traps = conversation.ask("traps");
        TraceProcess.signal(target.pid(), Signal.SIGTRAP);
        await(what + "its own handler gets a SIGTRAP", () -> conversation.ask("traps") > traps);
    }

    /** A program that harries whoever traces it. */
    private ProcessHandle running(Conversation conversation) throws Exception {
        Process target = start(conversation, List.of(program.toString()));
        conversation.ask("harry 3");
        return target.toHandle();
    }

    private Process attached(ProcessHandle target) throws Exception {
        try (Conversation nobody = Conversation.in(directory)) {
            return command(nobody, "--backend", "ptrace", "--pid", Long.toString(target.pid()));
        }
    }

    @Promise(
            chapter = Promise.Chapter.TRACER,
            fault = "The ptrace tracer is killed, at random moments, while it traces a running process",
            promise = "the program runs on, its code, threads and CPUs as before",
            backend = "ptrace")
    @ParameterizedTest
    @EnumSource(Moment.class)
    void aProgramThatWasRunningRunsOn(Moment moment) throws Exception {
        Conversation conversation = Conversation.in(directory);
        ProcessHandle target = running(conversation);
        String handled = line(target.pid(), "SigCgt");
        for (int i = 0; i < KILLS; i++) {
            Process tracer = attached(target);
            if (moment == Moment.ATTACHING) {
                await("attaching", () -> !isFree(target.pid()) || anyEvent());
                sleepUpTo(40);
            } else {
                await("tracing", () -> anyEvent() || !tracer.isAlive());
                assertThat(anyEvent())
                        .as(() -> "with seed " + seed + ", events of a tracer that said: " + errors())
                        .isTrue();
                sleepUpTo(150);
            }
            if (moment == Moment.DETACHING) {
                tracer.destroy();
                sleepUpTo(30);
            }
            kill(tracer);
            assertUnharmed(target, conversation);
            assertThat(line(target.pid(), "SigCgt"))
                    .as("signals that are handled")
                    .isEqualTo(handled);
            Tries.kept();
        }
    }

    private ProcessHandle launched(Process tracer, String program) throws Exception {
        AtomicReference<ProcessHandle> found = new AtomicReference<>();
        // To be looked at once only: while a process executes a program it has none for a moment.
        await("the program", () -> {
            tracer.children()
                    .filter(child ->
                            child.info().command().filter(program::equals).isPresent())
                    .findFirst()
                    .ifPresent(found::set);
            return found.get() != null || !tracer.isAlive();
        });
        assertThat(found.get())
                .as(() -> "the program, which the tracer starts, or says why it does not: " + errors())
                .isNotNull();
        programs.add(found.get());
        return found.get();
    }

    @Promise(
            chapter = Promise.Chapter.TRACER,
            fault = "The ptrace tracer is killed, at random moments, while it traces a program that it launched",
            promise = "the program runs on, its code, threads and CPUs as before",
            backend = "ptrace")
    @ParameterizedTest
    @EnumSource(
            value = Moment.class,
            names = {"ATTACHING", "TRACING"})
    void aProgramThatWasLaunchedRunsOn(Moment moment) throws Exception {
        for (int i = 0; i < KILLS; i++) {
            Conversation conversation = Conversation.in(directory);
            Process tracer = command(conversation, "--backend", "ptrace", program.toString());
            ProcessHandle target = launched(tracer, program.toString());
            if (moment == Moment.ATTACHING) {
                // The program's first instructions, among them those that set its signal handlers.
                await("the tracer has taken over", () -> anyEvent() || !codeIsRestored(target.pid()));
                // Half of them while it sets its signal handlers.
                sleepUpTo(i % 2 == 0 ? 3 : 30);
            } else {
                conversation.ask("harry 3");
                await("tracing", this::anyEvent);
                sleepUpTo(150);
            }
            kill(tracer);
            if (moment == Moment.ATTACHING) {
                conversation.ask("harry 3");
            }
            assertUnharmed(target, conversation);
            target.destroyForcibly();
            conversation.close();
            Tries.kept();
        }
    }

    @Promise(
            chapter = Promise.Chapter.TRACER,
            fault = "The tracer is killed, with `--kill-on-exit`",
            promise = "a launched program dies with it")
    @ParameterizedTest
    @ValueSource(strings = {"ptrace", "ebpf", "ebpf-patched", "inline"})
    @NeedsEbpf
    void aProgramThatIsToDieWithItsTracerDies(String backend) throws Exception {
        Conversation conversation = Conversation.in(directory);
        Process tracer = command(conversation, "--backend", backend, "--kill-on-exit", program.toString());
        ProcessHandle target = launched(tracer, program.toString());
        conversation.ask("harry 3");
        await("tracing", this::anyEvent);
        kill(tracer);
        await("the program's end", () -> !target.isAlive());
        await("the guardian's end", () -> guardianOf(target.pid()).isEmpty());
    }

    /** Another thread than the first executes the program, so that it is stopped until its probes are attached again. */
    @Promise(
            chapter = Promise.Chapter.TRACER,
            fault = "The eBPF tracer is killed while the program waits to be probed again after an execution",
            promise = "the program runs on",
            backend = "ebpf")
    @Test
    void aProgramThatIsStoppedAfterAnExecutionContinues() throws Exception {
        String executing = GoProgram.build("executing", directory).toString();
        int stopped = 0;
        for (int i = 0; i < KILLS; i++) {
            Conversation conversation = Conversation.in(directory);
            Process tracer = start(
                    conversation,
                    ToolCommand.trace(List.of(
                            "--output", events().toString(), "--function", "main.step", executing, "elsewhere", "50")));
            ProcessHandle target = launched(tracer, executing);
            await(
                    "it is stopped",
                    () -> !target.isAlive()
                            || TaskStatus.of((int) target.pid())
                                    .filter(task -> task.state() == 'T')
                                    .isPresent());
            stopped += target.isAlive() ? 1 : 0;
            sleepUpTo(2);
            kill(tracer);
            await("no guardian is left", () -> guardianOf(target.pid()).isEmpty());
            await(
                    "the program ends as it would",
                    () -> Files.readString(conversation.answers()).equals("done 4\n"));
            Tries.kept();
        }
        assertThat(stopped).as("kills while it was stopped").isPositive();
    }

    @Promise(
            chapter = Promise.Chapter.TRACER,
            fault = "The guardian that watches over the tracer is killed",
            promise = "tracing goes on, and one line says that nobody watches any more",
            backend = "ptrace")
    @Test
    void tracingGoesOnWithoutTheGuardianAndSaysSo() throws Exception {
        Conversation conversation = Conversation.in(directory);
        ProcessHandle target = running(conversation);
        Process tracer = attached(target);
        await("tracing", this::anyEvent);
        ProcessHandle guardian = guardianOf(target.pid()).orElseThrow();
        assertThat(guardian.destroyForcibly()).isTrue();
        await("a word of it", () -> errors().contains("should this tracer be killed"));
        long seen = Files.size(events());
        await("more events", () -> Files.size(events()) > seen);
        tracer.destroy();
        assertThat(tracer.waitFor()).isEqualTo(143);
        assertThat(errors()).containsOnlyOnce("should this tracer be killed, process " + target.pid());
        assertUnharmed(target, conversation);
    }

    @Promise(
            chapter = Promise.Chapter.TRACER,
            fault = "Ctrl-C reaches the guardian as well",
            promise = "it stays at its task",
            backend = "ptrace")
    @Test
    void aCtrlCForAllLeavesTheGuardianToItsTask() throws Exception {
        Conversation conversation = Conversation.in(directory);
        ProcessHandle target = running(conversation);
        Process tracer = attached(target);
        await("tracing", this::anyEvent);
        ProcessHandle guardian = guardianOf(target.pid()).orElseThrow();
        for (String signal : List.of("INT", "TERM", "HUP", "QUIT", "TSTP")) {
            assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(guardian.pid()))
                            .start()
                            .waitFor())
                    .isZero();
        }
        assertThat(guardian.isAlive()).isTrue();
        kill(tracer);
        assertUnharmed(target, conversation);
    }
}
