package dev.tracetoll.corpus;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;

/** Runs a program under a tracer. */
@FunctionalInterface
interface TraceRun {

    /**
     * Launches a program, traces every call of its functions under test until it ends.
     *
     * @param args the program's arguments
     * @param backend {@code ebpf} or {@code ptrace}
     * @return the lines of {@code trace --format json}
     */
    List<JsonNode> trace(Path program, List<String> args, String backend);
}
