package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.golang.ProbeSite;
import dev.tracetoll.golang.SiteKind;
import dev.tracetoll.golang.StackCheck;
import dev.tracetoll.golang.TracedFunction;
import dev.tracetoll.linux.bpf.BpfImage;
import dev.tracetoll.linux.bpf.BpfObject;
import dev.tracetoll.linux.bpf.BpfProgram;
import dev.tracetoll.linux.bpf.Uprobes;
import dev.tracetoll.linux.elf.ElfFile;
import dev.tracetoll.linux.file.ProgramFile;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.process.AtExit;
import dev.tracetoll.tracing.TraceCounts;
import dev.tracetoll.tracing.TracedProcess;
import dev.tracetoll.tracing.plan.Sampling;
import dev.tracetoll.tracing.plan.SitePlan;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.tracing.record.CompactRecord;
import dev.tracetoll.tracing.record.RecordFormat;
import dev.tracetoll.tracing.record.Shape;
import dev.tracetoll.tracing.ring.RecordRing;
import dev.tracetoll.tracing.totals.DurationTallies;
import dev.tracetoll.tracing.totals.HitTallies;
import dev.tracetoll.tracing.totals.Tallies;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The BPF programs, loaded for one plan and attached to its sites; closing detaches and unloads them.
 *
 * <p>Probes come and go one after the other, which takes a second where there are many. So hits count from one instant, when all are attached, to
 * another, when none is detached yet.
 */
final class Probes implements AutoCloseable {

    private static final String SIGNAL_PROGRAM = "on_signal";
    private static final int SIGURG = 23;
    /** Each shape is a program to be verified and a link that takes its time to attach and detach. */
    private static final int MOST_SHAPES = 32;

    /** Calls that can be open at a time while durations are measured, all functions together; a note takes about a hundred bytes. */
    private static final int MOST_NOTES = 1 << 17;

    private static final int BELL_BYTES = 4096;
    /** As large as Delve's. */
    private static final int BELL_OF_VALUES_BYTES = 16 << 20;

    private static final int NOT_PROBED = -1;
    private static final Set<Collect> COMPILED = EnumSet.of(Collect.EVENTS, Collect.READINGS);

    /** Calls that were chosen one by one and are open at a time; a note takes about sixty bytes. */
    private static final int MOST_CHOSEN = 1 << 17;

    private final ProbedPlan probed;
    private final TracePlan plan;
    private final TracedProcess process;
    private final EbpfOptions options;
    private final BpfObject object;
    private final ProbeSets uprobes;
    private final Map<Shape, List<Integer>> shapes;
    private final Deque<BpfProgram> programs = new ArrayDeque<>();
    private final ByteBuffer counters;
    private final RecordRing ring;
    private final LeftOut leftOut;
    private final RememberedGoroutines goroutines;
    private final Executions executions;
    private final Descriptions descriptions;
    private final Optional<Jumps> jumps;
    /** On the nops that jumps lead to. */
    private final ProbeSets nopProbes;
    /** What attaches them, when the nops are there. */
    private final List<Runnable> onNops = new ArrayList<>();

    private @Nullable Tallies tallies;
    private @Nullable AtExit atExit;

    /**
     * Loads the programs; nothing is attached yet, and what fails leaves nothing behind.
     */
    Probes(ProbedPlan probed, TracedProcess process, EbpfOptions options) {
        this.probed = probed;
        plan = probed.plan();
        this.process = process;
        this.options = options;
        jumps = probed.jumps();
        nopProbes = new ProbeSets(plan, options.mode());
        object = new BpfObject("tracetoll", BpfImage.TRACETOLL.content());
        uprobes = new ProbeSets(plan, options.mode());
        shapes = COMPILED.contains(options.collect()) && options.compiled() && options.mode() == Uprobes.Mode.MULTI
                ? frequentShapes()
                : Map.of();
        try {
            descriptions = new Descriptions(plan);
            configure();
            descriptions.size(object);
            boolean interpreted = options.collect() == Collect.EVENTS;
            if (!interpreted) {
                // Verifying it is most of what loading takes.
                object.leaveOut(Collect.EVENTS.program());
                object.leaveOut(SIGNAL_PROGRAM);
            }
            if (options.collect() != Collect.ARRIVALS) {
                object.leaveOut(Collect.ARRIVALS.program());
                object.valueBytes("arrivals", Long.BYTES);
            }
            RememberedGoroutines.prepare(object, remembers());
            CurrentTasks.prepare(object, !shapes.isEmpty());
            object.load();
            counters = object.mapped("counters", Contract.COUNTERS_BYTES, true);
            ring = new RecordRing(
                    object.mapped("ring", RecordRing.elementBytes(options.ringBytes()), true), options.ringBytes());
            leftOut = new LeftOut(object);
            goroutines = new RememberedGoroutines(counters);
            executions = new Executions(object, process);
            descriptions.fill(object);
            if (options.collect() == Collect.DURATIONS) {
                descriptions.fillErrors(object);
            }
            if (interpreted) {
                object.update("interpreter", 0, Collect.EVENTS.program());
            }
        } catch (RuntimeException | Error e) {
            object.close();
            throw e;
        }
    }

    /** Only compiled programs remember, and only where every change of a goroutine is seen: where no jump of another tracer's can be. */
    private boolean remembers() {
        return options.remembers()
                && probed.part().isEmpty()
                && !shapes.isEmpty()
                && plan.request().runtime().changes().isPresent();
    }

    private void configure() {
        ByteBuffer config = object.data(".rodata");
        config.putInt(Contract.CONFIG_GOID_OFFSET, plan.request().runtime().goidOffset());
        config.putInt(Contract.CONFIG_STACK_HI_OFFSET, plan.request().runtime().stackHiOffset());
        config.putInt(Contract.CONFIG_MAX_BYTES, plan.request().maxBytes());
        config.putInt(Contract.CONFIG_DEPTH, plan.request().depth());
        config.putInt(Contract.CONFIG_FLOAT_SIGNAL, SIGURG);
        plan.request().runtime().signals().ifPresent(signals -> {
            for (int i = 0; i < signals.installed().size(); i++) {
                config.putLong(
                        Contract.CONFIG_HANDLER + i * Long.BYTES,
                        signals.installed().get(i));
            }
            config.putLong(Contract.CONFIG_LISTENED, signals.listened());
        });
        config.putInt(
                Contract.CONFIG_THREAD_G_OFFSET,
                plan.request().runtime().threadGOffset().orElse(0));
        plan.request().sampling().ifPresent(sampling -> {
            boolean calls = sampling.by() == Sampling.By.CALL;
            boolean noted = calls && plan.request().returns();
            config.putLong(Contract.CONFIG_SAMPLE_LIMIT, sampling.limit());
            config.putLong(Contract.CONFIG_SAMPLE_SEED, sampling.seed());
            config.putInt(Contract.CONFIG_SAMPLE_CALLS, calls ? 1 : 0);
            config.putInt(Contract.CONFIG_SAMPLE_RETURNS, noted ? 1 : 0);
            object.maxEntries("chosen", noted && options.collect() == Collect.EVENTS ? MOST_CHOSEN : 1);
        });
        config.putInt(Contract.CONFIG_WAKEUP_RECORDS, options.draining().records());
        config.putInt(Contract.CONFIG_WAKEUP_BYTES, options.draining().bytes());
        config.putInt(Contract.CONFIG_COUNT_HITS, plan.request().guarded() ? 1 : 0);
        config.putInt(Contract.CONFIG_VALUE_RECORDS, options.valueRecords() ? 1 : 0);
        object.maxEntries("bell", bellBytes());
        config.putInt(Contract.CONFIG_SITES, HitTallies.sitesOfACopy(plan));
        config.putInt(Contract.CONFIG_RING_BYTES, options.ringBytes());
        object.valueBytes("ring", RecordRing.elementBytes(options.ringBytes()));
        object.maxEntries("hits", HitTallies.sitesOfACopy(plan) * object.possibleCpus());
        if (options.collect() == Collect.DURATIONS) {
            config.putInt(Contract.CONFIG_FUNCTIONS, plan.request().functions().size());
            config.putInt(Contract.CONFIG_COPIES, copiesOfTotals());
            object.maxEntries(
                    "totals", copiesOfTotals() * plan.request().functions().size());
            object.maxEntries("error_results", plan.request().functions().size());
            object.maxEntries("notes", MOST_NOTES);
        }
        if (options.mode() == Uprobes.Mode.MULTI) {
            Stream.of(Collect.values()).map(Collect::program).distinct().forEach(object::forUprobeMulti);
            object.forUprobeMulti(SIGNAL_PROGRAM);
        }
    }

    private int copiesOfTotals() {
        return DurationTallies.copies(
                Contract.TOTALS, plan.request().functions().size(), object.possibleCpus());
    }

    /** What the programs count, once they are loaded: durations or hits. */
    Tallies tallies() {
        if (tallies == null) {
            tallies = mappedTallies();
        }
        return tallies;
    }

    private Tallies mappedTallies() {
        if (options.collect() != Collect.DURATIONS) {
            int copies = object.possibleCpus();
            return new HitTallies(
                    plan, object.mapped("hits", copies * HitTallies.sitesOfACopy(plan) * Long.BYTES, false), copies);
        }
        int copies = copiesOfTotals();
        return new DurationTallies(
                plan,
                Contract.TOTALS,
                object.mapped("totals", copies * plan.request().functions().size() * Contract.TOTALS.bytes(), false),
                copies,
                each -> object.forEachValue("notes", note -> each.accept(note.getInt(Contract.NOTE_FUNCTION))));
    }

    /** Size of the ring buffer that wakes the consumer, which has the values where they are records of their own. */
    int bellBytes() {
        return options.valueRecords() ? BELL_OF_VALUES_BYTES : BELL_BYTES;
    }

    /** The shapes that have programs of their own, with the numbers of their sites. */
    Map<Shape, List<Integer>> shapes() {
        return shapes;
    }

    /** What a record takes of the ring at most; those of the runtime's own sites, and of calls that grow their stacks, are few. */
    int mostRecordBytes() {
        long compiled = shapes.values().stream().mapToInt(List::size).sum();
        return compiled
                        < IntStream.range(0, plan.sites().size())
                                .filter(site -> probed.isProbed(site)
                                        && plan.sites().get(site).function() != null)
                                .count()
                ? RecordFormat.MAX_BYTES
                : RecordRing.LENGTH_BYTES
                        + shapes.keySet().stream()
                                .mapToInt(CompactRecord::mostBytes)
                                .max()
                                .orElse(0);
    }

    /** What the programs write their records into. */
    RecordRing ring() {
        return ring;
    }

    /** What the programs keep count of; to be read. */
    ByteBuffer counters() {
        return counters;
    }

    /** What was not chosen, where calls are sampled and each has an event. */
    LeftOut leftOut() {
        return leftOut;
    }

    /** What the programs remember of goroutines. */
    RememberedGoroutines goroutines() {
        return goroutines;
    }

    /** The object that the programs belong to. */
    BpfObject object() {
        return object;
    }

    /**
     * Attaches the program of what is to be collected to every site of the plan; then hits begin to count. Where jumps are to be put into a program
     * that has not been executed yet, that is when it is.
     */
    void attach() {
        attachAll();
        if (jumps.isPresent()) {
            atExit = new AtExit("detach " + process.pid(), this::detach);
            jumps.get().begin(this::attachToNops);
        } else {
            ring.open();
        }
    }

    private void attachToNops() {
        onNops.forEach(Runnable::run);
        descriptions.fillSites(object, jumps.orElseThrow()::moved);
        ring.open();
    }

    private boolean isJumpAt(int site) {
        return jumps.isPresent() && jumps.get().areAt(site);
    }

    private void attachAll() {
        Path file = plan.request().binary();
        executions.begin(file, probed.isPatched());
        List<SitePlan> sites = plan.sites();
        if (options.collect() == Collect.EVENTS
                && IntStream.range(0, sites.size())
                        .anyMatch(i -> probed.isProbed(i) && sites.get(i).floatRegisters() > 0)) {
            ProbeSite handler = plan.request()
                    .runtime()
                    .signals()
                    .orElseThrow(
                            () -> new BadInput(
                                    "How " + ProgramFile.name(file)
                                            + " handles signals cannot be seen (runtime.sigtrampgo), so floating-point arguments are out of reach; use --backend ptrace"))
                    .handler();
            // First: a site must not ask for a signal that nobody reads.
            uprobes.common().attach(object, SIGNAL_PROGRAM, process.pid(), file, new Uprobes.UprobeSite[] {
                new Uprobes.UprobeSite(handler.fileOffset(), 0)
            });
        }
        if (remembers()) {
            goroutines.begin(object, plan.request().runtime().changes().orElseThrow(), process.pid(), file);
        }
        Optional<CurrentTasks> tasks = shapes.isEmpty() ? Optional.empty() : CurrentTasks.of(object);
        ShapeCompiler compiler = new ShapeCompiler(object::mapFd, plan, options, remembers(), tasks);
        boolean shared = shapes.values().stream().anyMatch(numbers -> numbers.size() > 1);
        ShapeCompiler.Identity several =
                shared && (jumps.isPresent() || plan.request().guarded() || positionIndependent(file))
                        ? new ShapeCompiler.Identity.Cookie()
                        : new ShapeCompiler.Identity.Address();
        shapes.forEach((shape, numbers) -> attach(
                compiler.compile(
                        shape,
                        numbers.size() == 1 ? new ShapeCompiler.Identity.Only(numbers.get(0)) : several,
                        values(numbers.get(0))),
                file,
                numbers));
        Set<Integer> done = shapes.values().stream().flatMap(List::stream).collect(Collectors.toSet());
        int[] numbers = numbers();
        // Backwards: of several probes on one instruction the kernel runs the one attached last first, and a function
        // that is nothing but its
        // return is to be seen called before it returns.
        List<Integer> others = IntStream.range(0, sites.size())
                .map(i -> sites.size() - 1 - i)
                .filter(i -> probed.isProbed(i) && !done.contains(i) && numbers[i] != NOT_PROBED)
                .boxed()
                .toList();
        attach(
                others,
                file,
                i -> Integer.toUnsignedLong(numbers[i])
                        | (long) highHalf(sites.get(i).site()) << Integer.SIZE,
                (by, path, at) -> by.attach(object, options.collect().program(), process.pid(), path, at));
    }

    /** What attaches one program to sites of a file. */
    private interface Attachment {
        void attach(Uprobes by, Path file, Uprobes.UprobeSite[] sites);
    }

    /** Attaches a program to sites, of which those that jumps lead away from are to follow. */
    private void attach(List<Integer> numbers, Path file, IntToLongFunction cookie, Attachment attachment) {
        List<SitePlan> sites = plan.sites();
        uprobes.attach(
                numbers.stream().filter(i -> !isJumpAt(i)),
                (by, own) -> attachment.attach(
                        by, file, sites(own, i -> sites.get(i).site().fileOffset(), cookie)));
        onNops.add(() -> nopProbes.attach(
                numbers.stream().filter(this::isJumpAt),
                (by, own) -> attachment.attach(
                        by,
                        jumps.orElseThrow().file(),
                        sites(own, i -> jumps.orElseThrow().offset(i), cookie))));
    }

    private static Uprobes.UprobeSite[] sites(
            List<Integer> numbers, IntToLongFunction offset, IntToLongFunction cookie) {
        return numbers.stream()
                .map(i -> new Uprobes.UprobeSite(offset.applyAsLong(i), cookie.applyAsLong(i)))
                .toArray(Uprobes.UprobeSite[]::new);
    }

    private int values(int site) {
        return Descriptions.values(plan.sites().get(site));
    }

    private static boolean positionIndependent(Path program) {
        try (ElfFile file = ElfFile.open(program)) {
            return file.positionIndependent();
        }
    }

    private void attach(byte[] code, Path file, List<Integer> numbers) {
        BpfProgram program = BpfProgram.load("on_shape", code);
        programs.push(program);
        attach(numbers, file, i -> i, (by, path, at) -> by.attach(program, process.pid(), path, at));
    }

    /** The shapes of most sites, with the numbers of their sites; of several sites on one instruction none is among them. */
    private Map<Shape, List<Integer>> frequentShapes() {
        List<SitePlan> sites = plan.sites();
        Map<Long, Long> atAddress =
                sites.stream().collect(Collectors.groupingBy(site -> site.site().address(), Collectors.counting()));
        Map<Shape, List<Integer>> shapes = new HashMap<>();
        for (int i = 0; i < sites.size(); i++) {
            if (probed.isProbed(i) && atAddress.getOrDefault(sites.get(i).site().address(), 0L) == 1) {
                int number = i;
                Shape.of(sites.get(i), plan)
                        .ifPresent(shape -> shapes.computeIfAbsent(shape, any -> new ArrayList<>())
                                .add(number));
            }
        }
        if (options.valueRecords()) {
            // A program writes the records of as many values at each of its sites.
            shapes.values().forEach(numbers -> {
                int same = values(numbers.get(0));
                numbers.removeIf(number -> values(number) != same);
            });
        }
        return shapes.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<Shape, List<Integer>> entry) ->
                                -entry.getValue().size())
                        .thenComparing(entry -> entry.getValue().get(0)))
                .limit(MOST_SHAPES)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** What the program knows each site by: its own number or, if durations are measured, its function's; the runtime's have none then. */
    private int[] numbers() {
        List<SitePlan> sites = plan.sites();
        if (options.collect() != Collect.DURATIONS) {
            return IntStream.range(0, sites.size()).toArray();
        }
        Map<TracedFunction, Integer> functions = new IdentityHashMap<>();
        plan.request().functions().forEach(function -> functions.put(function, functions.size()));
        return sites.stream()
                .mapToInt(site -> site.function() == null
                        ? NOT_PROBED
                        : functions.getOrDefault(site.function(), NOT_PROBED)
                                | (site.isReturn()
                                        ? Contract.RETURN
                                        : site.function().returns().isEmpty() ? Contract.UNTIMED : 0)
                                | (site.anyR14() ? Contract.ANY_R14 : 0))
                .toArray();
    }

    /** What tells a program, without looking it up, whether the hit is a call that comes back or, of a duration's end, where its call is. */
    private int highHalf(ProbeSite site) {
        return options.collect() == Collect.DURATIONS && site.kind() == SiteKind.RETURN
                ? site.frameBytes()
                : site.check().map(StackCheck::flags).orElse(0);
    }

    /** Takes the probes of some functions off, with those of the others left. */
    synchronized void takeOff(List<TracedFunction> functions) {
        // A nop without a probe tells nothing of what hits have cost.
        jumps.filter(any -> wasHit()).ifPresent(Jumps::look);
        uprobes.takeOff(functions);
        nopProbes.takeOff(functions);
    }

    /** From now on hits do not count; the probes are still there. */
    void shut() {
        ring.shut();
    }

    /** Puts the probes into the program that the process has executed anew, where the kernel does not; to be asked for every few milliseconds. */
    void follow() {
        jumps.ifPresent(Jumps::throwFailure);
        executions.follow(file -> {
            goroutines.renew(file);
            uprobes.renew(file);
        });
    }

    /** Whether anything was, as far as it is counted; what collects nothing counts nothing. */
    private boolean wasHit() {
        return switch (options.collect()) {
            case EVENTS, READINGS -> ring.producerPosition() > 0 || counters.getLong(Contract.COUNTERS_LOST_BYTES) > 0;
            case COUNT, ARRIVALS, DURATIONS -> {
                TraceCounts counts = tallies().counts();
                yield counts.calls() + counts.returnsSeen() > 0;
            }
            case NOTHING -> true;
        };
    }

    /** Why nothing of the process is traced any more; empty as long as it is. */
    Optional<String> over() {
        return executions.over();
    }

    /** Detaches; the maps are still there. */
    synchronized void detach() {
        shut();
        // First: whoever is stopped for the probes goes on without them.
        executions.close();
        jumps.ifPresent(Jumps::cancel);
        shut();
        jumps.filter(any -> wasHit()).ifPresent(Jumps::look);
        uprobes.close();
        nopProbes.close();
        goroutines.close();
        // Last: as long as jumps lead to a nop, it must be there.
        jumps.ifPresent(Jumps::remove);
    }

    @Override
    public void close() {
        if (atExit != null) {
            atExit.close();
        }
        detach();
        programs.forEach(BpfProgram::close);
        object.close();
    }
}
