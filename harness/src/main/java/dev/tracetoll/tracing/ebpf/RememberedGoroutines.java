package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.golang.GoroutineChanges;
import dev.tracetoll.linux.bpf.BpfObject;
import dev.tracetoll.linux.bpf.Uprobes;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Goroutines that compiled programs remember from hit to hit, so that they need not read them from the process: probes on the runtime tell when
 * what is remembered no longer holds. Those are hit whether or not what is traced is called, so they must earn their keep.
 */
final class RememberedGoroutines implements AutoCloseable {

    private static final String PROGRAM = "on_change";
    /**
     * A change costs a probe hit, of which a call saves about an eighth: 75 to 115 of 740 ns on an AMD EPYC (Zen 5) with Linux 6.18, by the rungs
     * {@code ebpf-empty}, {@code ebpf-arguments} and {@code ebpf-forgetful} of {@code bench --ladder}.
     */
    private static final int EVENTS_A_CHANGE = 8;
    /** A program that begins has changes enough before it calls anything. */
    private static final long CHANGES_BEFORE_JUDGING = 1_000;

    private final Uprobes uprobes = new Uprobes(Uprobes.Mode.MULTI);
    private final ByteBuffer counters;
    private boolean remembering;

    /** Tells an object, before it is loaded, whether goroutines may be remembered. */
    static void prepare(BpfObject object, boolean wanted) {
        if (wanted) {
            object.forUprobeMulti(PROGRAM);
        } else {
            object.leaveOut(PROGRAM);
        }
    }

    /** @param counters those of the object, to be written */
    RememberedGoroutines(ByteBuffer counters) {
        this.counters = counters;
    }

    /**
     * From now on goroutines are remembered. To be closed also if this fails.
     *
     * @param object loaded; the programs that remember are attached later
     */
    synchronized void begin(BpfObject object, GoroutineChanges changes, int pid, Path file) {
        uprobes.attach(object, PROGRAM, pid, file, new Uprobes.UprobeSite[] {
            new Uprobes.UprobeSite(changes.move().fileOffset(), 0),
            new Uprobes.UprobeSite(changes.end().fileOffset(), 0)
        });
        // Last: what changes before is not seen.
        remember(true);
    }

    /** Attaches again what tells of changes; see {@link Uprobes#renew}. */
    synchronized void renew(Path file) {
        if (remembering) {
            uprobes.renew(file);
        }
    }

    private void remember(boolean whether) {
        counters.putLong(Contract.COUNTERS_REMEMBERING, whether ? 1 : 0);
        VarHandle.fullFence();
        remembering = whether;
    }

    /**
     * Ends it for good if goroutines change so often that remembering them costs more than it saves.
     *
     * @param events how many there were so far
     */
    synchronized void reconsider(long events) {
        if (remembering && !pays(counters.getLong(Contract.COUNTERS_CHANGES), events)) {
            close();
        }
    }

    /** Whether remembering goroutines saves more than the probes cost, or it is too early to say. */
    static boolean pays(long changes, long events) {
        return changes <= CHANGES_BEFORE_JUDGING || changes <= events / EVENTS_A_CHANGE;
    }

    @Override
    public synchronized void close() {
        // First: who is remembered from now on could change unseen. A hit that has looked already runs on the
        // goroutine, which does not change
        // as long as it does.
        remember(false);
        uprobes.close();
    }
}
