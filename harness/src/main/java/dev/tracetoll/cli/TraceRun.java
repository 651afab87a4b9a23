package dev.tracetoll.cli;

import dev.tracetoll.linux.file.Deadline;
import dev.tracetoll.linux.process.TerminationSignals;
import dev.tracetoll.problem.Failing;
import dev.tracetoll.text.ByteSize;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.Tracer;
import dev.tracetoll.tracing.format.TraceSummary;
import dev.tracetoll.tracing.guard.Budget;
import dev.tracetoll.tracing.guard.Guard;
import dev.tracetoll.tracing.guard.Spending;
import dev.tracetoll.tracing.plan.TracePlan;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Traces until the program ends, enough was seen, the time is up, nobody reads the output any more, or the user interrupts.
 *
 * <p>Then it detaches, and only then waits for whoever reads the output. A program that was launched runs on to its end, which is waited
 * for; what interrupts the command interrupts the program too. A second interruption kills it, and leaves unread what nobody reads soon.
 */
final class TraceRun {

    /** How soon a change is noticed, and how long an event may lie in the buffer. */
    private static final Duration LOOK = Duration.ofMillis(20);
    /** How long to wait for the ends of the last calls that are wanted. */
    private static final Duration LAST_RETURNS = Duration.ofSeconds(1);
    /** How long whoever reads may take after a second signal. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);
    /** Looks without an event after which to ask whether tracing still works. */
    private static final int QUIET_LOOKS = 50;

    /**
     * How it went.
     *
     * @param interrupted the number of the first signal that came; empty if none did
     * @param lost how many events were lost, unless something is unread
     * @param sufficientRingBytes a size of the ring buffer with which none would have been lost in it, as far as is known; empty if none was
     * @param unread whether a second signal came and not everything was written soon
     */
    record Outcome(OptionalInt interrupted, long lost, OptionalLong sufficientRingBytes, boolean unread) {}

    private final Tracer tracer;
    private final TracePlan plan;
    private final EventOutput output;
    private final Optional<Duration> duration;
    private final Optional<Budget> budget;
    private final Consumer<String> notices;

    /**
     * @param budget what tracing may cost; empty if that does not matter
     * @param notices told, a line each, what the user is to know at once
     */
    TraceRun(
            Tracer tracer,
            TracePlan plan,
            EventOutput output,
            Optional<Duration> duration,
            Optional<Budget> budget,
            Consumer<String> notices) {
        this.tracer = tracer;
        this.plan = plan;
        this.output = output;
        this.duration = duration;
        this.budget = budget;
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
            Optional<Spending> spending;
            try {
                spending = traceUntilEnd(subject, session, signals);
                session.detach();
            } catch (RuntimeException | Error e) {
                Failing.close(session, e);
                throw e;
            }
            session.follow().ifPresent(why -> notices.accept(why + "; tracing ended there"));
            Ending ending = new Ending(subject, signals);
            // Whoever reads may keep this waiting, but neither the program nor a second signal.
            FutureTask<Void> delivery = new FutureTask<>(() -> deliver(session), null);
            Thread deliverer = new Thread(delivery, "trace delivery");
            deliverer.setDaemon(true);
            deliverer.start();
            ending.awaitEnd(delivery);
            if (output.isGivenUp()) {
                // What is still under way is for nobody: the process gives everything back when it ends.
                return new Outcome(ending.first, output.lost(), OptionalLong.empty(), true);
            }
            TraceCounts counts = session.counts();
            long lost = counts.lost();
            OptionalLong sufficient = lost == 0 ? OptionalLong.empty() : sufficientRingBytes(session);
            output.finish(lost, sampled(counts), spending, sufficient, subject.exitStatus());
            ending.awaitWritten();
            return new Outcome(ending.first, lost + output.lost(), sufficient, output.isGivenUp());
        }
    }

    private Optional<TraceSummary.Sampled> sampled(TraceCounts counts) {
        return plan.request()
                .sampling()
                .map(how -> new TraceSummary.Sampled(how, counts.leftOutCalls(), counts.leftOutReturns()));
    }

    private static OptionalLong sufficientRingBytes(TraceSession session) {
        return session.ringBytesNeeded().stream().map(ByteSize::nextPowerOfTwo).findFirst();
    }

    private void deliver(TraceSession session) {
        session.close();
        output.end(session);
    }

    private Optional<Spending> traceUntilEnd(TraceSubject subject, TraceSession session, TerminationSignals signals) {
        Optional<Guard> guard = budget.map(allowed -> new Guard(
                session,
                allowed,
                off -> notices.accept("to stay within --max-overhead, there is taken off " + off.describe())));
        try {
            subject.resume();
            awaitEndOfTracing(
                    subject,
                    session,
                    signals,
                    () -> guard.filter(Guard::nothingLeft).isPresent());
        } finally {
            guard.ifPresent(Guard::close);
        }
        if (guard.filter(Guard::nothingLeft).isPresent()) {
            notices.accept("nothing is left to trace");
        }
        return guard.map(Guard::spending);
    }

    /** @param done whether there is nothing to trace any more */
    private void awaitEndOfTracing(
            TraceSubject subject, TraceSession session, TerminationSignals signals, BooleanSupplier done) {
        Deadline end = Deadline.in(duration.orElse(Duration.ofDays(Integer.MAX_VALUE)));
        Deadline lastReturns = null;
        int quiet = 0;
        while (!signals.waiting() && output.failure() == null && !output.limitDone() && !end.isOver()) {
            if (lastReturns == null && output.limitReached()) {
                lastReturns = Deadline.in(LAST_RETURNS);
            }
            if (done.getAsBoolean()
                    || session.follow().isPresent()
                    || lastReturns != null && lastReturns.isOver()
                    || subject.awaitEnd(shorter(LOOK, end.remaining()))) {
                return;
            }
            quiet = output.flushIfIdle() ? quiet + 1 : 0;
            if (quiet == QUIET_LOOKS) {
                quiet = 0;
                session.settle();
            }
        }
    }

    /** What is waited for once tracing is over, while signals are heeded: the first is for the program, the second ends everything soon. */
    private final class Ending {
        private final TraceSubject subject;
        private final TerminationSignals signals;
        private OptionalInt first = OptionalInt.empty();
        /** Until when whoever reads is waited for; null as long as there is no end. */
        private @Nullable Deadline lastWords;

        Ending(TraceSubject subject, TerminationSignals signals) {
            this.subject = subject;
            this.signals = signals;
        }

        private void heedSignals() {
            for (OptionalInt signal = signals.next(); signal.isPresent(); signal = signals.next()) {
                if (first.isPresent()) {
                    subject.kill();
                    lastWords = Deadline.in(lastWords == null ? LAST_WORDS : Duration.ZERO);
                } else {
                    subject.passOn(signal.getAsInt());
                    first = signal;
                }
            }
            if (lastWords != null && lastWords.isOver()) {
                output.giveUp();
            }
        }

        /** Waits until everything was delivered, or will not be, and a program that was launched has ended. */
        void awaitEnd(FutureTask<Void> delivery) {
            boolean ended = false;
            boolean delivered = false;
            while (!ended || !delivered && !output.isGivenUp()) {
                heedSignals();
                output.flushIfIdle();
                if (!ended) {
                    ended = !subject.launched() || subject.awaitEnd(LOOK);
                    delivered |= delivery.isDone() && isDone(delivery, Duration.ZERO);
                } else {
                    delivered = isDone(delivery, LOOK);
                }
            }
        }

        /** Waits until whoever reads has read everything. */
        void awaitWritten() {
            do {
                heedSignals();
            } while (!output.awaitWritten(LOOK));
        }

        private static boolean isDone(FutureTask<Void> delivery, Duration timeout) {
            try {
                delivery.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
                return true;
            } catch (TimeoutException e) {
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException failure) {
                    throw failure;
                }
                throw new IllegalStateException(e.getCause());
            }
        }
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
