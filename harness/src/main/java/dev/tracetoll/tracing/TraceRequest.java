package dev.tracetoll.tracing;

import dev.tracetoll.golang.RuntimeLayout;
import dev.tracetoll.golang.TracedFunction;
import java.nio.file.Path;
import java.util.List;

/**
 * What to trace.
 *
 * @param binary the program's file
 * @param functions what to probe
 * @param runtime where the program's Go runtime keeps what is read
 * @param returns whether returns and results are wanted
 * @param maxBytes how many bytes of each string are captured at most
 */
public record TraceRequest(
        Path binary, List<TracedFunction> functions, RuntimeLayout runtime, boolean returns, int maxBytes) {

    public TraceRequest {
        functions = List.copyOf(functions);
    }
}
