package dev.tracetoll.tracing.syscall;

import dev.tracetoll.tracing.TraceCounts;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes events of what a technique sees: numbers the entries and matches exits with them. Not thread-safe. */
public final class SyscallAssembler {

    /** As the events of functions have it. */
    private static final String LOST = "unknown, events were lost";

    private static final String EXIT = "exit";

    private record OpenCall(SyscallEvent.Entry entry, long lost) {}

    private final SyscallSink sink;
    private final Map<Integer, OpenCall> open = new HashMap<>();
    private long entries;
    private long exits;
    private long noExits;

    public SyscallAssembler(SyscallSink sink) {
        this.sink = sink;
    }

    /**
     * Takes an entry; those and the exits of one thread come in their order.
     *
     * @param lost how many events had been lost before
     * @param head see {@link SyscallEvent.Entry}
     */
    public void entry(int thread, long timestampNs, long lost, int descriptor, long length, byte @Nullable [] head) {
        SyscallEvent.Entry entry = new SyscallEvent.Entry(++entries, thread, timestampNs, descriptor, length, head);
        OpenCall before = open.put(thread, new OpenCall(entry, lost));
        if (before != null) {
            // If nothing was lost, that thread has ended in its call, and another one has its id now.
            noExit(before.entry, before.lost == lost ? EXIT : LOST);
        }
        sink.accept(entry);
    }

    /**
     * Takes an exit. It belongs to the thread's open call unless events have been lost since: then that call's exit may be one of them. If
     * there is no open call and nothing was ever lost, the call began before tracing did, and is not reported.
     */
    public void exit(int thread, long timestampNs, long lost, long result) {
        OpenCall call = open.remove(thread);
        if (call == null && lost == 0) {
            return;
        }
        exits++;
        if (call != null && call.lost == lost) {
            sink.accept(new SyscallEvent.Exit(
                    call.entry.id(), thread, timestampNs, timestampNs - call.entry.timestampNs(), result));
            return;
        }
        if (call != null) {
            noExit(call.entry, LOST);
        }
        sink.accept(new SyscallEvent.Exit(0, thread, timestampNs, -1, result));
    }

    /** Reports every call still open as one whose end will not be seen. */
    public void close(String why) {
        List<OpenCall> left = open.values().stream()
                .sorted(Comparator.comparing(call -> call.entry.id()))
                .toList();
        open.clear();
        left.forEach(call -> noExit(call.entry, why));
    }

    /** What was delivered so far; {@code lostEntries} and {@code lostExits} are the technique's to say. */
    public TraceCounts counts(long lostEntries, long lostExits) {
        return new TraceCounts(entries, exits, noExits, lostEntries, lostExits);
    }

    private void noExit(SyscallEvent.Entry entry, String why) {
        noExits++;
        sink.accept(new SyscallEvent.NoExit(entry.id(), entry.thread(), why));
    }
}
