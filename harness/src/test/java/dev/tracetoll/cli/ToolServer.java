package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tracetoll.linux.libc.FileCalls;
import dev.tracetoll.linux.libc.Libc;
import dev.tracetoll.linux.process.Inheritance;
import dev.tracetoll.testing.ToolCommand;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * One process that does what {@code tracetoll} is asked, command after command, each with the standard streams and the directory that it would
 * have in a process of its own. For tests that ask for much and are about the answers: starting a JVM takes longer than most of them.
 */
public final class ToolServer {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** Of the longest: what measures rounds. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    /** As many as there are tests at once. */
    private static final Deque<ToolServer> IDLE = new ConcurrentLinkedDeque<>();

    private final Process process;
    private final OutputStream requests;
    private final BufferedReader answers;

    /**
     * A command.
     *
     * @param arguments its words, without the program's name
     * @param streams files: standard input, output and error
     */
    record Request(List<String> arguments, String directory, List<String> streams) {}

    private ToolServer() {
        process = start(ToolCommand.ofTest(ToolServer.class));
        requests = process.getOutputStream();
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** A child of a thread that does nothing else: who traces waits for all children of his thread, and this one does not end. */
    private static Process start(List<String> command) {
        CompletableFuture<Process> started = new CompletableFuture<>();
        Thread parent = new Thread(
                () -> {
                    try {
                        Process process = new ProcessBuilder(command)
                                .redirectError(ProcessBuilder.Redirect.INHERIT)
                                .start();
                        started.complete(process);
                        process.waitFor();
                    } catch (IOException | InterruptedException e) {
                        started.completeExceptionally(e);
                    }
                },
                "parent of the server");
        parent.setDaemon(true);
        parent.start();
        return started.join();
    }

    /**
     * What a finished command left.
     *
     * @param out what went to standard output
     * @param err what went to standard error
     */
    public record Ended(int exitCode, byte[] out, byte[] err) {

        /** Standard output as text, with a sign in place of what is none. */
        public String text() {
            return new String(out, StandardCharsets.UTF_8);
        }

        /** Standard error, likewise. */
        public String errors() {
            return new String(err, StandardCharsets.UTF_8);
        }
    }

    /** Runs a command, which has nothing to read, to its end. */
    public static Ended run(List<String> arguments, Path directory) {
        return run(arguments, directory, Path.of("/dev/null"));
    }

    /**
     * Runs a command to its end.
     *
     * @param arguments its words, without the program's name
     * @param directory where it is run
     * @param in its standard input
     */
    public static Ended run(List<String> arguments, Path directory, Path in) {
        try {
            Path out = Files.createTempFile("tool", ".out");
            Path err = Files.createTempFile("tool", ".err");
            try {
                ToolServer idle = IDLE.poll();
                ToolServer server = idle == null ? new ToolServer() : idle;
                int exitCode = server.exitCode(new Request(
                        arguments, directory.toString(), List.of(in.toString(), out.toString(), err.toString())));
                IDLE.push(server);
                return new Ended(exitCode, Files.readAllBytes(out), Files.readAllBytes(err));
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int exitCode(Request request) throws IOException {
        requests.write((JSON.writeValueAsString(request) + "\n").getBytes(StandardCharsets.UTF_8));
        requests.flush();
        String answer = null;
        try {
            answer = CompletableFuture.supplyAsync(this::answer).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new AssertionError(request + " does not end", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (answer == null) {
                Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                        .toList()
                        .forEach(ProcessHandle::destroyForcibly);
            }
        }
        assertThat(answer).as("the exit code of %s", request).isNotNull();
        return Integer.parseInt(answer);
    }

    private String answer() {
        try {
            return answers.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What libc does for it, beside {@link FileCalls}. */
    public interface Streams {
        int dup2(int from, int to);

        int chdir(String directory);
    }

    private static final int O_WRONLY = 1;

    /** Reads requests, one a line, until its input ends. */
    public static void main(String[] arguments) throws IOException {
        Inheritance.takeNote();
        Streams c = Libc.bind(Streams.class);
        // Opened anew, as the standard streams become those of the commands.
        try (BufferedReader requests = new BufferedReader(
                        new InputStreamReader(new FileInputStream("/proc/self/fd/0"), StandardCharsets.UTF_8));
                OutputStream answers = new FileOutputStream("/proc/self/fd/1")) {
            System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
            for (String line = requests.readLine(); line != null; line = requests.readLine()) {
                Request request = JSON.readValue(line, Request.class);
                for (int i = 0; i < request.streams.size(); i++) {
                    redirect(c, request.streams.get(i), i);
                }
                require(c.chdir(request.directory), request.directory);
                int exitCode = Main.run(request.arguments.toArray(String[]::new));
                System.out.flush();
                System.err.flush();
                answers.write((exitCode + "\n").getBytes(StandardCharsets.UTF_8));
                answers.flush();
            }
        }
    }

    private static void redirect(Streams c, String file, int stream) throws IOException {
        int opened = FileCalls.LIBC.open(file, stream == 0 ? 0 : O_WRONLY, 0);
        require(opened, file);
        require(c.dup2(opened, stream), file);
        FileCalls.LIBC.close(opened);
    }

    private static void require(int result, String what) throws IOException {
        if (result < 0) {
            throw new IOException("cannot use " + what);
        }
    }
}
