package dev.tracetoll.bench.program;

import dev.tracetoll.bench.TracedTarget;
import dev.tracetoll.environment.EnvironmentProbe;
import dev.tracetoll.linux.file.Deadline;
import dev.tracetoll.linux.process.ProcessUsage;
import dev.tracetoll.linux.process.RunningProcess;
import dev.tracetoll.problem.Failing;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.tracing.FunctionTotal;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.TracedProcess;
import dev.tracetoll.tracing.Tracer;
import dev.tracetoll.tracing.plan.TracePlan;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * How often functions of a process were called in a while, and what it used of the machine meanwhile.
 *
 * @param functions how often each was called, in the order of the plan
 * @param wallNs how long it was looked at
 * @param cpuNs CPU time of the process in that time
 * @param drivingNs CPU time of what works for it, or makes it work: as far as nobody knows, of all else that ran
 * @param busyNs CPU time of the whole machine
 */
public record Census(List<Called> functions, long wallNs, long cpuNs, long drivingNs, long busyNs) {

    /**
     * How often a function was called.
     *
     * @param function symbol of it
     * @param calls how many calls began
     */
    public record Called(String function, long calls) {

        static List<Called> of(List<FunctionTotal> totals) {
            return totals.stream()
                    .map(total -> new Called(total.function().name(), total.calls()))
                    .toList();
        }
    }

    private static final Duration LOOK = Duration.ofMillis(10);

    /**
     * Looks at a process that runs, and leaves it as it was.
     *
     * @param tracer one that counts
     * @param process closed by the caller
     * @throws dev.tracetoll.problem.Problem if it cannot be traced
     */
    public static Census of(RunningProcess process, Tracer tracer, TracePlan plan, Duration duration) {
        return of(
                new TracedProcess(process.pid(), false, status -> {}),
                tracer,
                plan,
                duration,
                () -> {},
                () -> process.awaitEnd(LOOK));
    }

    /**
     * Launches a program and looks at it; it is asked to end when the time is up.
     *
     * @param tracer one that counts
     * @throws dev.tracetoll.problem.Problem if it cannot be launched or traced; it does not run then
     */
    public static Census of(OwnProgram program, Tracer tracer, TracePlan plan, Duration duration) {
        Printed printed = new Printed(Printed.directory(), "program");
        try (Launched launched = Launched.start(program, printed)) {
            Census census = of(
                    launched.traced(),
                    tracer,
                    plan,
                    duration,
                    launched::resume,
                    () -> launched.awaitExit(LOOK).isPresent());
            launched.stop();
            return census;
        } finally {
            printed.delete();
        }
    }

    private static Census of(
            TracedProcess process,
            Tracer tracer,
            TracePlan plan,
            Duration duration,
            Runnable resume,
            BooleanSupplier ended) {
        TraceSession session = tracer.attach(plan, process, TracedTarget.DISCARD);
        long wallNs;
        long cpuNs = 0;
        long busyNs;
        try {
            long cpuBeforeNs = ProcessUsage.cpuNs(process.pid());
            long busyBeforeNs = machineBusyNs();
            long startedNs = System.nanoTime();
            resume.run();
            Deadline deadline = Deadline.in(duration);
            while (!deadline.isOver() && !ended.getAsBoolean()) {
                session.follow();
                cpuNs = cpuNs(process.pid(), cpuBeforeNs, cpuNs);
            }
            wallNs = System.nanoTime() - startedNs;
            busyNs = machineBusyNs() - busyBeforeNs;
        } catch (RuntimeException | Error e) {
            Failing.close(session, e);
            throw e;
        }
        session.close();
        return new Census(Called.of(session.totals()), wallNs, cpuNs, Math.max(0, busyNs - cpuNs), busyNs);
    }

    /** CPU time that the whole machine has used so far, in ns. */
    static long machineBusyNs() {
        return new EnvironmentProbe().load().busyNs();
    }

    /** Of a process that has ended just now, what it had used at the look before. */
    private static long cpuNs(int pid, long beforeNs, long latestNs) {
        try {
            return ProcessUsage.cpuNs(pid) - beforeNs;
        } catch (OperationFailed e) {
            return latestNs;
        }
    }

    /** All calls together. */
    public long calls() {
        return functions.stream().mapToLong(Called::calls).sum();
    }
}
