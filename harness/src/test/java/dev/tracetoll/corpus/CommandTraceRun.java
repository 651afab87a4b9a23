package dev.tracetoll.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tracetoll.cli.ToolServer;
import dev.tracetoll.testing.TraceSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Traces a program as a user does, with {@code tracetoll trace}; every line must be valid. */
final class CommandTraceRun implements TraceRun {

    /** In place of a backend: {@code inline} without anything that falls back. */
    static final String INLINE_ALONE = "inline-alone";

    private final String functions;
    private final int maxBytes;
    private final int depth;
    private final Path output;

    /** @param output where the trace is written to */
    CommandTraceRun(CorpusSpec spec, Path output) {
        this(CorpusProgram.FUNCTIONS, spec.maxBytes(), spec.depth(), output);
    }

    CommandTraceRun(String functions, int maxBytes, int depth, Path output) {
        this.functions = functions;
        this.maxBytes = maxBytes;
        this.depth = depth;
        this.output = output;
    }

    @Override
    public List<JsonNode> trace(Path program, List<String> args, String backend) {
        List<String> command = new ArrayList<>(List.of(
                "trace",
                "--backend",
                backend.equals(INLINE_ALONE) ? "inline" : backend,
                "--function",
                functions,
                "--format",
                "json",
                "--output",
                output.toString(),
                "--max-bytes",
                Integer.toString(maxBytes),
                "--depth",
                Integer.toString(depth)));
        if (backend.equals(INLINE_ALONE)) {
            command.add("--no-fallback");
        }
        command.add(program.toString());
        command.addAll(args);
        try {
            ToolServer.Ended ended = ToolServer.run(command, program.getParent());
            assertThat(ended.exitCode())
                    .as("exit code of the trace of %s: %s", program, ended.errors())
                    .isZero();
            List<JsonNode> lines = new ArrayList<>();
            // Not the mapper of the schema, whose decimals have no negative zero.
            ObjectMapper mapper = new ObjectMapper();
            for (String line : Files.readAllLines(output)) {
                assertThat(TraceSchema.errors(line)).as(line).isEmpty();
                lines.add(mapper.readTree(line));
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
