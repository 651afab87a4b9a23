package dev.tracetoll.bench;

import dev.tracetoll.burst.Load;
import dev.tracetoll.burst.Paced;
import dev.tracetoll.burst.Target;
import dev.tracetoll.burst.TargetProgram;
import dev.tracetoll.golang.ProbeSite;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.results.CpuPlacement;
import dev.tracetoll.tracing.buffer.BufferKind;
import dev.tracetoll.tracing.buffer.BufferOptions;
import dev.tracetoll.tracing.buffer.BufferSession;
import dev.tracetoll.tracing.buffer.BufferUse;
import dev.tracetoll.tracing.ring.Arrivals;
import java.util.List;
import java.util.Optional;

/** The target {@code paced}, running, whose calls can leave records in buffers. */
public final class PacedTarget implements AutoCloseable {

    private static final String NAME = "paced";

    /**
     * What was measured of a load.
     *
     * @param paced what the target says
     * @param use what became of the records
     * @param arrivals when they came; empty unless that was asked for
     */
    public record Measured(Paced paced, BufferUse use, Optional<Arrivals> arrivals) {}

    private final TargetCopies copies = new TargetCopies();
    private final TargetProgram program;
    private final long siteOffset;
    private final Target target;

    /**
     * Launches it.
     *
     * @throws dev.tracetoll.problem.Problem if it cannot be launched
     */
    public PacedTarget() {
        this(CpuPlacement.UNPINNED);
    }

    /**
     * Launches it on some CPUs; the calling thread, and each reader, is on the reader's from now on.
     *
     * @param placement on which
     * @throws dev.tracetoll.problem.Problem if it cannot be launched, or there is one core only and two are needed
     */
    public PacedTarget(CpuPlacement placement) {
        try {
            program = copies.of(NAME);
            siteOffset = siteOffset(program);
            target = Cores.of(placement).launch(() -> Target.launch(program, List.of(), false));
        } catch (RuntimeException | Error e) {
            copies.close();
            throw e;
        }
    }

    private static long siteOffset(TargetProgram program) {
        ProbeSite site =
                TargetPlans.of(Techniques.entry(Techniques.named("ebpf-arguments")), program, Probing.ONE)
                        .sites()
                        .stream()
                        .filter(each -> each.function() != null)
                        .findFirst()
                        .orElseThrow()
                        .site();
        if (site.check().isPresent()) {
            throw new OperationFailed("The target " + program.name()
                    + " may grow its stack where it is probed, so that hits are no calls; build the targets again");
        }
        return site.fileOffset();
    }

    /** The Go version that it was built with. */
    public String goVersion() {
        return target.greeting().goVersion();
    }

    /** Makes calls that nobody traces. */
    public Paced untraced(Load load) {
        return target.pace(load);
    }

    /**
     * Makes calls of which each leaves a record, unless there is no buffer for them.
     *
     * @throws OperationFailed if records are neither seen nor counted as lost
     */
    public Measured traced(Load load, BufferOptions options) {
        Paced paced;
        BufferSession session = new BufferSession(target.pid(), program.path(), siteOffset, options);
        try (session) {
            paced = target.pace(load);
        }
        BufferUse use = session.use();
        long expected = options.kind() == BufferKind.NONE ? 0 : paced.callsMade();
        if (use.seen() + use.lost() != expected) {
            throw new OperationFailed("Of " + expected + " records " + use.seen() + " were seen and " + use.lost()
                    + " lost, which does not add up, with " + options + " and " + load);
        }
        return new Measured(paced, use, options.arrivals() ? Optional.of(session.arrivals()) : Optional.empty());
    }

    @Override
    public void close() {
        try {
            target.close();
        } finally {
            copies.close();
        }
    }
}
