package dev.tracetoll.tracing.patching;

import dev.tracetoll.golang.RuntimeInternals;
import dev.tracetoll.golang.RuntimeLayout;
import dev.tracetoll.linux.file.FileHandle;
import dev.tracetoll.linux.file.ProgramFile;
import dev.tracetoll.linux.ptrace.ProcessMemory;
import dev.tracetoll.linux.ptrace.Ptrace;
import dev.tracetoll.linux.ptrace.Registers;
import dev.tracetoll.linux.ptrace.Steps;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.process.LoadedImage;
import dev.tracetoll.process.MemoryMap;
import dev.tracetoll.process.Seizing;
import dev.tracetoll.process.Tracee;
import dev.tracetoll.tracing.TracedProcess;
import dev.tracetoll.tracing.plan.TracePlan;
import dev.tracetoll.x86.Assembler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Puts jumps into a process, and takes them away again. Its threads are all stopped by ptrace(2) meanwhile and by nothing afterwards. The code
 * that the jumps lead to is there before the first of them is, and each jump is written in one piece: whenever this process is killed, that one
 * runs on.
 *
 * <p>Used by one thread alone.
 */
public final class Installation {

    // linux/mman.h.
    private static final int PROT_READ = 1;
    private static final int PROT_EXEC = 4;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_FIXED_NOREPLACE = 0x100000;

    /** With this begins the name, in the process's memory map, of every file of memory that is mapped for an installation. */
    public static final String NAME = "tracetoll-";

    private static final long PAGE = 4096;
    /** As far as a jump leads, with room for what is within the memory on both sides. */
    private static final long REACH = 0x7fff_0000L;
    /** How often to look for a moment in which no thread is where a jump is to be, or has been: for some ten seconds. */
    static final int TRIES = 200;
    /** Where a stopped goroutine's or thread's stack has the address at which it is to go on, if it was preempted: asyncPreempt keeps registers. */
    private static final int SEARCHED_BYTES = 2048;

    /** As many threads may end one after the other when they are to do something. */
    private static final int MOST_ENDING = 8;

    private static final byte SHORT_JUMP = (byte) 0xeb;
    /** A code's alignment: that of functions. */
    private static final int ALIGNMENT = 16;

    private final TracePlan plan;
    private final TracedProcess process;
    private final List<Patch> patches;
    private final Detour detour;
    private final RuntimeInternals internals;
    private final Consumer<String> notices;

    private final Registers registers = new Registers();
    private final ProcessMemory memory = new ProcessMemory();

    // Of what is installed.
    private long bias;
    private long code;
    private long codeBytes;
    private @Nullable PreemptedGoroutines goroutines;
    private @Nullable FileHandle codeFile;
    private @Nullable FileChannel codeChannel;
    private volatile boolean installed;
    private boolean executing;
    private boolean cancelled;
    private long stoppedNs;
    /** Those that are in the process's code. */
    private final List<Jump> written = new ArrayList<>();
    /** Where the code for each patch is. */
    private final List<Long> entries = new ArrayList<>();

    /**
     * A jump that is written, or to be.
     *
     * @param patch that it belongs to
     * @param original what it is in the place of
     * @param pad whether it is where a short jump leads, and not in a function
     */
    private record Jump(Patch patch, long address, byte[] bytes, byte[] original, boolean pad) {}

    /**
     * An installation to come.
     *
     * @param patches what is to be put in
     * @param detour what they lead to
     * @param notices told, in a line for the user, how long the process stood still
     */
    public Installation(
            TracePlan plan,
            TracedProcess process,
            List<Patch> patches,
            Detour detour,
            RuntimeInternals internals,
            Consumer<String> notices) {
        this.plan = plan;
        this.process = process;
        this.patches = patches;
        this.detour = detour;
        this.internals = internals;
        this.notices = notices;
    }

    /**
     * What has to be known of the runtime of a program for jumps to be put into it.
     *
     * @param what what that is needed for, for people
     * @throws BadInput if the program does not say it
     */
    public static RuntimeInternals internals(TracePlan plan, String what) {
        return plan.request()
                .runtime()
                .internals()
                .orElseThrow(
                        () -> new BadInput(
                                ProgramFile.name(plan.request().binary())
                                        + " has no debugging information that describes Go's runtime, which " + what
                                        + " needs; name a file that has it by --debug-file, build it without -ldflags=-w or -s, or use ebpf"));
    }

    /** Nothing is to be put into a program that has not been executed yet; says whether that is too late. */
    public synchronized boolean cancel() {
        cancelled = true;
        return executing;
    }

    /** Says whether nobody has cancelled it, which is too late from now on. */
    private synchronized boolean begin() {
        executing = !cancelled;
        return executing;
    }

    /** What to add to an address in the file for the address in the process; once installed. */
    public long bias() {
        return bias;
    }

    /** Where the code is in the process; once installed. */
    public long code() {
        return code;
    }

    /** The file that the code is in, for as long as it is installed; only where the detour wants one. */
    public FileHandle codeFile() {
        return Objects.requireNonNull(codeFile);
    }

    /**
     * Puts the jumps into a running process. What they lead to is there before its threads are all stopped.
     *
     * @param ready told when all is there that jumps lead to, and before there is any jump
     */
    public void install(Runnable ready) {
        LoadedImage.check(process.pid(), plan.request().binary());
        bias = LoadedImage.bias(process.pid(), plan.request().binary());
        // Takes its time when it is done first.
        codeBytes(home());
        try {
            byOneThread((stopped, calls) -> {
                map(calls);
                // Takes its time when it is done first, and is in nobody's way now.
                isSafe(stopped, inside());
            });
            writeCode();
            installed = true;
            ready.run();
            putJumps();
        } catch (RuntimeException | Error e) {
            giveUp(e);
            throw e;
        }
    }

    private void putJumps() {
        List<Jump> jumps = jumps();
        StoppedProcess stopped = new StoppedProcess(process, plan.request().binary(), false);
        long began = System.nanoTime();
        try {
            stopped.seizeAll();
            LoadedImage.check(process.pid(), plan.request().binary());
            began = awaitSafeMoment(stopped, began);
            if (!stopped.tracees.inMemory(tracee -> write(jumps))) {
                throw ended();
            }
        } catch (RuntimeException | Error e) {
            if (stopped.tracees.inMemory(tracee -> restore(false) && restore(true))) {
                written.clear();
            }
            throw e;
        } finally {
            stopped.release();
            stoppedNs = System.nanoTime() - began;
        }
    }

    /** Takes away what was mapped, and jumps that are there nevertheless. */
    private void giveUp(Throwable failure) {
        try {
            if (Leftovers.areIn(process.pid()) && (written.isEmpty() || restoreCode())) {
                byOneThread((stopped, calls) -> Leftovers.unmap(process.pid(), calls));
            }
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        } finally {
            close();
        }
    }

    /** Does something that a stopped thread is needed for, of the process that may run otherwise. */
    private interface Doing {
        void run(StoppedProcess stopped, ForcedCalls calls);
    }

    /** Stops one thread, which is to make system calls for the process, while the others go on. */
    private void byOneThread(Doing doing) {
        // The one that was chosen may have been about to end.
        for (int thread = 0; thread < MOST_ENDING; thread++) {
            if (isDoneByOneThread(doing)) {
                return;
            }
        }
        throw ended();
    }

    private boolean isDoneByOneThread(Doing doing) {
        StoppedProcess stopped = new StoppedProcess(process, plan.request().binary(), true);
        try {
            stopped.seizeOne();
            LoadedImage.check(process.pid(), plan.request().binary());
            return stopped.tracees.inMemory(tracee -> {
                if (!stopped.prepare(tracee, bias)) {
                    return false;
                }
                doing.run(stopped, new ForcedCalls(stopped, process.pid(), tracee));
                return true;
            });
        } finally {
            stopped.release();
        }
    }

    /**
     * Puts the jumps into a process when it executes the program.
     *
     * @param seized told when it is seized, so that it may go on
     * @param ready as for {@link #install}
     */
    public void installAtExec(Runnable seized, Runnable ready) {
        StoppedProcess stopped = new StoppedProcess(process, plan.request().binary(), true);
        new Seizing(stopped.ptrace, stopped.tracees, process.pid(), stopped.options | Ptrace.EXIT_KILL).seizeLeader();
        stopped.guard.start();
        seized.run();
        while (!stopped.executed) {
            stopped.tracees.resumeAll(tracee -> false);
            if (!stopped.tracees.await()) {
                stopped.guard.close();
                return;
            }
            stopped.handleArrivals();
        }
        long began = System.nanoTime();
        try {
            if (!begin()) {
                return;
            }
            if (!process.killOnExit()) {
                stopped.tracees.all().forEach(each -> stopped.ptrace.options(each.thread(), stopped.options));
            }
            LoadedImage.check(process.pid(), plan.request().binary());
            bias = LoadedImage.bias(process.pid(), plan.request().binary());
            stopped.tracees.all().forEach(Tracee::isOurs);
            if (!stopped.tracees.inMemory(tracee -> {
                if (!stopped.prepare(tracee, bias)) {
                    return false;
                }
                map(new ForcedCalls(stopped, process.pid(), tracee));
                writeCode();
                installed = true;
                ready.run();
                return write(jumps());
            })) {
                throw ended();
            }
        } finally {
            stopped.release();
            stoppedNs = System.nanoTime() - began;
        }
    }

    private Detour.Home home() {
        return home(MemoryMap.of(process.pid()));
    }

    private Detour.Home home(MemoryMap map) {
        return new Detour.Home(process.pid(), bias, map.around(patches.get(0).address() + bias));
    }

    private OperationFailed ended() {
        return new OperationFailed("process " + process.pid() + " ended while it was being attached to");
    }

    /** How much memory the code takes, wherever it is. */
    private long codeBytes(Detour.Home home) {
        return code(home, home.image().start() & -PAGE).length + PAGE - 1 & -PAGE;
    }

    /** Maps memory into the process. */
    private void map(ForcedCalls calls) {
        MemoryMap map = MemoryMap.of(process.pid());
        detour.map(calls, home(map));
        // What the code refers to has its place now: before, it could be shorter.
        codeBytes = codeBytes(home(map));
        // Behind the program's code Go's profiles take it for code that is not Go's, before it for a function without a
        // name (sigprof of runtime/proc.go).
        long wanted = map.free(codeBytes, home(map).image(), REACH)
                .orElseThrow(() -> new OperationFailed(
                        "process " + process.pid() + " has no free memory that a jump can reach; use --backend ebpf"));
        int file = calls.memoryFile(detour.file(), codeBytes, true);
        codeFile = FileHandle.open(calls.path(file));
        try {
            codeChannel = FileChannel.open(calls.path(file), StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw unwritable(e);
        }
        code = calls.map(wanted, codeBytes, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_FIXED_NOREPLACE, file);
        calls.close(file);
    }

    private static int aligned(int bytes) {
        return bytes + ALIGNMENT - 1 & -ALIGNMENT;
    }

    /** The code for all patches, for a place at the beginning of a page. */
    private byte[] code(Detour.Home home, long origin) {
        entries.clear();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Patch patch : patches) {
            entries.add(origin + all.size());
            byte[] bytes = detour.code(home, patch, origin + all.size());
            all.writeBytes(Arrays.copyOf(bytes, aligned(bytes.length)));
        }
        return all.toByteArray();
    }

    /** Writes the code where it has been mapped: into the file, which nobody has read from yet. */
    private void writeCode() {
        try (FileChannel channel = Objects.requireNonNull(codeChannel)) {
            ByteBuffer bytes = ByteBuffer.wrap(code(home(), code));
            if (bytes.remaining() > codeBytes) {
                throw new IllegalStateException("the code takes " + bytes.remaining() + " bytes, not " + codeBytes);
            }
            Steps.next();
            while (bytes.hasRemaining()) {
                channel.write(bytes, bytes.position());
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private OperationFailed unwritable(IOException e) {
        return new OperationFailed("code cannot be written into process " + process.pid() + ": " + e.getMessage(), e);
    }

    /** The jumps, in the order in which they are to be written: each leads to what is there before it. */
    private List<Jump> jumps() {
        List<Jump> jumps = new ArrayList<>();
        try (CodeInProcess target = CodeInProcess.of(process.pid())) {
            for (int i = 0; i < patches.size(); i++) {
                Patch patch = patches.get(i);
                long address = patch.address() + bias;
                if (patch.via().isPresent()) {
                    long via = patch.via().getAsLong() + bias;
                    byte distance = (byte) (via - address - Patch.SHORT_JUMP_BYTES);
                    jumps.add(jump(target, patch, via, longJump(via, entries.get(i)), true));
                    jumps.add(jump(target, patch, address, new byte[] {SHORT_JUMP, distance}, false));
                } else {
                    jumps.add(jump(target, patch, address, longJump(address, entries.get(i)), false));
                }
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
        return jumps;
    }

    private static byte[] longJump(long from, long to) {
        Assembler assembler = new Assembler(from);
        assembler.jump(to);
        return assembler.bytes();
    }

    /** What is there is also written there, so that the process has its own copy of the page before it waits for one. */
    private static Jump jump(CodeInProcess target, Patch patch, long address, byte[] bytes, boolean pad)
            throws IOException {
        byte[] original = target.read(address, bytes.length);
        target.write(address, original);
        return new Jump(patch, address, bytes, original, pad);
    }

    /** Writes the jumps; no thread may be in the middle of what they displace. */
    private boolean write(List<Jump> jumps) {
        written.clear();
        try (CodeInProcess target = CodeInProcess.of(process.pid())) {
            for (Jump jump : jumps) {
                written.add(jump);
                target.write(jump.address, jump.bytes);
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
        return true;
    }

    // ---- when

    /** Waits until no thread and no goroutine is to go on in the middle of what a jump displaces; returns since when all have stood still. */
    private long awaitSafeMoment(StoppedProcess stopped, long began) {
        Set<Long> inside = inside();
        long since = began;
        for (int tries = 0; tries < TRIES; tries++) {
            if (stopped.executed) {
                throw new OperationFailed(
                        "process " + process.pid() + " executed another program while it was being attached to");
            }
            if (isSafe(stopped, inside)) {
                return since;
            }
            stopped.goOn(tries);
            since = System.nanoTime();
        }
        throw new OperationFailed("some thread of process " + process.pid()
                + " was always where a jump was to be put; try again, or use --backend ebpf");
    }

    /** The addresses that are in the middle of what jumps displace. */
    private Set<Long> inside() {
        Set<Long> inside = new HashSet<>();
        for (Patch patch : patches) {
            for (int i = 1; i < patch.bytes(); i++) {
                inside.add(patch.address() + bias + i);
            }
        }
        return inside;
    }

    private boolean isSafe(StoppedProcess stopped, Set<Long> inside) {
        int reader = 0;
        for (Tracee tracee : stopped.tracees.all()) {
            if (!stopped.tracees.isStopped(tracee) || tracee.hasOwnMemory()) {
                continue;
            }
            reader = tracee.thread();
            if (!stopped.ptrace.read(tracee.thread(), registers)) {
                continue;
            }
            if (inside.contains(registers.instructionPointer())
                    || handlesSignal(tracee)
                    || isFound(reader, registers.stackPointer(), SEARCHED_BYTES, inside)) {
                return false;
            }
        }
        int thread = reader;
        // They have on their stacks where they go on.
        return thread == 0 || !goroutines().any(thread, stack -> isFound(thread, stack, SEARCHED_BYTES, inside));
    }

    private PreemptedGoroutines goroutines() {
        PreemptedGoroutines known = goroutines;
        if (known == null) {
            known = new PreemptedGoroutines(internals, bias);
            goroutines = known;
        }
        return known;
    }

    /** Whether a thread is in the handler of a signal, so that it is not seen where it goes on afterwards. */
    private boolean handlesSignal(Tracee tracee) {
        RuntimeLayout runtime = plan.request().runtime();
        if (runtime.threadGOffset().isEmpty() || registers.threadPointer() == 0) {
            return false;
        }
        int thread = tracee.thread();
        long g =
                word(thread, registers.threadPointer() + runtime.threadGOffset().getAsInt());
        long m = g == 0 ? 0 : word(thread, g + internals.thread());
        long handler = m == 0 ? 0 : word(thread, m + internals.signalStack());
        if (handler == 0) {
            return false;
        }
        long high = word(thread, handler + runtime.stackHiOffset());
        long low = word(thread, handler + runtime.stackHiOffset() - Long.BYTES);
        return Long.compareUnsigned(registers.stackPointer() - low, high - low) < 0;
    }

    private boolean isFound(int thread, long from, int bytes, Set<Long> inside) {
        int size = bytes;
        // The end of the stack may be nearer.
        while (size >= Long.BYTES && !memory.read(thread, from & -Long.BYTES, size)) {
            size /= 2;
        }
        for (int at = 0; at + Long.BYTES <= size; at += Long.BYTES) {
            if (inside.contains(memory.longAt(at))) {
                return true;
            }
        }
        return false;
    }

    private long word(int thread, long address) {
        return memory.readLong(thread, address).orElse(0);
    }

    // ---- undoing

    /**
     * Takes some of the jumps away, for which all threads are stopped a moment; what they led to stays, as threads may be there. Nothing if they are
     * gone with the program.
     *
     * @param which says of a patch whether its jump is to go
     */
    public void remove(Predicate<Patch> which) {
        if (!installed || !isThere()) {
            return;
        }
        StoppedProcess stopped = new StoppedProcess(process, plan.request().binary(), false);
        try {
            stopped.seizeAll();
            if (!stopped.executed && isThere()) {
                stopped.tracees.inMemory(tracee -> restore(jump -> !jump.pad && which.test(jump.patch)));
            }
        } catch (BadInput | OperationFailed e) {
            // As for all of them.
            if (isThere()) {
                throw e;
            }
        } finally {
            stopped.release();
        }
    }

    /** Takes the jumps away, and the memory that was mapped; nothing if they are gone with the program. */
    public void remove() {
        if (!installed || !isThere()) {
            return;
        }
        installed = false;
        try {
            if (restoreCode()) {
                byOneThread((stopped, calls) -> Leftovers.unmap(process.pid(), calls));
            }
        } catch (BadInput | OperationFailed e) {
            // A process that has ended, or executed a program, has taken all with it.
            if (isThere()) {
                throw e;
            }
        } finally {
            close();
        }
    }

    /** Takes the jumps away; says whether what they led to can follow, because nobody is there any more. */
    private boolean restoreCode() {
        StoppedProcess stopped = new StoppedProcess(process, plan.request().binary(), false);
        try {
            stopped.seizeAll();
            if (stopped.executed || !isThere()) {
                return false;
            }
            stopped.tracees.inMemory(tracee -> restore(false));
            for (int tries = 0; tries < TRIES && isInCode(stopped); tries++) {
                stopped.goOn(tries);
            }
            if (stopped.executed) {
                return false;
            }
            if (isInCode(stopped)) {
                throw new OperationFailed("some thread of process " + process.pid()
                        + " was always in code that the jumps led to, which is therefore still there; run tracetoll detach --pid "
                        + process.pid());
            }
            return stopped.tracees.inMemory(tracee -> restore(true));
        } finally {
            stopped.release();
        }
    }

    private void close() {
        if (codeFile != null) {
            codeFile.close();
        }
        try {
            if (codeChannel != null) {
                codeChannel.close();
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /** Whether the process still has the memory, and so the program that jumps were put into. */
    public boolean isThere() {
        // As proc(5) has it, for memory that is of a file.
        String area = Long.toHexString(code) + '-' + Long.toHexString(code + codeBytes);
        return Files.exists(
                Path.of("/proc", Integer.toString(process.pid()), "map_files", area), LinkOption.NOFOLLOW_LINKS);
    }

    /** What short jumps lead to is left until nobody is there. */
    private boolean restore(boolean pads) {
        return restore(jump -> jump.pad == pads);
    }

    private boolean restore(Predicate<Jump> which) {
        try (CodeInProcess target = CodeInProcess.of(process.pid())) {
            for (Jump each : written) {
                if (which.test(each)) {
                    target.write(each.address, each.original);
                }
            }
        } catch (IOException e) {
            throw new OperationFailed(
                    "the code of process " + process.pid() + " cannot be restored: " + e.getMessage(), e);
        }
        return true;
    }

    private boolean isInCode(StoppedProcess stopped) {
        List<MemoryMap.Area> called = stopped.calledProbes();
        for (Tracee tracee : stopped.tracees.all()) {
            if (stopped.tracees.isStopped(tracee)
                    && stopped.ptrace.read(tracee.thread(), registers)
                    && (isCode(registers.instructionPointer())
                            || called.stream().anyMatch(area -> area.contains(registers.instructionPointer()))
                            || handlesSignal(tracee))) {
                return true;
            }
        }
        return false;
    }

    private boolean isCode(long address) {
        return Long.compareUnsigned(address - code, codeBytes) < 0
                || written.stream().anyMatch(each -> each.pad && each.address == address);
    }

    /** Tells how long the process stood still. */
    public void tellStop() {
        notices.accept(String.format(
                Locale.ROOT,
                "process %d stood still for %.1f ms while %d jumps were put into it",
                process.pid(),
                stoppedNs / 1e6,
                patches.size()));
    }
}
