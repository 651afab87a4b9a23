package dev.tracetoll.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tracetoll.linux.kernel.Signal;
import dev.tracetoll.testing.BesideOthers;
import dev.tracetoll.testing.GoProgram;
import dev.tracetoll.testing.NeedsEbpf;
import dev.tracetoll.testing.NeedsPtrace;
import dev.tracetoll.testing.TraceProcess;
import dev.tracetoll.testing.TraceSchema;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** However tracing begins and ends: each call has one end, and none is made up. */
@NeedsEbpf
@NeedsPtrace
@BesideOthers
class EndingsIT {

    private static final String FUNCTIONS = "^main\\.(Step|Deep|many[0-9]+)$";
    /** A quarter of what is promised is much faster, and often enough in CI. */
    private static final int MANY = Tries.wanted(5_000, 20_000);
    /** Of a program that is launched, and as often of one that runs already. */
    private static final int FULL = 10;

    private static final List<String> WAYS =
            List.of("ebpf all", "ptrace all", "ebpf durations", "ebpf-patched all", "inline all", "inline durations");

    private static final long ENDLESS = Long.MAX_VALUE;
    private static final int EXIT_BY_SIGNAL = 128;
    private static final int REFUSED = 2;
    private static final int MOST_EARLY = 10;
    private static final int DURATION_MS = 300;
    private static final int MOMENT_MS = 100;

    /** What the program does. */
    private enum Work {
        SEQUENTIAL,
        GOROUTINES,
        MANY;

        String argument() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** What ends tracing, if the program does not. */
    private enum Ending {
        EXIT,
        DURATION,
        LIMIT,
        SIGINT,
        SIGTERM,
        SIGHUP,
        KILLED_PROGRAM;

        OptionalLong signal() {
            return switch (this) {
                case SIGINT -> OptionalLong.of(Signal.SIGINT);
                case SIGTERM -> OptionalLong.of(Signal.SIGTERM);
                case SIGHUP -> OptionalLong.of(Signal.SIGHUP);
                default -> OptionalLong.empty();
            };
        }
    }

    @TempDir
    private static Path built;

    private static Path program;

    @TempDir
    private Path directory;

    @BeforeAll
    static void build() throws Exception {
        program = GoProgram.build("endings", built, Map.of("many.go", manyFunctions()));
    }

    private static String manyFunctions() {
        StringBuilder source = new StringBuilder("package main\n");
        for (int i = 0; i < MANY; i++) {
            source.append(
                    "\n//go:noinline\nfunc many%1$d(n int, s string) int {\n\tif n > %1$d {\n\t\treturn n - len(s)\n\t}\n\treturn n + 1\n}\n"
                            .formatted(i));
        }
        source.append("\nfunc init() {\n\tmany = []func(int, string) int{\n");
        for (int i = 0; i < MANY; i++) {
            source.append("\t\tmany").append(i).append(",\n");
        }
        return source.append("\t}\n}\n").toString();
    }

    static Stream<Arguments> endings() {
        List<Arguments> all = new ArrayList<>();
        boolean every = Tries.full();
        int next = 0;
        for (Ending ending : Ending.values()) {
            for (boolean launched : new boolean[] {true, false}) {
                for (String way : WAYS) {
                    if (ending == Ending.LIMIT && way.endsWith("durations") || ending == Ending.EXIT && !launched) {
                        continue;
                    }
                    next++;
                    for (Work work : Work.values()) {
                        // In CI each ending is tried with some of the programs, and each program with many endings.
                        if (every
                                || next % 7 < 2
                                        && (next + next / WAYS.size()) % Work.values().length == work.ordinal()) {
                            all.add(Arguments.of(way, ending, launched ? "launched" : "attached", work));
                        }
                    }
                }
            }
        }
        return all.stream();
    }

    @Promise(
            chapter = Promise.Chapter.ENDS,
            fault =
                    "Tracing ends by the program's end, its death, `--duration`, `--limit`, Ctrl-C, SIGTERM or SIGHUP, with one goroutine, with 64, and "
                            + "with 20 000 functions",
            promise =
                    "each call has one end, none is made up: calls = returns + without return; what is open is `detached`, or `exit` where the program "
                            + "ended; what the program counts is what was seen and lost")
    @ParameterizedTest
    @MethodSource("endings")
    void eachCallHasOneEnd(String way, Ending ending, String subject, Work work) throws Exception {
        int wanted = Tries.wanted(1, FULL);
        int early = 0;
        for (int kept = 0; kept < wanted; ) {
            if (check(way.split(" "), ending, subject.equals("launched"), work)) {
                Tries.kept();
                kept++;
            } else {
                assertThat(++early)
                        .as("the program is killed before tracing has begun, again and again")
                        .isLessThan(MOST_EARLY);
            }
        }
    }

    /** Returns false if the program was killed while the tracer attached, so that there was nothing to end yet, and the tracer has said so. */
    private boolean check(String[] way, Ending ending, boolean launched, Work work) throws Exception {
        Path trace = directory.resolve("trace.json");
        Files.deleteIfExists(trace);
        String calls = Long.toString(ending == Ending.EXIT ? 300 : ENDLESS);
        List<String> options = new ArrayList<>(List.of(
                "--backend",
                way[0],
                "--collect",
                way[1],
                "--format",
                "json",
                "--output",
                trace.toString(),
                "--function",
                FUNCTIONS));
        if (ending == Ending.DURATION) {
            options.addAll(List.of("--duration", DURATION_MS + "ms"));
        } else if (ending == Ending.LIMIT) {
            options.addAll(List.of("--limit", "100"));
        }
        Process attachedTo =
                launched ? null : begun(new ProcessBuilder(program.toString(), work.argument(), calls).start());
        try {
            options.addAll(
                    launched
                            ? List.of(program.toString(), work.argument(), calls)
                            : List.of("--pid", Long.toString(attachedTo.pid())));
            Process tracer = TraceProcess.start(directory, options);
            String output;
            try {
                ProcessHandle traced = launched ? child(tracer) : attachedTo.toHandle();
                end(ending, tracer, traced, trace, way[1].equals("all"), launched);
                assertThat(tracer.waitFor(1, TimeUnit.MINUTES))
                        .as("the tracer ends")
                        .isTrue();
                output = Files.readString(directory.resolve("out"));
            } finally {
                tracer.descendants().forEach(ProcessHandle::destroyForcibly);
                tracer.destroyForcibly();
            }
            String said = Files.readString(directory.resolve("err"));
            if (ending == Ending.KILLED_PROGRAM && tracer.exitValue() == REFUSED) {
                assertThat(said).matches("tracetoll: .*process [0-9]+ .*\n");
                assertThat(trace).as("nothing is left").doesNotExist();
                return false;
            }
            assertThat(tracer.exitValue())
                    .as(said)
                    .isEqualTo(
                            ending.signal().isPresent()
                                    ? EXIT_BY_SIGNAL + (int) ending.signal().getAsLong()
                                    : 0);
            check(Files.readAllLines(trace), ending, launched, way[1].equals("all"), output);
            if (!launched && ending != Ending.KILLED_PROGRAM) {
                assertThat(attachedTo.isAlive()).as("the program runs on").isTrue();
            }
            return true;
        } finally {
            if (attachedTo != null) {
                attachedTo.destroyForcibly().waitFor();
            }
        }
    }

    /** Waits for the first line. */
    private static Process begun(Process program) throws IOException {
        assertThat(new BufferedReader(new InputStreamReader(program.getInputStream(), StandardCharsets.UTF_8))
                        .readLine())
                .isEqualTo("begun");
        return program;
    }

    private static ProcessHandle child(Process tracer) throws Exception {
        TraceProcess.await("the program", () -> launchedBy(tracer).findAny().isPresent() || !tracer.isAlive());
        return launchedBy(tracer).findAny().orElseThrow(() -> new AssertionError("no program"));
    }

    private static Stream<ProcessHandle> launchedBy(Process tracer) {
        return tracer.children()
                .filter(child -> child.info()
                        .command()
                        .filter(program.toString()::equals)
                        .isPresent());
    }

    private void end(Ending ending, Process tracer, ProcessHandle traced, Path trace, boolean events, boolean launched)
            throws Exception {
        if (ending == Ending.EXIT) {
            return;
        }
        // A short time of tracing may pass before the program comes to its first call.
        long longest = System.nanoTime()
                + TimeUnit.MILLISECONDS.toNanos(ending == Ending.DURATION ? 10 * DURATION_MS : Integer.MAX_VALUE);
        // Probes without a file are those by which the tracer finds out what the kernel can do.
        TraceProcess.await(
                "events, probes or jumps",
                () -> Files.exists(trace)
                                && (events
                                        ? Files.size(trace) > 0
                                        : TraceProcess.isProbing(tracer, traced.pid())
                                                || TraceProcess.hasJumps(traced.pid()))
                        || !tracer.isAlive()
                        || System.nanoTime() > longest);
        // Some calls; how many does not matter.
        Thread.sleep(MOMENT_MS);
        if (ending.signal().isPresent() || ending == Ending.KILLED_PROGRAM) {
            assertThat(tracer.isAlive())
                    .as(Files.readString(directory.resolve("err")))
                    .isTrue();
        }
        if (ending.signal().isPresent()) {
            TraceProcess.signal(tracer.pid(), (int) ending.signal().getAsLong());
        } else if (ending == Ending.KILLED_PROGRAM) {
            traced.destroyForcibly();
        } else if (launched) {
            // It runs on untraced, and the command waits for its end.
            Thread.sleep(DURATION_MS);
            TraceProcess.signal(traced.pid(), Signal.SIGTERM);
        }
    }

    private static void check(List<String> lines, Ending ending, boolean launched, boolean events, String output) {
        List<JsonNode> nodes = TraceSchema.trace(lines);
        JsonNode summary = nodes.get(nodes.size() - 1);
        assertThat(summary.get("calls").asLong())
                .as("calls = returns + noReturns: %s", summary)
                .isEqualTo(summary.get("returns").asLong()
                        + summary.get("noReturns").asLong());
        // Events were waited for; where there are totals alone, tracing may have ended before the first call.
        assertThat(ending == Ending.DURATION || !events || summary.get("calls").asLong() > 0)
                .as("calls: %s", summary)
                .isTrue();
        boolean complete = summary.get("lost").asLong() == 0;
        if (launched && complete) {
            assertThat(summary.get("unpairedReturns").asLong())
                    .as("all calls began after tracing: %s", summary)
                    .isZero();
        }
        String why = ending == Ending.KILLED_PROGRAM ? "exit" : "detached";
        assertThat(nodes.stream()
                        .filter(node -> node.get("event").asText().equals("noReturn"))
                        .map(node -> node.get("why").asText())
                        .distinct())
                .as("why there is no return: %s", summary)
                .isSubsetOf(
                        !complete
                                ? List.of(why, "unknown, events were lost")
                                : ending == Ending.EXIT ? List.of() : List.of(why));
        if (ending == Ending.EXIT) {
            // Of totals no call is lost, only its duration.
            long expected = events
                    ? (TraceSchema.seen(summary) + summary.get("lost").asLong()) / 2
                    : summary.get("calls").asLong();
            assertThat(output).as("expected = seen + lost: %s", summary).contains("made " + expected + "\n");
        }
    }
}
