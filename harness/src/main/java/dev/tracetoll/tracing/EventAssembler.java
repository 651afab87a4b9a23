package dev.tracetoll.tracing;

import dev.tracetoll.golang.Location;
import dev.tracetoll.golang.SiteKind;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes events of hits: numbers the calls, matches returns with them, keeps each goroutine's depth.
 *
 * <p>A return belongs to the call of the same goroutine, function and frame. The frame is measured from the top of the goroutine's stack,
 * so it survives stack growth; a call whose frame is no longer on the stack (unwound by a panic or by Goexit) is reported as
 * {@link TraceEvent.NoReturn} and never matched to a later return. Not thread-safe.
 */
public final class EventAssembler {

    private record Hit(int thread, long timestampNs, long goroutine, long frame, List<NamedValue> values) {}

    private record OpenCall(long id, SitePlan plan, long frame, long timestampNs, long lostBefore) {}

    private final List<SitePlan> sites;
    private final RecordDecoder decoder;
    private final String[] unreadable;
    private final EventSink sink;
    private final boolean returns;
    private final Map<Long, Deque<OpenCall>> openCalls = new HashMap<>();
    private long calls;
    private long returned;
    private long noReturns;
    private long lost;

    public EventAssembler(TracePlan plan, EventSink sink) {
        this.sites = plan.sites();
        this.decoder = new RecordDecoder(plan);
        this.sink = sink;
        this.returns = plan.request().returns();
        this.unreadable = new String[RecordFormat.MAX_PARTS];
    }

    /** Tells how many events have been lost so far, so that no reason is made up for a return that was lost. */
    public void lostSoFar(long events) {
        lost = events;
    }

    /**
     * Takes a record; records of one goroutine come in their order.
     *
     * @param record as {@link RecordFormat} says, from position 0; not kept
     * @param floats why floating-point registers could not be read; null if they were, and are in the record
     */
    public void record(ByteBuffer record, String floats) {
        SitePlan plan = sites.get(record.getInt(RecordFormat.SITE));
        Hit hit = new Hit(record.getInt(RecordFormat.THREAD), record.getLong(RecordFormat.TIMESTAMP_NS),
                record.getLong(RecordFormat.GOROUTINE), record.getLong(RecordFormat.FRAME), values(plan, record, floats));
        if (plan.site().kind() == SiteKind.ENTRY) {
            call(plan, hit);
        } else {
            returned(plan, hit);
        }
    }

    private List<NamedValue> values(SitePlan plan, ByteBuffer record, String floats) {
        long bits = record.getLong(RecordFormat.UNREADABLE);
        for (int i = 0; i < plan.pieces().size(); i++) {
            boolean inFloatRegister = plan.pieces().get(i).part().location() instanceof Location.FloatRegister;
            unreadable[i] = (bits >>> i & 1) != 0 ? "its place on the stack cannot be read" : inFloatRegister ? floats : null;
        }
        return decoder.decode(plan, record, unreadable);
    }

    /** Reports every call still open as one whose return will not be seen. */
    public void close(String why) {
        List<Map.Entry<Long, OpenCall>> open = new ArrayList<>();
        openCalls.forEach((goroutine, stack) -> stack.forEach(call -> open.add(Map.entry(goroutine, call))));
        openCalls.clear();
        open.sort(Comparator.comparing(entry -> entry.getValue().id));
        open.forEach(entry -> noReturn(entry.getKey(), entry.getValue(), why));
    }

    /** What was delivered so far; {@code lostCalls} and {@code lostReturns} are the tracer's to say. */
    public TraceCounts counts(long lostCalls, long lostReturns) {
        return new TraceCounts(calls, returned, noReturns, lostCalls, lostReturns);
    }

    private void call(SitePlan plan, Hit hit) {
        Deque<OpenCall> stack = openCalls.computeIfAbsent(hit.goroutine, goroutine -> new ArrayDeque<>());
        while (!stack.isEmpty() && stack.peek().frame >= hit.frame) {
            unwound(hit.goroutine, stack.pop());
        }
        long id = ++calls;
        int depth = stack.size();
        stack.push(new OpenCall(id, plan, hit.frame, hit.timestampNs, lost));
        sink.accept(new TraceEvent.Call(
                id, plan.function(), hit.goroutine, hit.thread, depth, hit.timestampNs, hit.values));
    }

    private void returned(SitePlan plan, Hit hit) {
        returned++;
        Deque<OpenCall> stack = openCalls.getOrDefault(hit.goroutine, new ArrayDeque<>());
        while (!stack.isEmpty() && stack.peek().frame > hit.frame) {
            unwound(hit.goroutine, stack.pop());
        }
        OpenCall call = stack.peek();
        long id = 0;
        long durationNs = -1;
        if (call != null && call.frame == hit.frame) {
            stack.pop();
            if (call.plan.function() == plan.function()) {
                id = call.id;
                durationNs = hit.timestampNs - call.timestampNs;
            } else {
                unwound(hit.goroutine, call);
            }
        }
        int depth = stack.size();
        if (stack.isEmpty()) {
            openCalls.remove(hit.goroutine);
        }
        sink.accept(new TraceEvent.Return(id, plan.function(), hit.goroutine, hit.thread, depth, hit.timestampNs, durationNs,
                hit.values));
    }

    private void unwound(long goroutine, OpenCall call) {
        noReturn(goroutine, call, call.lostBefore == lost ? "unwound" : "unknown, events were lost");
    }

    private void noReturn(long goroutine, OpenCall call, String why) {
        if (returns) {
            noReturns++;
            sink.accept(new TraceEvent.NoReturn(call.id, call.plan.function(), goroutine, why));
        }
    }
}
