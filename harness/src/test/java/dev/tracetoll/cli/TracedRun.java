package dev.tracetoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tracetoll.testing.TraceSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A program run to its end, alone or under {@code tracetoll trace}.
 *
 * @param exitCode of the command
 * @param out what went to standard output
 * @param err what went to standard error
 * @param events the trace, without its summary; each line held against the schema
 */
record TracedRun(int exitCode, byte[] out, String err, List<JsonNode> events) {

    /** How programs are run: where their files go, and what they read. */
    record Runner(Path directory, Path input) {

        /** Runs a command without tracing it. */
        TracedRun alone(List<String> command) throws IOException, InterruptedException {
            Path out = Files.createTempFile(directory, "out", "");
            Path err = Files.createTempFile(directory, "err", "");
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectInput(input.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            try {
                assertThat(process.waitFor(Surroundings.LONG.toSeconds(), TimeUnit.SECONDS))
                        .as("%s ends", command)
                        .isTrue();
            } finally {
                Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                        .forEach(ProcessHandle::destroyForcibly);
            }
            return new TracedRun(process.exitValue(), Files.readAllBytes(out), Files.readString(err), List.of());
        }

        /** Traces the functions that a regular expression is found in; checks that the trace is consistent and that nothing was lost. */
        TracedRun traced(String backend, String functions, List<String> command) throws IOException {
            Path trace = Files.createTempFile(directory, "trace", ".json");
            List<String> words = new ArrayList<>(List.of(
                    "trace",
                    "--backend",
                    backend,
                    "--format",
                    "json",
                    "--output",
                    trace.toString(),
                    "--depth",
                    "3",
                    "--function",
                    functions));
            words.addAll(command);
            ToolServer.Ended run = ToolServer.run(words, directory, input);
            assertThat(run.exitCode()).as(run.errors()).isZero();
            List<JsonNode> lines = TraceSchema.trace(Files.readAllLines(trace));
            JsonNode summary = lines.get(lines.size() - 1);
            assertThat(summary.get("lost").asLong()).as("lost").isZero();
            assertThat(summary.get("calls").asLong())
                    .as("every call has an end")
                    .isEqualTo(summary.get("returns").asLong()
                            + summary.get("noReturns").asLong());
            return new TracedRun(
                    summary.get("targetExit").asInt(-1), run.out(), run.errors(), lines.subList(0, lines.size() - 1));
        }
    }

    /** The calls of a function. */
    List<JsonNode> calls(String function) {
        return of("call", function);
    }

    /** The returns of a function. */
    List<JsonNode> returns(String function) {
        return of("return", function);
    }

    private List<JsonNode> of(String event, String function) {
        return events.stream()
                .filter(each -> each.get("event").asText().equals(event)
                        && each.get("function").asText().equals(function))
                .toList();
    }

    /** Calls and returns as lines, in the order they happened, without what differs from run to run and from Go to Go. */
    List<String> rendered() {
        List<String> lines = new ArrayList<>();
        for (JsonNode event : events) {
            boolean call = event.get("event").asText().equals("call");
            JsonNode values = event.get(call ? "arguments" : "results");
            lines.add(event.get("function").asText()
                    + (call ? " " : " = ")
                    + StreamSupport.stream(values.spliterator(), false)
                            .map(each -> each.get("type").asText() + ":" + each.get("value"))
                            .toList());
        }
        // Up to Go 1.19 shapes have a number.
        return lines.stream()
                .map(line -> line.replaceAll("\"address\":\"0x[0-9a-f]+\"", "@").replace("string_0", "string"))
                .toList();
    }

    /** The value of one argument of every call of a function. */
    List<JsonNode> argument(String function, String name) {
        return calls(function).stream()
                .map(call -> value(call.get("arguments"), name))
                .toList();
    }

    static JsonNode value(JsonNode variables, String name) {
        for (JsonNode variable : variables) {
            if (variable.get("name").asText().equals(name)) {
                return variable.get("value");
            }
        }
        throw new AssertionError("no " + name + " in " + variables);
    }
}
