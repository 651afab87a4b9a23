package dev.tracetoll.cli;

import dev.tracetoll.linux.Deadline;
import dev.tracetoll.linux.TerminationSignals;
import dev.tracetoll.tracing.TracePlan;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.Tracer;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Traces until the program ends, enough was seen, the time is up, nobody reads the output any more, or the user interrupts.
 *
 * <p>Then it detaches. A program that was launched runs on to its end, which is waited for; what interrupts the command interrupts the
 * program too, and a second interruption kills it.
 */
final class TraceRun {

    /** How soon a change is noticed, and how long an event may lie in the buffer. */
    private static final Duration LOOK = Duration.ofMillis(20);
    /** How long to wait for the ends of the last calls that are wanted. */
    private static final Duration LAST_RETURNS = Duration.ofSeconds(1);
    /** Looks without an event after which to ask whether tracing still works. */
    private static final int QUIET_LOOKS = 50;

    /**
     * How it went.
     *
     * @param interrupted whether a signal ended it
     * @param lost how many events were lost
     */
    record Outcome(boolean interrupted, long lost) {}

    private final Tracer tracer;
    private final TracePlan plan;
    private final EventOutput output;
    private final Optional<Duration> duration;
    private final Consumer<String> notices;

    /** @param notices told, a line each, what the user is to know at once */
    TraceRun(Tracer tracer, TracePlan plan, EventOutput output, Optional<Duration> duration, Consumer<String> notices) {
        this.tracer = tracer;
        this.plan = plan;
        this.output = output;
        this.duration = duration;
        this.notices = notices;
    }

    /**
     * Traces.
     *
     * @param subject whom; closed by the caller
     * @throws dev.tracetoll.problem.Problem if the process cannot be traced or tracing fails; nothing stays attached then
     */
    Outcome trace(TraceSubject subject) {
        try (TerminationSignals signals = TerminationSignals.listen()) {
            TraceSession session = tracer.attach(plan, subject.traced(), output);
            try (session) {
                subject.resume();
                awaitEndOfTracing(subject, session, signals);
            }
            session.follow().ifPresent(why -> notices.accept(why + "; tracing ended there"));
            output.flushIfIdle();
            output.totals(session);
            boolean interrupted = signals.waiting();
            if (subject.launched()) {
                interrupted |= awaitEndOfProgram(subject, signals);
            }
            long lost = session.counts().lost();
            output.finish(lost, subject.exitStatus());
            return new Outcome(interrupted, lost);
        }
    }

    private void awaitEndOfTracing(TraceSubject subject, TraceSession session, TerminationSignals signals) {
        Deadline end = Deadline.in(duration.orElse(Duration.ofDays(Integer.MAX_VALUE)));
        Deadline lastReturns = null;
        int quiet = 0;
        while (!signals.waiting() && output.failure() == null && !output.limitDone() && !end.isOver()) {
            if (lastReturns == null && output.limitReached()) {
                lastReturns = Deadline.in(LAST_RETURNS);
            }
            if (session.follow().isPresent() || lastReturns != null && lastReturns.isOver() || subject.awaitEnd(shorter(LOOK, end.remaining()))) {
                return;
            }
            quiet = output.flushIfIdle() ? quiet + 1 : 0;
            if (quiet == QUIET_LOOKS) {
                quiet = 0;
                session.settle();
            }
        }
    }

    /** Returns whether a signal came. */
    private boolean awaitEndOfProgram(TraceSubject subject, TerminationSignals signals) {
        boolean interrupted = false;
        do {
            OptionalInt signal = signals.next();
            if (signal.isPresent()) {
                if (interrupted) {
                    subject.kill();
                } else {
                    subject.passOn(signal.getAsInt());
                }
                interrupted = true;
            }
        } while (!subject.awaitEnd(LOOK));
        return interrupted;
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
