package dev.tracetoll.tracing.inline;

import dev.tracetoll.golang.RuntimeInternals;
import dev.tracetoll.golang.RuntimeLayout;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.x86.Assembler;
import dev.tracetoll.x86.Assembler.Arithmetic;
import dev.tracetoll.x86.Assembler.Label;
import dev.tracetoll.x86.Condition;
import java.util.List;

/** Writes code that finds out what can be known by the goroutine that runs: Go keeps it in R14. */
final class CurrentGoroutine {

    private static final int RSP = 4;
    private static final int R14 = 14;
    private static final int WORD = Long.BYTES;
    /** A signed number's sign, in an address that is no user's. */
    private static final int NO_GOROUTINE_BIT = 63;

    private final Assembler code;
    private final List<Runnable> rare;
    private final RuntimeLayout runtime;
    private final RuntimeInternals internals;

    /** @param rare what is written behind all that is done usually */
    CurrentGoroutine(Assembler code, List<Runnable> rare, RuntimeLayout runtime, RuntimeInternals internals) {
        this.code = code;
        this.rare = rare;
        this.runtime = runtime;
        this.internals = internals;
    }

    /** Leaves in a register which goroutine it is, as {@link dev.tracetoll.tracing.record.RecordFormat#GOROUTINE}. */
    void number(int to) {
        Label none = new Label();
        Label known = new Label();
        code.load(to, R14, runtime.goidOffset(), WORD);
        code.test(to);
        code.jumpIf(Condition.E, none);
        code.bind(known);
        rare.add(() -> {
            code.bind(none);
            code.load(to, R14, runtime.stackHiOffset(), WORD);
            code.setBit(to, NO_GOROUTINE_BIT);
            code.jump(known);
        });
    }

    /** Leaves in a register where on its stack the call is, as {@link dev.tracetoll.tracing.record.RecordFormat#FRAME}. */
    void frame(int to, SitePlan site) {
        code.load(to, R14, runtime.stackHiOffset(), WORD);
        code.compute(Arithmetic.SUB, to, RSP);
        code.computeConstant(Arithmetic.SUB, to, site.site().frameBytes() + WORD);
    }

    /** Leaves in a register the kernel's id of its thread. */
    void thread(int to) {
        code.load(to, R14, internals.thread(), WORD);
        code.load(to, to, internals.threadId(), WORD);
    }

    /**
     * Leaves in a register the number of the runtime's processor that its thread has, of which it is the only one to have it.
     *
     * @param most jumps away from as many on
     * @param none where to if it has none, or one of those
     */
    void processor(int to, int most, Label none) {
        code.load(to, R14, internals.thread(), WORD);
        code.load(to, to, internals.processor(), WORD);
        code.test(to);
        code.jumpIf(Condition.E, none);
        code.load(to, to, internals.processorNumber(), Integer.BYTES);
        code.computeConstant(Arithmetic.CMP, to, most);
        code.jumpIf(Condition.AE, none);
    }
}
