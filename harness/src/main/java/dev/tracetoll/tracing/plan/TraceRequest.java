package dev.tracetoll.tracing.plan;

import dev.tracetoll.golang.ProgramTypes;
import dev.tracetoll.golang.RuntimeLayout;
import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.problem.BadInput;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What to trace.
 *
 * @param binary the program's file
 * @param functions what to probe
 * @param runtime where the program's Go runtime keeps what is read
 * @param returns whether returns and results are wanted
 * @param types what the program's file says of the types and functions that values refer to
 * @param maxBytes how many bytes of each string, slice, array and map are captured at most
 * @param depth how many pointers are followed one behind the other
 * @param sampling which of the calls are traced; empty if all are
 * @param guarded whether it is counted how often the probes of each function are hit, and those of some can be taken off while others stay
 */
public record TraceRequest(
        Path binary,
        List<TracedFunction> functions,
        RuntimeLayout runtime,
        ProgramTypes types,
        boolean returns,
        int maxBytes,
        int depth,
        Optional<Sampling> sampling,
        boolean guarded) {

    /** Of all calls. */
    public TraceRequest(
            Path binary,
            List<TracedFunction> functions,
            RuntimeLayout runtime,
            ProgramTypes types,
            boolean returns,
            int maxBytes,
            int depth) {
        this(binary, functions, runtime, types, returns, maxBytes, depth, Optional.empty(), false);
    }

    /** @throws BadInput if {@code maxBytes} or {@code depth} is out of range */
    public TraceRequest {
        functions = List.copyOf(functions);
        if (maxBytes < 0 || maxBytes > CaptureLimits.MAX_BLOCK_BYTES) {
            throw new BadInput(
                    maxBytes + " bytes of a string or slice cannot be captured; choose --max-bytes from 0 to "
                            + CaptureLimits.MAX_BLOCK_BYTES);
        }
        if (depth < 0 || depth > MAX_DEPTH) {
            throw new BadInput("Pointers cannot be followed " + depth + " deep; choose --depth from 0 to " + MAX_DEPTH);
        }
    }

    /** More pointers than this one behind the other do not fit into a record. */
    private static final int MAX_DEPTH = 64;

    TraceRequest ofCopy(Path copy) {
        return new TraceRequest(copy, functions, runtime, types, returns, maxBytes, depth, sampling, guarded);
    }

    TraceRequest sampled(Sampling some) {
        return new TraceRequest(
                binary, functions, runtime, types, returns, maxBytes, depth, Optional.of(some), guarded);
    }

    TraceRequest forGuard() {
        return new TraceRequest(binary, functions, runtime, types, returns, maxBytes, depth, sampling, true);
    }
}
