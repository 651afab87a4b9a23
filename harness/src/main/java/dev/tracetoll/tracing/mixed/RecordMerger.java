package dev.tracetoll.tracing.mixed;

import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.linux.process.Uninterrupted;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.record.EventAssembler;
import dev.tracetoll.tracing.record.RecordFormat;
import dev.tracetoll.tracing.record.RecordSink;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Makes of the records of several sessions of one process the records of one, in the order of their times: what is known of a goroutine's calls is
 * known in one place.
 *
 * <p>A record waits until all sessions have handed over what is as old. So those of one goroutine are in their order always: it does one thing after
 * the other, and each session hands over its records in the goroutine's order. Of different goroutines a record can be late by as much as a thread
 * was held up while it wrote it.
 *
 * <p>Tracing begins and ends at one instant for all sessions: what is older than the one or younger than the other is left out.
 */
final class RecordMerger {

    /** Sizes of memory in which records wait: each is so many times the one before. */
    private static final int SIZES_APART = 4;

    private static final int SMALLEST_BYTES = 256;
    private static final int AT_ONCE_BYTES = 1 << 18;
    /** When so much waits, a session that is ahead of others waits, too, so that what it does not read is lost where it is, and counted. */
    private static final long MOST_WAITING_BYTES = 32 << 20;

    private static final Duration LOOK = Duration.ofMillis(10);

    /** A record that waits, or that the process has executed a program. */
    private static final class Waiting {
        private final ByteBuffer record;
        private final int size;
        private IntFunction<String> floats = register -> null;
        private long timeNs;
        private boolean execution;
        private @Nullable Waiting before;
        private @Nullable Waiting after;

        /** @param record of its own, as large as the size says */
        Waiting(int size, ByteBuffer record) {
            this.size = size;
            this.record = record.order(ByteOrder.LITTLE_ENDIAN);
        }

        static int bytes(int size) {
            return SMALLEST_BYTES * power(size);
        }

        private static int power(int size) {
            int power = 1;
            for (int i = 0; i < size; i++) {
                power *= SIZES_APART;
            }
            return power;
        }

        static int sizeFor(int bytes) {
            int size = 0;
            while (bytes(size) < bytes) {
                size++;
            }
            return size;
        }
    }

    private final RecordSink events;
    private final List<Source> sources = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    /** What no record waits in, by size. */
    private final List<List<Waiting>> spare = new ArrayList<>();

    private final Condition progress = lock.newCondition();
    private long waitingBytes;
    private boolean begun;
    private long beganNs = Long.MIN_VALUE;
    private volatile long endsNs = Long.MAX_VALUE;
    private volatile boolean waiting;
    private volatile long completeNs = Long.MIN_VALUE;
    private volatile TraceCounts counts = new TraceCounts(0, 0, 0, 0, 0);
    private @Nullable String why;

    /** @param events makes events of what comes */
    RecordMerger(RecordSink events) {
        this.events = events;
    }

    /** One more that records come from; all are made before any record comes. */
    RecordSink source() {
        Source source = new Source();
        sources.add(source);
        return source;
    }

    /** What is older is none of the trace's; nothing is handed on before that is known. Never waits for whoever takes events. */
    void begin(long fromNs) {
        lock.lock();
        try {
            begun = true;
            beganNs = fromNs;
        } finally {
            lock.unlock();
        }
    }

    /** What is younger is none of the trace's. Never waits; only the first time counts. */
    void end(long nowNs) {
        endsNs = Math.min(endsNs, nowNs);
    }

    /** Whether all has been handed on that happened before a time, or nothing waits. */
    boolean isComplete(long untilNs) {
        return !waiting || completeNs >= untilNs;
    }

    /** What came of all records that were handed on; what was lost is not in it. */
    TraceCounts counts() {
        return counts;
    }

    private void handOn() {
        if (!begun) {
            return;
        }
        long until = Long.MAX_VALUE;
        for (Source source : sources) {
            until = Math.min(until, source.completeNs);
        }
        Source next = earliest();
        while (next != null && next.firstNs() <= until) {
            handOn(next.take());
            next = earliest();
        }
        waiting = next != null;
        completeNs = until;
        counts = events.counts(0, 0);
        progress.signalAll();
    }

    private @Nullable Source earliest() {
        Source earliest = null;
        for (Source source : sources) {
            if (source.first != null && (earliest == null || source.firstNs() < earliest.firstNs())) {
                earliest = source;
            }
        }
        return earliest;
    }

    private void handOn(Waiting next) {
        try {
            if (next.execution) {
                events.executed(next.timeNs);
            } else if (next.timeNs >= beganNs && next.timeNs <= endsNs || isGrowing(next.record)) {
                events.record(next.record, next.floats);
            }
        } finally {
            next.execution = false;
            waitingBytes -= Waiting.bytes(next.size);
            spare.get(next.size).add(next);
        }
    }

    /** What is no event yet, and has the arguments of a call that may be one later. */
    private static boolean isGrowing(ByteBuffer record) {
        return (record.getInt(RecordFormat.FLAGS) & RecordFormat.FLAG_GROWING) != 0;
    }

    private Waiting spare(int bytes) {
        int size = Waiting.sizeFor(bytes);
        while (spare.size() <= size) {
            spare.add(new ArrayList<>());
        }
        List<Waiting> free = spare.get(size);
        if (free.isEmpty()) {
            int each = Waiting.bytes(size);
            ByteBuffer memory = ByteBuffer.allocateDirect(Math.max(each, AT_ONCE_BYTES));
            for (int at = 0; at < memory.capacity(); at += each) {
                free.add(new Waiting(size, memory.slice(at, each)));
            }
        }
        waitingBytes += Waiting.bytes(size);
        return free.remove(free.size() - 1);
    }

    /** Where the records of one session come in. */
    private final class Source implements RecordSink {
        /** The oldest that waits. */
        private @Nullable Waiting first;

        private @Nullable Waiting last;
        private long completeNs = Long.MIN_VALUE;
        private long lost;

        long firstNs() {
            return first == null ? Long.MAX_VALUE : first.timeNs;
        }

        Waiting take() {
            Waiting taken = Objects.requireNonNull(first);
            first = taken.after;
            taken.after = null;
            if (first == null) {
                last = null;
            } else {
                first.before = null;
            }
            return taken;
        }

        /** Where it belongs by its time, which is nearly always last. */
        private void add(Waiting added) {
            Waiting older = last;
            while (older != null && older.timeNs > added.timeNs) {
                older = older.before;
            }
            Waiting younger = older == null ? first : older.after;
            added.before = older;
            added.after = younger;
            if (older == null) {
                first = added;
            } else {
                older.after = added;
            }
            if (younger == null) {
                last = added;
            } else {
                younger.before = added;
            }
        }

        @Override
        public void record(ByteBuffer record, IntFunction<String> floats) {
            lock.lock();
            try {
                int bytes = record.getInt(RecordFormat.LENGTH);
                Waiting added = spare(bytes);
                added.record.put(0, record, 0, bytes);
                added.floats = floats;
                added.timeNs = record.getLong(RecordFormat.TIMESTAMP_NS);
                add(added);
                waiting = true;
                awaitRoom();
            } finally {
                lock.unlock();
            }
        }

        private void awaitRoom() {
            while (waitingBytes > MOST_WAITING_BYTES && endsNs == Long.MAX_VALUE && isAhead()) {
                Uninterrupted.await(() -> progress.await(LOOK.toNanos(), TimeUnit.NANOSECONDS));
            }
        }

        private boolean isAhead() {
            return sources.stream().anyMatch(other -> other.completeNs < completeNs);
        }

        @Override
        public void executed(long timeNs) {
            lock.lock();
            try {
                Waiting added = spare(0);
                added.execution = true;
                added.timeNs = timeNs;
                add(added);
                waiting = true;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void lostSoFar(long lostEvents) {
            lock.lock();
            try {
                lost = lostEvents;
                events.lostSoFar(
                        sources.stream().mapToLong(source -> source.lost).sum());
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void completeUntil(long timeNs) {
            lock.lock();
            try {
                completeNs = Math.max(completeNs, timeNs);
                handOn();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void leaves(List<TracedFunction> functions) {
            events.leaves(functions);
        }

        /** The last to close ends the calls that are open: the first to be detached knows whether the program had ended. */
        @Override
        public void close(String reason) {
            lock.lock();
            try {
                completeNs = Long.MAX_VALUE;
                why = why == null || reason.equals(EventAssembler.DETACHED) ? reason : why;
                begun = true;
                handOn();
                if (sources.stream().allMatch(source -> source.completeNs == Long.MAX_VALUE)) {
                    events.close(why);
                }
                counts = events.counts(0, 0);
            } finally {
                lock.unlock();
            }
        }

        /** Which of them are this session's is not to be told: those of all are the merger's. */
        @Override
        public TraceCounts counts(long lostCalls, long lostReturns) {
            return new TraceCounts(0, 0, 0, lostCalls, lostReturns);
        }
    }
}
