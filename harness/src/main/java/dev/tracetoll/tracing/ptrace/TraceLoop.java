package dev.tracetoll.tracing.ptrace;

import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.linux.kernel.Signal;
import dev.tracetoll.linux.process.TaskStatus;
import dev.tracetoll.linux.ptrace.ProcessMemory;
import dev.tracetoll.linux.ptrace.Ptrace;
import dev.tracetoll.linux.ptrace.Registers;
import dev.tracetoll.linux.ptrace.WaitStatus;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.process.Guard;
import dev.tracetoll.process.LoadedImage;
import dev.tracetoll.process.PatchedCode;
import dev.tracetoll.process.Seizing;
import dev.tracetoll.process.SpareCode;
import dev.tracetoll.process.Tracee;
import dev.tracetoll.process.Tracees;
import dev.tracetoll.process.WaitingLoop;
import dev.tracetoll.tracing.EventSink;
import dev.tracetoll.tracing.FunctionHits;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.TracedProcess;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.plan.TraceRequest;
import dev.tracetoll.tracing.record.EventAssembler;
import dev.tracetoll.tracing.record.RecordWriter;
import dev.tracetoll.tracing.record.Sampler;
import java.nio.ByteBuffer;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What the thread of a session does, from attaching to detaching. Used by that thread alone. */
final class TraceLoop implements PtraceSession.Work {

    private static final Pattern BEFORE_SIGNALS_ARE_HANDLED = Pattern.compile("runtime[./]|internal/|type:|go:|[^.]*$");

    /** Words of {@link dev.tracetoll.tracing.TraceEvent.NoReturn}. */
    private static final String DETACHED = "detached";

    private static final String EXIT = "exit";
    private static final String EXEC = "exec";

    private final TraceRequest request;
    private final int process;
    private final int options;
    private final boolean killOnExit;
    private final Consumer<TraceCounts> published;
    private final EventAssembler assembler;
    private final Ptrace ptrace;
    private final Registers registers = new Registers();
    private final ProcessMemory memory = new ProcessMemory();
    private final StackGrowths growths = new StackGrowths();
    private final List<HitReader> readers;
    private final Tracees tracees;
    private final PatchedCode code;
    private final Optional<Sampler> sampler;
    private final Breakpoints breakpoints;
    private final HitPath passing;
    private final HitPath backToTheSite;
    private HitPath hitPath;
    private final Placement placement;
    private final Guard guard;
    private final TrapAction trapAction;
    private final CurrentHit hit = new CurrentHit();
    /** How often the probes of each function were hit; of none if nobody wants to know. */
    private final Map<TracedFunction, Hits> hits = new IdentityHashMap<>();

    private boolean awaitingExec;
    /** Whether nobody could be made to put the action for SIGTRAP back. The guardian can, as soon as the process has a thread that runs. */
    private boolean actionIsLeft;
    /** Why tracing is over; null while it is not. */
    private @Nullable String over;
    /** The same for people, where the process runs on. */
    private volatile @Nullable String leftBehind;

    /**
     * @param way how threads pass breakpoints
     * @param placement where threads that hit often are placed
     * @param guard watches over the process
     * @param published told the counts whenever they have changed
     */
    TraceLoop(
            TracePlan plan,
            TracedProcess process,
            EventSink sink,
            PtraceTracer.Way way,
            Placement placement,
            Guard guard,
            Consumer<TraceCounts> published) {
        this.request = plan.request();
        this.ptrace = new Ptrace(!process.killOnExit());
        this.backToTheSite = new BackToTheSite(ptrace);
        this.process = process.pid();
        this.awaitingExec = process.awaitingExec();
        this.options = Ptrace.FOLLOW | Ptrace.MARK_SYSTEM_CALLS;
        this.killOnExit = process.killOnExit();
        this.published = published;
        this.placement = placement;
        this.guard = guard;
        placement.notedIn(guard.table());
        this.assembler = new EventAssembler(plan, sink);
        this.sampler = request.sampling().map(some -> new Sampler(some, request.returns()));
        RecordWriter writer = new RecordWriter(plan);
        this.readers = IntStream.range(0, plan.sites().size())
                .mapToObj(i ->
                        new HitReader(plan.sites().get(i), plan.types(), i, request.runtime(), writer, memory, growths))
                .toList();
        this.tracees = new Tracees(ptrace, process.pid(), process.reaped(), guard.table());
        tracees.watchedBy(placement);
        this.code = new PatchedCode(ptrace, memory, guard.table());
        this.breakpoints = new Breakpoints(memory, code);
        this.trapAction = new TrapAction(ptrace, tracees, code, guard.table(), memory);
        tracees.watchedBy(trapAction);
        HitPath classic = new StopAllAndStep(ptrace, tracees, breakpoints);
        if (way == PtraceTracer.Way.CLASSIC) {
            this.passing = classic;
        } else {
            PassAlone alone = new PassAlone(
                    ptrace,
                    tracees,
                    memory,
                    registers,
                    new OutOfLine(memory, code, guard.table()),
                    classic,
                    way == PtraceTracer.Way.STEP,
                    !killOnExit);
            tracees.watchedBy(alone);
            this.passing = alone;
        }
        this.hitPath = passing;
        if (request.guarded()) {
            request.functions().forEach(function -> hits.put(function, new Hits()));
        }
    }

    /** Of a function; counted by the one thread, and read by any. */
    private static final class Hits {
        private final AtomicLong entries = new AtomicLong();
        private final AtomicLong exits = new AtomicLong();
        private final AtomicLong apart = new AtomicLong();

        void count(SitePlan site, boolean beside) {
            add(site.isReturn() ? exits : entries, 1);
            add(apart, beside ? 0 : 1);
        }

        private static void add(AtomicLong counter, long more) {
            counter.lazySet(counter.get() + more);
        }

        FunctionHits soFar() {
            return new FunctionHits(entries.get(), exits.get(), apart.get());
        }
    }

    @Override
    public List<FunctionHits> hits() {
        return request.functions().stream().map(hits::get).map(Hits::soFar).toList();
    }

    /** A breakpoint that nobody hits costs nothing, and may wait until a thread that has hit it is stopped. */
    @Override
    public void takeOff(List<TracedFunction> functions) {
        assembler.leaves(functions);
    }

    private boolean isOff(HitReader reader) {
        SitePlan site = reader.plan();
        return site.function() != null && assembler.isLeaving(site.function());
    }

    @Override
    public long steps() {
        return tracees.steps();
    }

    /** Seizes the process; one that is running already is probed on return. */
    @Override
    public void attach() {
        // A program that has not been started yet needs nothing but an end.
        Seizing seizing =
                new Seizing(ptrace, tracees, process, options | (killOnExit || awaitingExec ? Ptrace.EXIT_KILL : 0));
        if (awaitingExec) {
            seizing.seizeLeader();
            guard.start();
            return;
        }
        LoadedImage.check(process, request.binary());
        guard.start();
        seizing.seizeAll();
        LoadedImage.check(process, request.binary());
        if (!tracees.inMemory(this::plant)) {
            throw new OperationFailed("process " + process + " ended while it was being attached to");
        }
    }

    private boolean plant(Tracee tracee) {
        long bias = LoadedImage.bias(process, request.binary());
        SpareCode spare = LoadedImage.spareCode(request.binary(), bias);
        if (guard.watches()) {
            spare = protect(tracee, spare);
        }
        // Should the tracer be killed after the program has set its own action for SIGTRAP and before ours has taken
        // its place, whoever hits a
        // breakpoint would die of it.
        breakpoints.plant(
                tracee,
                readers.stream().filter(reader -> !isOff(reader)).toList(),
                bias,
                site -> trapAction.isWatching() && !runsBeforeSignalsAreHandled(site));
        passing.prepare(tracee, breakpoints.all(), spare);
        return true;
    }

    /**
     * Whether Go may call a function before its runtime has set its signal handlers, {@code initsig} in {@code mstart1}: of all packages' initialisation
     * and everything after it, none is, as {@code schedule} follows. What is written in assembly or generated may have no package.
     */
    private static boolean runsBeforeSignalsAreHandled(SitePlan site) {
        return site.function() != null
                && BEFORE_SIGNALS_ARE_HANDLED.matcher(site.name()).lookingAt();
    }

    /** Sees to it that threads can be saved which hit a breakpoint without a tracer; returns what is left of the spare code. */
    private SpareCode protect(Tracee tracee, SpareCode spare) {
        guard.table().clearCode();
        if (spare.size() < WaitingLoop.BYTES + OutOfLine.STEPPING_BYTES) {
            guard.unprotected("its code leaves no room for threads to wait in");
            return spare;
        }
        WaitingLoop waiting = new WaitingLoop(spare.start());
        SpareCode rest = spare.after(WaitingLoop.BYTES);
        guard.table().places(spare, waiting, new SpareCode(rest.start(), OutOfLine.STEPPING_BYTES));
        if (!trapAction.replace(tracee, waiting)) {
            guard.unprotected("it cannot be made to do the system call rt_sigaction");
        }
        return rest;
    }

    /** Takes away all that was put into the memory of a stopped thread; false if the thread is dying. */
    private boolean withdraw(Tracee tracee) {
        if (!code.disarm(tracee)) {
            return false;
        }
        if (trapAction.isReplaced() && !trapAction.isWithinReach(tracee)) {
            actionIsLeft = true;
            return true;
        }
        if (!trapAction.putBack(tracee)) {
            return false;
        }
        if (tracees.isOfProcess(tracee)) {
            guard.table().actionPutBack();
        }
        return code.putBack(tracee);
    }

    /** Traces until the process ends, executes another program, or the session is being closed. */
    @Override
    public void run(BooleanSupplier closing) {
        while (true) {
            handleArrivals();
            if (over == null && closing.getAsBoolean()) {
                over = DETACHED;
            }
            if (over != null) {
                return;
            }
            tracees.resumeAll(this::isWatched);
            if (!tracees.await()) {
                over = EXIT;
            } else if (tracees.isIdle()) {
                placement.sweep(System.nanoTime());
            }
        }
    }

    /** Handles what is under way, removes the breakpoints and detaches. */
    @Override
    public void release() {
        placement.end();
        tracees.wakeListening();
        tracees.stopAll();
        handleArrivals();
        while (anyHitUnderWay()) {
            handleArrivals();
        }
        tracees.all().stream().filter(tracees::isStopped).forEach(passing::beforeRelease);
        // From here on a SIGTRAP, should this JVM be killed, would get to the program's own handler.
        tracees.all().forEach(tracees::settle);
        while (!tracees.inMemory(this::withdraw) && tracees.all().stream().anyMatch(this::canGoOn) && tracees.await()) {
            handleArrivals();
        }
        boolean alive = tracees.detachAll(this::handleArrivals);
        if (actionIsLeft) {
            guard.repair();
        } else {
            guard.close();
        }
        assembler.close(over == null || over.equals(DETACHED) && !alive ? EXIT : over);
        publish();
    }

    /** Detaches as well as possible; what goes wrong meanwhile is added to the failure. */
    @Override
    public void releaseAfterFailure(Throwable failure) {
        hitPath = backToTheSite;
        over = DETACHED;
        try {
            if (hit.tracee != null && hit.breakpoint != null && tracees.isStopped(hit.tracee)) {
                hitPath.pass(hit.tracee, hit.breakpoint, hit);
            }
            release();
        } catch (Throwable e) {
            guard.repair();
            if (e != failure) {
                failure.addSuppressed(e);
            }
        }
    }

    private boolean canGoOn(Tracee tracee) {
        return !tracee.hasOwnMemory() && !tracee.isEnding();
    }

    private void handleArrivals() {
        tracees.adoptOrphans();
        for (Tracee tracee = tracees.nextArrival(); tracee != null; tracee = tracees.nextArrival()) {
            handle(tracee);
        }
    }

    /** Whether the thread's system calls are of interest. */
    private boolean isWatched(Tracee tracee) {
        return trapAction.isWatching() && tracees.isOfProcess(tracee);
    }

    private void handle(Tracee tracee) {
        if (WaitStatus.isSystemCall(tracee.status())) {
            trapAction.systemCall(tracee);
            if (!trapAction.isWatching()) {
                breakpoints.plantRest(tracee);
            }
            return;
        }
        int signal = WaitStatus.signal(tracee.status());
        switch (WaitStatus.event(tracee.status())) {
            case 0 -> signalled(tracee, signal);
            case WaitStatus.EVENT_STOP -> {
                tracee.groupStopped(signal != Signal.SIGTRAP);
                if (tracee.hasOwnMemory()) {
                    withdraw(tracee);
                    tracees.detach(tracee);
                }
            }
            case WaitStatus.EVENT_VFORK -> tracee.entersVfork();
            case WaitStatus.EVENT_EXEC -> executed(tracee);
            default -> {
                // Births were seen to when they were reported; the end of a vfork needs nothing.
            }
        }
    }

    private void signalled(Tracee tracee, int signal) {
        tracee.signal(signal);
        Breakpoint breakpoint = signal == Signal.SIGTRAP ? hit(tracee) : null;
        if (breakpoint == null) {
            hitPath.beforeSignal(tracee);
            if (tracee.signal() == Signal.SIGTRAP && tracees.isStopped(tracee)) {
                trapAction.deliver(tracee);
            }
            return;
        }
        tracee.signal(0);
        long nowNs = System.nanoTime();
        hit.begin(tracee, breakpoint, nowNs);
        if (breakpoint.readers.stream().allMatch(this::isOff)) {
            breakpoints.takeAway(tracee, breakpoint);
            backToTheSite.pass(tracee, breakpoint, hit);
            return;
        }
        hit.beside = placement.hit(tracee, nowNs);
        try {
            hitPath.pass(tracee, breakpoint, hit);
        } finally {
            memory.forget();
        }
    }

    /** The breakpoint that a thread stopped for a SIGTRAP has executed; null if the signal is for the program. */
    private @Nullable Breakpoint hit(Tracee tracee) {
        Breakpoint before =
                ptrace.read(tracee.thread(), registers) ? breakpoints.before(registers.instructionPointer()) : null;
        return before != null
                        && (before.isWithinInstruction() || ptrace.signalCode(tracee.thread()) == Signal.SI_KERNEL)
                ? before
                : null;
    }

    /** The hit that is being seen to: there is one at a time. If seeing to it has failed, the thread is still to be set back. */
    private final class CurrentHit implements HitPath.Hit {
        private @Nullable Tracee tracee;
        private @Nullable Breakpoint breakpoint;
        private long nowNs;
        private boolean beside;

        void begin(Tracee hitting, Breakpoint at, long timestampNs) {
            tracee = hitting;
            breakpoint = at;
            nowNs = timestampNs;
        }

        @Override
        public boolean capture() {
            Tracee hitting = Objects.requireNonNull(tracee);
            Breakpoint at = Objects.requireNonNull(breakpoint);
            for (HitReader reader : at.readers) {
                if (isOff(reader)) {
                    continue;
                }
                ByteBuffer record = reader.read(
                        ptrace,
                        hitting,
                        registers,
                        at.address - reader.plan().site().address(),
                        nowNs);
                if (record == null) {
                    return false;
                }
                SitePlan site = reader.plan();
                Hits counted = site.function() == null ? null : hits.get(site.function());
                if (counted != null) {
                    counted.count(site, beside);
                }
                if (sampler.filter(some -> !some.takes(site, record)).isEmpty()) {
                    assembler.record(record, register -> null);
                }
            }
            publish();
            return true;
        }

        @Override
        public void passed() {
            tracee = null;
        }
    }

    private void publish() {
        TraceCounts counts = assembler.counts(0, 0);
        published.accept(sampler.map(some -> some.in(counts)).orElse(counts));
    }

    private void executed(Tracee tracee) {
        if (!tracees.isOfProcess(tracee)) {
            tracees.detach(tracee);
        } else if (awaitingExec) {
            awaitingExec = false;
            if (!killOnExit && guard.watches()) {
                ptrace.options(tracee.thread(), options);
            }
            LoadedImage.check(process, request.binary());
            tracee.isOurs();
            plant(tracee);
        } else {
            sampler.ifPresent(Sampler::executed);
            assembler.executed(System.nanoTime());
            publish();
            // All that was put into its memory is gone with it.
            guard.table().clearCode();
            trapAction.forget();
            code.forget();
            breakpoints.forget();
            growths.clear();
            if (over != null) {
                // It is being released.
                return;
            }
            if (LoadedImage.isRunning(process, request.binary())) {
                tracee.isOurs();
                plant(tracee);
            } else {
                over = EXEC;
                leftBehind = "process " + process + " now runs " + LoadedImage.name(process)
                        + ", none of whose functions are probed";
            }
        }
    }

    @Override
    public Optional<String> leftBehind() {
        return Optional.ofNullable(leftBehind);
    }

    /**
     * Whether a stopped thread has executed a breakpoint and was stopped before the kernel could report it; its report then arrives.
     */
    private boolean anyHitUnderWay() {
        boolean any = false;
        for (Tracee tracee : tracees.all()) {
            if (tracees.isStopped(tracee)
                    && WaitStatus.event(tracee.status()) == WaitStatus.EVENT_STOP
                    && ptrace.read(tracee.thread(), registers)
                    && breakpoints.before(registers.instructionPointer()) != null
                    && TaskStatus.of(tracee.thread())
                            .filter(task -> task.isPending(Signal.SIGTRAP))
                            .isPresent()) {
                tracees.letReport(tracee);
                any = true;
            }
        }
        return any;
    }
}
