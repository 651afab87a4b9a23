package dev.tracetoll.tracing.record;

import dev.tracetoll.golang.ProbeSite;
import dev.tracetoll.golang.ProgramTypes;
import dev.tracetoll.golang.RuntimeLayout;
import dev.tracetoll.golang.Signature;
import dev.tracetoll.golang.SiteKind;
import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.golang.Variable;
import dev.tracetoll.tracing.plan.SiteClass;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.plan.TraceRequest;
import dev.tracetoll.x86.Code;
import dev.tracetoll.x86.Instruction;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Plans to trace the entry of one function. */
public final class Plans {

    public static final long ENTRY = 0x401000;
    public static final RuntimeLayout RUNTIME = new RuntimeLayout(
            152,
            8,
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    /** Decoded once: properties make many plans. */
    private static final Instruction PUSH = Code.one(ENTRY, "55");

    private Plans() {}

    public static TracePlan of(List<Variable> arguments, ProgramTypes types, int maxBytes, int depth) {
        return of(function(arguments, entry(0), false), types, maxBytes, depth);
    }

    public static TracePlan of(TracedFunction function, ProgramTypes types, int maxBytes, int depth) {
        return new TracePlan(
                new TraceRequest(Path.of("program"), List.of(function), RUNTIME, types, true, maxBytes, depth),
                instruction -> SiteClass.EMULATED);
    }

    public static TracedFunction function(List<Variable> arguments, ProbeSite entry, boolean anyR14) {
        return new TracedFunction(
                "main.work",
                arguments,
                List.of(),
                entry,
                List.of(),
                false,
                new Signature(Signature.Kind.KNOWN, ""),
                anyR14,
                false);
    }

    public static ProbeSite entry(int frameBytes) {
        return new ProbeSite(SiteKind.ENTRY, PUSH, ENTRY, frameBytes, Optional.empty());
    }
}
