package dev.tracetoll.bench;

import dev.tracetoll.results.CpuPlacement;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.IterationParams;

/**
 * The measurement: bursts of calls of a Go function under a technique. JMH's own score is the wall time of a request of {@code bursts}
 * bursts as the harness sees it; what the target's clock says of each burst is in the round's sample, of which {@link MergedJmh} makes the score
 * that is saved.
 *
 * <p>A trial is one round of one arm, and each iteration a turn of the arm: see {@link ArmTrial}, which the parameters tell of in JMH's
 * results. The state is the thread's: that of a benchmark is static in the code that JMH generates, and several arms are under way at once.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class BurstBenchmark {

    /** Tells an A/A pair apart, which differs in nothing else. */
    @Param("untraced")
    public String arm;

    @Param("untraced")
    public String technique;

    @Param("calls")
    public String target;

    @Param("200")
    public int calls;

    @Param("1")
    public int bursts;

    /** The target's command line, a word a blank; {@link #NO_ARGUMENTS} for none, since JMH takes no empty parameter. */
    @Param(NO_ARGUMENTS)
    public String arguments;

    @Param("UNPINNED")
    public CpuPlacement placement;

    @Param("1")
    public int probedFunctions;

    @Param("64")
    public int maxBytes;

    static final String NO_ARGUMENTS = "none";

    private ArmTrial trial;

    /** Launches the target and attaches the tracer. */
    @Setup(Level.Trial)
    public void launch() {
        trial = ArmTrial.current();
        trial.launch();
    }

    /** Waits for the arm's turn. */
    @Setup(Level.Iteration)
    public void begin(IterationParams iteration) {
        trial.begin(iteration.getType());
    }

    /** One request. */
    @Benchmark
    public TracedTarget.Measured burst() {
        return trial.request();
    }

    /** Detaches, ends the target and leaves the sample. */
    @TearDown(Level.Trial)
    public void finish() {
        trial.finish();
    }
}
