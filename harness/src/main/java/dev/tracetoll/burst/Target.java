package dev.tracetoll.burst;

import dev.tracetoll.linux.process.ChildProcess;
import dev.tracetoll.linux.process.ExitStatus;
import dev.tracetoll.linux.process.Inheritance;
import dev.tracetoll.linux.process.Launch;
import dev.tracetoll.linux.process.Redirect;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.Failing;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.tracing.TracedProcess;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A Go program under test, running. Serves one request at a time, for one thread at a time.
 *
 * <p>A target ends with its standard input, so that none outlives this process. Close a trace of it first.
 *
 * <p>Every request fails with {@link BadInput} if the target has died, and with {@link OperationFailed} if it answers nonsense, refuses, or
 * does not answer in time.
 */
public final class Target implements AutoCloseable {

    /** A classic ptrace tracer takes milliseconds a call, and the machine may be busy with other things. */
    private static final Duration DEFAULT_REPLY_DEADLINE = Duration.ofMinutes(10);
    /** From the end of its output to its death, and the last of its standard error. */
    private static final Duration DYING = Duration.ofSeconds(10);

    private final TargetProgram program;
    private final ChildProcess child;
    private final ReplyReader replies;
    private Duration replyDeadline = DEFAULT_REPLY_DEADLINE;
    private @Nullable Greeting greeting;
    /** After that, a late answer to one request could be taken for the answer to the next. */
    private boolean failed;

    private Target(TargetProgram program, ChildProcess child) {
        this.program = program;
        this.child = child;
        this.replies = new ReplyReader(child.stdout(), child.stderr());
    }

    /**
     * Launches a target with the environment of this command. On return it is ready for requests, or waits to execute the program:
     * then it is to be resumed first.
     *
     * @throws dev.tracetoll.problem.Problem if it does not start or does not speak the burst protocol; it does not run then
     */
    public static Target launch(TargetProgram program, List<String> arguments, boolean waitBeforeExec) {
        Target target = start(program, program.path(), arguments, waitBeforeExec);
        if (!waitBeforeExec) {
            target.greetOrClose();
        }
        return target;
    }

    /**
     * Launches a target by another command, if there is one, that becomes it: executes the program in its own process.
     *
     * @param through the command, to which the target's command line is appended; may be empty
     * @throws dev.tracetoll.problem.Problem if it does not start or does not speak the burst protocol; it does not run then
     */
    public static Target launch(TargetProgram program, List<String> arguments, List<String> through) {
        List<String> command = new ArrayList<>(through);
        command.add(program.path().toString());
        command.addAll(arguments);
        Target target = start(program, Path.of(command.get(0)), command.subList(1, command.size()), false);
        target.greetOrClose();
        return target;
    }

    private static Target start(TargetProgram program, Path file, List<String> arguments, boolean waitBeforeExec) {
        return new Target(
                program,
                ChildProcess.spawn(new Launch(
                        file,
                        arguments,
                        Inheritance.ofThisCommand().withoutDescriptorsAndSignals(),
                        Redirect.PIPE,
                        Redirect.PIPE,
                        Redirect.PIPE,
                        waitBeforeExec)));
    }

    private void greetOrClose() {
        try {
            greet();
        } catch (RuntimeException e) {
            Failing.close(this, e);
            throw e;
        }
    }

    /** The process, for a tracer. */
    public TracedProcess traced() {
        return new TracedProcess(child.pid(), child.awaitingExec(), child::reaped);
    }

    /** Its process id. */
    public int pid() {
        return child.pid();
    }

    /** The program it runs. */
    public TargetProgram program() {
        return program;
    }

    /** Lets a target go on that waits to execute its program, and waits until it is ready. */
    public void resume() {
        child.resume();
        if (greeting == null) {
            greet();
        }
    }

    /** How long to wait for each reply; ten minutes unless set. */
    public void setReplyDeadline(Duration deadline) {
        replyDeadline = deadline;
    }

    /** What it said of itself when it was ready. */
    public Greeting greeting() {
        return requireReady();
    }

    /**
     * Runs bursts.
     *
     * @param bursts how many, 1 to 1 000 000
     * @param calls how many calls of the probed function in each, 1 to 1 000 000 000
     */
    public BurstResult burst(int bursts, int calls) {
        return ask("burst " + bursts + " " + calls, line -> Reply.done(line, bursts, calls));
    }

    /**
     * Makes calls by a schedule, if the target takes loads; truth does not answer for them.
     *
     * @param load when
     */
    public Paced pace(Load load) {
        return ask("pace " + load.json(), line -> Reply.paced(line, load.calls()));
    }

    /**
     * What calls that have been made passed and returned; asking makes no call of the probed function.
     *
     * @param from the index of the first, where the first call since the start of the program has index 0
     * @param count how many, 1 to 100 000
     */
    public List<Truth> truth(long from, int count) {
        return ask("truth " + from + " " + count, line -> Reply.truth(line, count));
    }

    /** Ends its input and waits for it to leave; returns how it ended. */
    public ExitStatus finish() {
        child.stdin().close();
        return child.awaitExit(replyDeadline)
                .orElseThrow(() -> failure(
                        "does not leave",
                        "it still runs " + replyDeadline.toSeconds() + " s after the end of its input",
                        null));
    }

    private void greet() {
        greeting = reply("its start", Reply::greeting);
    }

    private <T> T ask(String request, Function<String, T> parser) {
        requireReady();
        if (failed) {
            throw new OperationFailed(
                    name() + " is not asked \"" + request + "\": it failed an earlier request; launch it anew");
        }
        String during = "\"" + request + "\"";
        try {
            child.stdin().write((request + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw gone(during, e);
        }
        return reply(during, parser);
    }

    private <T> T reply(String during, Function<String, T> parser) {
        String line;
        try {
            line = replies.readLine(replyDeadline);
        } catch (EOFException e) {
            throw gone(during, e);
        } catch (IOException e) {
            throw failure("failed during " + during, e.getMessage(), e);
        }
        if (line == null) {
            throw failure(
                    "failed during " + during, "it did not answer within " + replyDeadline.toSeconds() + " s", null);
        }
        try {
            if (Reply.isError(line)) {
                throw new OperationFailed(name() + " refused " + during + ": " + Reply.error(line));
            }
            return parser.apply(line);
        } catch (IllegalArgumentException e) {
            throw failure(
                    "failed during " + during,
                    "its answer " + Quoting.quote(line) + " is not of the burst protocol: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                    e);
        }
    }

    /** The program that was given does not live as long as a target must: bad input, whoever ended it. */
    private BadInput gone(String during, IOException cause) {
        failed = true;
        Optional<ExitStatus> status = child.awaitExit(DYING);
        String what = status.map(ExitStatus::describe).orElse("closed its pipes, yet runs on,");
        String words = replies.lastWords(status.isPresent() ? DYING : Duration.ZERO);
        return new BadInput(
                name() + " " + what + " during " + during + suffix(words)
                        + "; a target must live until its input ends: run it alone to see why it does not",
                cause);
    }

    private OperationFailed failure(String what, @Nullable String why, @Nullable Throwable cause) {
        failed = true;
        return new OperationFailed(name() + " " + what + ": " + why + suffix(replies.lastWords(Duration.ZERO)), cause);
    }

    private static String suffix(String lastWords) {
        return lastWords.isEmpty() ? "" : "; its last words: " + lastWords;
    }

    private String name() {
        return "The target " + program.name() + " (pid " + child.pid() + ")";
    }

    private Greeting requireReady() {
        if (greeting == null) {
            throw new IllegalStateException(name() + " has not been resumed");
        }
        return greeting;
    }

    /** Ends the target: by the end of its input, or by force if it does not leave soon. */
    @Override
    public void close() {
        child.close();
    }
}
