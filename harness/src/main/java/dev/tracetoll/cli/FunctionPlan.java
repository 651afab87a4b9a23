package dev.tracetoll.cli;

import com.google.re2j.Pattern;
import dev.tracetoll.bench.Techniques;
import dev.tracetoll.golang.GoBinary;
import dev.tracetoll.linux.file.Terminal;
import dev.tracetoll.tracing.Technique;
import dev.tracetoll.tracing.plan.SitePricing;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.plan.TraceRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Plans to trace what somebody chose of a program.
 *
 * @param functions what their names are to match
 * @param debugFile where the debugging information is, if somebody says so
 * @param returns whether returns are traced, too
 * @param cheapReturns whether only those that are cheap
 * @param maxBytes how many bytes of a string, slice or map are shown at most
 * @param depth how many pointers are followed
 * @param pricing what sites cost
 * @param seeable leaves out what the technique does not see
 */
record FunctionPlan(
        List<Pattern> functions,
        Optional<Path> debugFile,
        boolean returns,
        boolean cheapReturns,
        int maxBytes,
        int depth,
        SitePricing pricing,
        UnaryOperator<FunctionSelection> seeable) {

    /** As {@code trace} has it unless told otherwise. */
    static final int MAX_BYTES = 64;

    /** As {@code trace} has it unless told otherwise. */
    static final int DEPTH = 1;

    private static final int PROGRESS_STEP = 64;

    /**
     * What {@code trace} would do unless told otherwise.
     *
     * @param returns whether returns are traced, too, where the technique sees them
     */
    static FunctionPlan usual(List<Pattern> functions, Optional<Path> debugFile, boolean returns, Technique technique) {
        return new FunctionPlan(
                functions,
                debugFile,
                returns && Techniques.facts(technique).returns(),
                false,
                MAX_BYTES,
                DEPTH,
                Techniques.pricing(technique),
                selection -> selection);
    }

    /**
     * The plan for a program.
     *
     * @param name what people call it
     * @param chosen told which functions are traced, and which are not
     * @throws dev.tracetoll.problem.Problem if it cannot be read, or nothing of it can be traced
     */
    TracePlan of(Path program, String name, Consumer<FunctionSelection> chosen) {
        try (GoBinary binary = GoBinary.open(program, name, debugFile, pricing)) {
            FunctionSelection matching = select(binary);
            FunctionSelection selection = seeable.apply(cheapReturns ? matching.withCheapReturns(pricing) : matching);
            chosen.accept(selection);
            return new TracePlan(
                    new TraceRequest(
                            program,
                            selection.functions(),
                            binary.runtimeLayout(),
                            binary.types(),
                            returns,
                            maxBytes,
                            depth),
                    pricing);
        }
    }

    private FunctionSelection select(GoBinary binary) {
        if (!Terminal.is(Terminal.STDERR)) {
            return FunctionSelection.of(binary, functions, (done, total) -> {});
        }
        ProgressLine progress = ProgressLine.ofThisTerminal();
        try {
            return FunctionSelection.of(binary, functions, (done, total) -> {
                if (done % PROGRESS_STEP == 0) {
                    progress.show(done, total, "functions seen to");
                }
            });
        } finally {
            progress.clear();
        }
    }
}
