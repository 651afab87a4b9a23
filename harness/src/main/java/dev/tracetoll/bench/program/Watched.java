package dev.tracetoll.bench.program;

import dev.tracetoll.bench.TracerCpu;
import dev.tracetoll.linux.process.ProcessUsage;
import dev.tracetoll.problem.Failing;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.TracedProcess;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A process while an arm traces it, or nothing does, and what that takes on this side. */
final class Watched {

    private static final TraceCounts NOTHING = new TraceCounts(0, 0, 0, 0, 0);

    private final ProgramArm arm;
    private final int pid;
    private final Optional<TraceSession> session;
    private final Consumer<String> notices;
    private final long cpuBeforeNs;
    private long peakBytes;
    private boolean gone;

    private Watched(
            ProgramArm arm, int pid, Optional<TraceSession> session, Consumer<String> notices, long cpuBeforeNs) {
        this.arm = arm;
        this.pid = pid;
        this.session = session;
        this.notices = notices;
        this.cpuBeforeNs = cpuBeforeNs;
    }

    /**
     * Attaches.
     *
     * @throws dev.tracetoll.problem.Problem if it cannot be traced
     */
    static Watched attach(ProgramArm arm, TracedProcess process, Consumer<String> notices) {
        ProcessUsage.resetOwnPeak();
        long cpuBeforeNs = TracerCpu.ns();
        return new Watched(arm, process.pid(), arm.attach(process, notices), notices, cpuBeforeNs);
    }

    /** To be asked every few milliseconds: what it has used so far, and whether it is still what is traced. */
    void look() {
        ProcessUsage.peakBytesIfAlive(pid).ifPresent(bytes -> peakBytes = Math.max(peakBytes, bytes));
        if (!gone) {
            session.flatMap(TraceSession::follow).ifPresent(why -> {
                gone = true;
                notices.accept(why + "; tracing ended there");
            });
        }
    }

    /** The most memory that the process was seen to hold, in bytes. */
    long peakBytes() {
        return peakBytes;
    }

    /**
     * Detaches.
     *
     * @return all events
     */
    TraceCounts finish() {
        session.ifPresent(TraceSession::close);
        if (session.isEmpty()) {
            return NOTHING;
        }
        return arm.counts()
                ? new TraceCounts(
                        called().stream().mapToLong(Census.Called::calls).sum(), 0, 0, 0, 0)
                : session.get().counts();
    }

    /** How often each function was called, once it is finished; nothing unless the arm counts. */
    List<Census.Called> called() {
        return arm.counts() && session.isPresent()
                ? Census.Called.of(session.get().totals())
                : List.of();
    }

    /** CPU time of the tracer so far, in ns; 0 if nothing is traced. */
    long tracerCpuNs() {
        return session.isEmpty() ? 0 : Math.max(0, TracerCpu.ns() - cpuBeforeNs);
    }

    /** The most memory that this process has held meanwhile, in bytes; 0 if nothing is traced. */
    long tracerPeakBytes() {
        return session.isEmpty() ? 0 : ProcessUsage.ownPeakBytes();
    }

    /** After a failure, which is what is to be told. */
    void abandon(Throwable failure) {
        session.ifPresent(each -> Failing.close(each, failure));
    }
}
