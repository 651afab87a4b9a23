package dev.tracetoll.tracing.mixed;

import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.tracing.FunctionHits;
import dev.tracetoll.tracing.FunctionTotal;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.TraceSession;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.plan.TracePlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A process traced by several sessions, each of which has some of the sites of a plan. */
final class MixedSession implements TraceSession {

    private static final long SETTLE_NS = Duration.ofSeconds(30).toNanos();
    private static final long LOOK_NS = Duration.ofNanos(100_000).toNanos();

    /** @param sites says of the number of a site whether it is the session's */
    record Part(TraceSession session, IntPredicate sites) {}

    private final TracePlan plan;
    private final List<Part> parts;
    private final RecordMerger merger;

    MixedSession(TracePlan plan, List<Part> parts, RecordMerger merger) {
        this.plan = plan;
        this.parts = List.copyOf(parts);
        this.merger = merger;
    }

    @Override
    public TraceCounts counts() {
        TraceCounts sum = merger.counts();
        for (Part part : parts) {
            sum = sum.plus(part.session.counts());
        }
        return sum;
    }

    /** Those of each function are of whoever sees its calls. */
    @Override
    public List<FunctionTotal> totals() {
        Map<TracedFunction, FunctionTotal> all = new IdentityHashMap<>();
        for (Part part : parts) {
            Set<TracedFunction> seen = functions(part, site -> !site.isReturn());
            part.session.totals().stream()
                    .filter(total -> seen.contains(total.function()))
                    .forEach(total -> all.put(total.function(), total));
        }
        return plan.request().functions().stream()
                .filter(all::containsKey)
                .map(all::get)
                .toList();
    }

    private Set<TracedFunction> functions(Part part, Predicate<SitePlan> which) {
        Set<TracedFunction> functions = Collections.newSetFromMap(new IdentityHashMap<>());
        IntStream.range(0, plan.sites().size())
                .filter(part.sites)
                .mapToObj(plan.sites()::get)
                .filter(site -> site.function() != null && which.test(site))
                .forEach(site -> functions.add(site.function()));
        return functions;
    }

    @Override
    public OptionalLong ringBytesNeeded() {
        return parts.stream()
                .map(part -> part.session.ringBytesNeeded())
                .flatMapToLong(OptionalLong::stream)
                .max();
    }

    @Override
    public List<FunctionHits> hits() {
        List<FunctionHits> sum = new ArrayList<>();
        for (Part part : parts) {
            List<FunctionHits> hits = part.session.hits();
            if (hits.isEmpty()) {
                return List.of();
            }
            for (int i = 0; i < hits.size(); i++) {
                if (sum.size() == i) {
                    sum.add(hits.get(i));
                } else {
                    sum.set(i, sum.get(i).plus(hits.get(i)));
                }
            }
        }
        return sum;
    }

    @Override
    public void takeOff(List<TracedFunction> functions) {
        for (Part part : parts) {
            Set<TracedFunction> seen = functions(part, site -> true);
            List<TracedFunction> own = functions.stream().filter(seen::contains).toList();
            if (!own.isEmpty()) {
                part.session.takeOff(own);
            }
        }
    }

    @Override
    public void settle() {
        long nowNs = System.nanoTime();
        parts.forEach(part -> part.session.settle());
        while (!merger.isComplete(nowNs)) {
            if (System.nanoTime() - nowNs > SETTLE_NS) {
                throw new OperationFailed(
                        "What was seen of the process was not read within "
                                + Duration.ofNanos(SETTLE_NS).toSeconds()
                                + " s; the machine is overloaded, a thread is stopped in the middle of a record, or the event sink is stuck");
            }
            LockSupport.parkNanos(LOOK_NS);
            parts.forEach(part -> part.session.settle());
        }
    }

    @Override
    public Optional<String> follow() {
        Optional<String> over = Optional.empty();
        for (Part part : parts) {
            Optional<String> ofPart = part.session.follow();
            over = over.or(() -> ofPart);
        }
        return over;
    }

    @Override
    public void rest() {
        parts.forEach(part -> part.session.rest());
    }

    @Override
    public void resume() {
        parts.forEach(part -> part.session.resume());
    }

    @Override
    public void detach() {
        merger.end(System.nanoTime());
        each(TraceSession::detach);
    }

    @Override
    public void close() {
        merger.end(System.nanoTime());
        each(TraceSession::close);
    }

    /** Does something to all, in the reverse order of their beginning, whatever goes wrong with some. */
    private void each(Consumer<TraceSession> action) {
        Throwable failure = null;
        for (int i = parts.size() - 1; i >= 0; i--) {
            try {
                action.accept(parts.get(i).session);
            } catch (RuntimeException | Error e) {
                failure = joined(failure, e);
            }
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        } else if (failure instanceof Error e) {
            throw e;
        }
    }

    private static Throwable joined(@Nullable Throwable earlier, Throwable later) {
        if (earlier == null) {
            return later;
        }
        earlier.addSuppressed(later);
        return earlier;
    }
}
