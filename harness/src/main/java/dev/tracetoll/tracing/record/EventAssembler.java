package dev.tracetoll.tracing.record;

import dev.tracetoll.golang.Location;
import dev.tracetoll.golang.StackCheck;
import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.tracing.EventSink;
import dev.tracetoll.tracing.NamedValue;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.TraceEvent;
import dev.tracetoll.tracing.plan.CaptureLimits;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.plan.TracePlan;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Makes events of hits: numbers the calls, matches returns with them, keeps each goroutine's depth.
 *
 * <p>A return belongs to the call of the same goroutine, function and frame. The frame is measured from the top of the goroutine's stack,
 * so it survives stack growth; a call whose frame is no longer on the stack is reported as {@link TraceEvent.NoReturn} and never matched to
 * a later return. A call whose stack grows hits its site more than once: its arguments are those of the first time, and the call is the
 * last. Not thread-safe.
 */
@SuppressWarnings("ReferenceEquality") // There is one object for each function, and this is done at every hit.
public final class EventAssembler implements RecordSink {

    /** Why a call that is open when tracing ends was not seen returning: the program runs on. */
    public static final String DETACHED = "detached";
    /** Why a call that is open when the program ends will not return. */
    public static final String EXIT = "exit";

    private static final String PANIC = "panic";
    private static final String GOEXIT = "goexit";
    private static final String TAIL_CALL = "tailCall";
    private static final String UNWOUND = "unwound";
    private static final String EXEC = "exec";
    private static final String LOST = "unknown, events were lost";
    private static final String BEGAN_BEFORE = "began before tracing";

    /** @param stack a goroutine's id, or what tells another stack from all others */
    private record Hit(int thread, long timestampNs, long stack, long frame, List<NamedValue> values) {
        long goroutine() {
            return EventAssembler.goroutine(stack);
        }
    }

    /** @param position {@link #position} */
    private record OpenCall(
            long id, TracedFunction function, long frame, int thread, long position, long timestampNs) {}

    /** Arguments of a call that is growing its stack. */
    private record Growing(TracedFunction function, long frame, List<NamedValue> arguments) {}

    /** Stacks by when they were seen; where nothing tells that one has ended, those not seen for longest are forgotten, or memory would fill. */
    private static final class LatestSeen<T> extends LinkedHashMap<Long, T> {
        private final int most;
        private final transient Predicate<Map.Entry<Long, T>> forget;

        /** @param forget whether the one not seen for longest may be forgotten, asked when there are more than {@code most} */
        LatestSeen(int most, Predicate<Map.Entry<Long, T>> forget) {
            super(16, 0.75f, true);
            this.most = most;
            this.forget = forget;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, T> eldest) {
            return size() > most && forget.test(eldest);
        }
    }

    private static final long UNKNOWN_POSITION = 0;
    /** PID_MAX_LIMIT of the kernel's {@code linux/threads.h}: no stack's top is as low. */
    private static final long MOST_THREADS = 1 << 22;

    /** More stacks than this are kept only while every one of them is known to have calls that have not returned. */
    static final int MOST_STACKS = 1 << 16;

    /** The open calls of a goroutine, the innermost first. */
    private static final class Goroutine {
        private final Deque<OpenCall> calls = new ArrayDeque<>();
        /** Where panics began that may still unwind calls, the latest and deepest first. */
        private final Deque<Long> panics = new ArrayDeque<>();

        boolean panickedThrough(long frame) {
            return !panics.isEmpty() && frame <= panics.peek();
        }
    }

    /**
     * Goroutines by their stacks. The one seen last is apart, as most events are of the same one as the event before, and as it comes and goes
     * with every outermost call.
     */
    private static final class Stacks {
        private final LatestSeen<Goroutine> others;
        private long stack;
        private @Nullable Goroutine latest;
        /** One that is not needed any more, if there is any. */
        private @Nullable Goroutine spare;

        Stacks(Predicate<Map.Entry<Long, Goroutine>> forget) {
            others = new LatestSeen<>(MOST_STACKS - 1, forget);
        }

        @Nullable
        Goroutine find(long of) {
            if (latest != null && stack == of) {
                return latest;
            }
            Goroutine found = others.isEmpty() ? null : others.remove(of);
            if (found != null) {
                see(of, found);
            }
            return found;
        }

        Goroutine findOrAdd(long of) {
            Goroutine found = find(of);
            if (found == null) {
                found = spare != null ? spare : new Goroutine();
                spare = null;
                see(of, found);
            }
            return found;
        }

        private void see(long of, Goroutine goroutine) {
            if (latest != null) {
                others.put(stack, latest);
            }
            stack = of;
            latest = goroutine;
        }

        @Nullable
        Goroutine remove(long of) {
            Goroutine found = find(of);
            if (found != null) {
                latest = null;
            }
            return found;
        }

        /** Removes one whose calls have all ended. */
        void removeEnded(long of) {
            Goroutine ended = remove(of);
            if (ended != null) {
                ended.panics.clear();
                spare = ended;
            }
        }

        /** All of them, in the order in which they were last seen. */
        Map<Long, Goroutine> all() {
            Map<Long, Goroutine> all = new LinkedHashMap<>(others);
            if (latest != null) {
                all.put(stack, latest);
            }
            return all;
        }

        void clear() {
            others.clear();
            latest = null;
        }
    }

    private final List<SitePlan> sites;
    private final RecordDecoder decoder;
    private final String[] unreadable = new String[CaptureLimits.MAX_PARTS];
    private final String[] readable = new String[CaptureLimits.MAX_PARTS];
    private final EventSink sink;
    private final boolean returns;
    private final Stacks goroutines;
    /** By the stack; where a record is lost, what was noted here stays. */
    private final Map<Long, Growing> growing = new LatestSeen<>(MOST_STACKS, any -> true);

    /** Functions whose probes are being taken off, or are. */
    private volatile Set<TracedFunction> leaving = Set.of();

    private long calls;
    private long returned;
    private long unpairedReturns;
    private long noReturns;
    private long lost;

    public EventAssembler(TracePlan plan, EventSink sink) {
        this.sites = plan.sites();
        this.decoder = new RecordDecoder(plan);
        this.sink = sink;
        this.returns = plan.request().returns();
        this.goroutines = new Stacks(this::forgotten);
    }

    /** Without returns, and once events were lost, nothing need have told that a goroutine's calls have ended. */
    private boolean forgotten(Map.Entry<Long, Goroutine> stack) {
        if (returns && lost == 0) {
            return false;
        }
        stack.getValue().calls.forEach(call -> noReturn(goroutine(stack.getKey()), call, LOST));
        return true;
    }

    @Override
    public void lostSoFar(long events) {
        lost = events;
    }

    @Override
    public void leaves(List<TracedFunction> functions) {
        Set<TracedFunction> all = Collections.newSetFromMap(new IdentityHashMap<>());
        all.addAll(leaving);
        all.addAll(functions);
        leaving = all;
    }

    /** Whether a function's probes are being taken off, or are. May be asked by any thread. */
    public boolean isLeaving(TracedFunction function) {
        return leaving.contains(function);
    }

    @Override
    public void record(ByteBuffer record, IntFunction<String> floats) {
        SitePlan plan = sites.get(record.getInt(RecordFormat.SITE));
        long stack = record.getLong(RecordFormat.GOROUTINE);
        long frame = record.getLong(RecordFormat.FRAME);
        int flags = record.getInt(RecordFormat.FLAGS);
        if ((flags & RecordFormat.FLAG_GROWING) != 0) {
            if ((flags & RecordFormat.FLAG_GROWN) == 0 && plan.function() != null) {
                growing.put(stack, new Growing(plan.function(), frame, values(plan, record, floats)));
            }
            return;
        }
        Growing first = (flags & RecordFormat.FLAG_GROWN) != 0 ? growing.remove(stack) : null;
        Hit hit = new Hit(
                record.getInt(RecordFormat.THREAD),
                record.getLong(RecordFormat.TIMESTAMP_NS),
                stack,
                frame,
                first != null && first.function == plan.function() && first.frame == frame
                        ? first.arguments
                        : values(plan, record, floats));
        for (SitePlan.Meaning meaning : plan.meanings()) {
            switch (meaning) {
                case CALL -> call(plan, hit);
                case RETURN -> returned(plan, hit);
                case PANIC -> panics(hit);
                case GOEXIT -> exits(hit);
            }
        }
    }

    private List<NamedValue> values(SitePlan plan, ByteBuffer record, IntFunction<String> floats) {
        long bits = record.getLong(RecordFormat.UNREADABLE);
        if (bits == 0 && plan.floatRegisters() == 0) {
            return decoder.decode(plan, record, readable);
        }
        for (int i = 0; i < plan.pieces().size(); i++) {
            unreadable[i] = (bits >>> i & 1) != 0
                    ? "its place on the stack cannot be read"
                    : plan.pieces().get(i).part().location() instanceof Location.FloatRegister register
                            ? floats.apply(register.index())
                            : null;
        }
        return decoder.decode(plan, record, unreadable);
    }

    @Override
    public void executed(long timeNs) {
        close(EXEC);
        growing.clear();
    }

    @Override
    public void close(String why) {
        record Open(long goroutine, OpenCall call, String why) {}
        List<Open> open = new ArrayList<>();
        goroutines
                .all()
                .forEach((id, goroutine) -> goroutine.calls.forEach(call -> open.add(new Open(
                        goroutine(id),
                        call,
                        goroutine.panickedThrough(call.frame) && why.equals(EXIT) ? PANIC : why))));
        goroutines.clear();
        open.sort(Comparator.comparing(each -> each.call.id));
        open.forEach(each -> noReturn(each.goroutine, each.call, each.why));
    }

    @Override
    public TraceCounts counts(long lostCalls, long lostReturns) {
        return new TraceCounts(calls, returned, noReturns, unpairedReturns, lostCalls, lostReturns);
    }

    private void call(SitePlan plan, Hit hit) {
        // Only sites in the runtime have none, and see neither calls nor returns.
        TracedFunction function = Objects.requireNonNull(plan.function());
        Goroutine goroutine = goroutines.findOrAdd(hit.stack);
        if (plan.site().check().filter(StackCheck::untold).isPresent() && isOpen(goroutine, function, hit)) {
            return;
        }
        unwind(goroutine, hit, hit.frame);
        long id = ++calls;
        int depth = goroutine.calls.size();
        goroutine.calls.push(
                new OpenCall(id, function, hit.frame, hit.thread, position(hit.stack, hit.frame), hit.timestampNs));
        sink.accept(new TraceEvent.Call(
                id, function, hit.goroutine(), hit.thread, depth, hit.timestampNs, plan.siteClass(), hit.values));
    }

    /** Whether the hit is one of a call that is open already and has come back from growing its stack. */
    private boolean isOpen(Goroutine goroutine, TracedFunction function, Hit hit) {
        if (goroutine.panickedThrough(hit.frame)) {
            // A call comes back before anything else happens: this is the next one there.
            return false;
        }
        unwind(goroutine, hit, hit.frame + 1);
        OpenCall call = goroutine.calls.peek();
        return call != null && call.frame == hit.frame && call.function == function;
    }

    private void returned(SitePlan plan, Hit hit) {
        // Only sites in the runtime have none, and see neither calls nor returns.
        TracedFunction function = Objects.requireNonNull(plan.function());
        Goroutine known = goroutines.find(hit.stack);
        Goroutine goroutine = known != null ? known : new Goroutine();
        endCalls(goroutine, hit, hit.frame + 1);
        OpenCall call = goroutine.calls.peek();
        if (call == null || call.frame != hit.frame) {
            call = takeFromStackOfAnotherName(function, hit);
        } else if (call.function == function) {
            goroutine.calls.pop();
        } else {
            endCalls(goroutine, hit, hit.frame);
            call = null;
        }
        endPanics(goroutine, hit);
        int depth = goroutine.calls.size();
        if (depth == 0) {
            goroutines.removeEnded(hit.stack);
        }
        if (call != null) {
            returned++;
            sink.accept(new TraceEvent.Return(
                    call.id,
                    function,
                    hit.goroutine(),
                    hit.thread,
                    depth,
                    hit.timestampNs,
                    hit.timestampNs - call.timestampNs,
                    plan.siteClass(),
                    hit.values));
        } else {
            unpairedReturns++;
            sink.accept(new TraceEvent.UnpairedReturn(
                    function,
                    hit.goroutine(),
                    hit.thread,
                    depth,
                    hit.timestampNs,
                    plan.siteClass(),
                    lost > 0 ? LOST : isLeaving(function) ? TraceEvent.NoReturn.TAKEN_OFF : BEGAN_BEFORE,
                    hit.values));
        }
    }

    /**
     * The call that returns, if the thread has another runtime.g now than when it began: on the way into Go and out of it a thread of C's gets one and
     * gives it back (runtime.needm, dropm, setg, cgocallback), and stays on its stack. Null if there is none.
     */
    private @Nullable OpenCall takeFromStackOfAnotherName(TracedFunction function, Hit hit) {
        long position = position(hit.stack, hit.frame);
        if (position == UNKNOWN_POSITION) {
            return null;
        }
        for (Goroutine other : goroutines.all().values()) {
            OpenCall call = other.calls.peek();
            if (call != null && call.position == position && call.thread == hit.thread && call.function == function) {
                return other.calls.pop();
            }
        }
        return null;
    }

    /** Where in memory a frame is, if that is known: on all stacks but those of goroutines, which move. */
    private static long position(long stack, long frame) {
        if ((stack & RecordFormat.NO_GOROUTINE) == 0) {
            return UNKNOWN_POSITION;
        }
        long top = stack & ~RecordFormat.NO_GOROUTINE;
        return (top <= MOST_THREADS ? 0 : top) - frame;
    }

    private void panics(Hit hit) {
        Goroutine goroutine = goroutines.find(hit.stack);
        if (goroutine != null) {
            // Not a call of the panicking function itself, should that be traced.
            unwind(goroutine, hit, hit.frame + 1);
            goroutine.panics.push(hit.frame);
        }
    }

    /** From here on the goroutine only runs deferred functions: none of its calls returns. */
    private void exits(Hit hit) {
        Goroutine goroutine = goroutines.remove(hit.stack);
        if (goroutine != null) {
            unwind(goroutine, hit, hit.frame + 1);
            goroutine.calls.forEach(call -> noReturn(hit.goroutine(), call, GOEXIT));
        }
    }

    /** The goroutine is seen at a frame: whatever of its calls has a frame as deep as {@code gone} is no longer on its stack. */
    private void unwind(Goroutine goroutine, Hit hit, long gone) {
        endCalls(goroutine, hit, gone);
        endPanics(goroutine, hit);
    }

    private void endCalls(Goroutine goroutine, Hit hit, long gone) {
        while (!goroutine.calls.isEmpty() && goroutine.calls.peek().frame >= gone) {
            OpenCall call = goroutine.calls.pop();
            noReturn(hit.goroutine(), call, whyUnwound(goroutine, call));
        }
    }

    /** Panics that began as deep or deeper were recovered: deferred functions that ran during one are all deeper. */
    private static void endPanics(Goroutine goroutine, Hit hit) {
        while (goroutine.panickedThrough(hit.frame)) {
            goroutine.panics.pop();
        }
    }

    private String whyUnwound(Goroutine goroutine, OpenCall call) {
        if (lost > 0) {
            return LOST;
        }
        return goroutine.panickedThrough(call.frame) ? PANIC : call.function.tailCalls() ? TAIL_CALL : UNWOUND;
    }

    private static long goroutine(long stack) {
        return (stack & RecordFormat.NO_GOROUTINE) == 0 ? stack : 0;
    }

    private void noReturn(long goroutine, OpenCall call, String why) {
        if (returns && !call.function.returnsLeftOut()) {
            noReturns++;
            sink.accept(new TraceEvent.NoReturn(
                    call.id, call.function, goroutine, isLeaving(call.function) ? TraceEvent.NoReturn.TAKEN_OFF : why));
        }
    }
}
