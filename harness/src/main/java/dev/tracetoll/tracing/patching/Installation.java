package dev.tracetoll.tracing.patching;

import dev.tracetoll.golang.RuntimeInternals;
import dev.tracetoll.golang.RuntimeLayout;
import dev.tracetoll.linux.file.FileHandle;
import dev.tracetoll.linux.ptrace.ProcessMemory;
import dev.tracetoll.linux.ptrace.Ptrace;
import dev.tracetoll.linux.ptrace.Registers;
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
import java.nio.file.Files;
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
    private static final int MAP_ANONYMOUS = 0x20;
    private static final int MAP_FIXED_NOREPLACE = 0x100000;
    private static final int NO_FILE = -1;

    /** With this begins the name, in the process's memory map, of every file of memory that is mapped for an installation. */
    public static final String NAME = "tracetoll-";

    private static final long PAGE = 4096;
    /** As far as a jump leads, with room for what is within the memory on both sides. */
    private static final long REACH = 0x7fff_0000L;
    /** How often to look for a moment in which no thread is where a jump is to be, a millisecond apart. */
    static final int TRIES = 500;
    /** Where a stopped goroutine's or thread's stack has the address at which it is to go on, if it was preempted: asyncPreempt keeps registers. */
    private static final int SEARCHED_BYTES = 2048;

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
    private @Nullable FileHandle codeFile;
    private volatile boolean installed;
    private boolean executing;
    private boolean cancelled;
    private long stoppedNs;
    /** The bytes that jumps are in the place of. */
    private final List<Written> written = new ArrayList<>();
    /** Where the code for each patch is. */
    private final List<Long> entries = new ArrayList<>();

    /** @param pad whether it is where a short jump leads, and not in a function */
    private record Written(long address, byte[] original, boolean pad) {}

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
     * Puts the jumps into a running process.
     *
     * @param ready told when they are in and the process has not gone on yet
     */
    public void install(Runnable ready) {
        LoadedImage.check(process.pid(), plan.request().binary());
        rehearse();
        StoppedProcess stopped = new StoppedProcess(process, plan.request().binary(), patches.size());
        long began = System.nanoTime();
        stopped.seizeAll();
        stopped.handleArrivals();
        try {
            LoadedImage.check(process.pid(), plan.request().binary());
            if (!stopped.tracees.inMemory(tracee -> map(stopped, tracee))) {
                throw ended();
            }
            began = awaitSafeMoment(stopped, began);
            if (!stopped.tracees.inMemory(this::patch)) {
                throw ended();
            }
            ready.run();
        } finally {
            stopped.release();
            stoppedNs = System.nanoTime() - began;
        }
    }

    /**
     * Puts the jumps into a process when it executes the program.
     *
     * @param seized told when it is seized, so that it may go on
     * @param ready told when the jumps are in and the program has not begun yet
     */
    public void installAtExec(Runnable seized, Runnable ready) {
        StoppedProcess stopped = new StoppedProcess(process, plan.request().binary(), patches.size());
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
            if (!stopped.tracees.inMemory(tracee -> map(stopped, tracee) && patch(tracee))) {
                throw ended();
            }
            ready.run();
        } finally {
            stopped.release();
            stoppedNs = System.nanoTime() - began;
        }
    }

    /** Does once, for nothing, what takes long the first time and no thread need wait for: decoding what is displaced, above all. */
    private void rehearse() {
        bias = LoadedImage.bias(process.pid(), plan.request().binary());
        Detour.Home home = home(MemoryMap.of(process.pid()));
        for (Patch patch : patches) {
            detour.code(home, patch, patch.address() + bias);
        }
    }

    private Detour.Home home(MemoryMap map) {
        return new Detour.Home(process.pid(), bias, map.around(patches.get(0).address() + bias));
    }

    private OperationFailed ended() {
        return new OperationFailed("process " + process.pid() + " ended while it was being attached to");
    }

    /** Maps memory into the process and writes the code; false if the thread is dying. */
    private boolean map(StoppedProcess stopped, Tracee tracee) {
        if (!stopped.prepare(tracee, bias)) {
            return false;
        }
        MemoryMap map = MemoryMap.of(process.pid());
        Detour.Home home = home(map);
        ForcedCalls calls = new ForcedCalls(stopped, process.pid(), tracee);
        detour.map(calls, home);
        codeBytes = code(home, home.image().start() & -PAGE).length + PAGE - 1 & -PAGE;
        long wanted = map.free(codeBytes, home.image(), REACH)
                .orElseThrow(() -> new OperationFailed(
                        "process " + process.pid() + " has no free memory that a jump can reach; use --backend ebpf"));
        byte[] bytes = code(home, wanted);
        if (detour.file().isPresent()) {
            int file = calls.memoryFile(detour.file().get(), codeBytes, true);
            codeFile = FileHandle.open(calls.path(file));
            writeFile(calls.path(file), bytes);
            code = mapCode(calls, wanted, MAP_PRIVATE, file);
            calls.close(file);
        } else {
            code = mapCode(calls, wanted, MAP_PRIVATE | MAP_ANONYMOUS, NO_FILE);
            writeMemory(bytes);
        }
        return true;
    }

    private long mapCode(ForcedCalls calls, long wanted, int flags, int file) {
        return calls.map(wanted, codeBytes, PROT_READ | PROT_EXEC, flags | MAP_FIXED_NOREPLACE, file);
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

    private void writeFile(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private void writeMemory(byte[] bytes) {
        try (CodeInProcess target = CodeInProcess.of(process.pid())) {
            target.write(code, bytes);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private OperationFailed unwritable(IOException e) {
        return new OperationFailed("code cannot be written into process " + process.pid() + ": " + e.getMessage(), e);
    }

    /** Writes the jumps; no thread may be in the middle of what they displace. */
    private boolean patch(Tracee tracee) {
        installed = true;
        written.clear();
        try (CodeInProcess target = CodeInProcess.of(process.pid())) {
            for (int i = 0; i < patches.size(); i++) {
                Patch patch = patches.get(i);
                long address = patch.address() + bias;
                if (patch.via().isPresent()) {
                    long via = patch.via().getAsLong() + bias;
                    jump(target, via, entries.get(i), true);
                    byte distance = (byte) (via - address - Patch.SHORT_JUMP_BYTES);
                    put(target, address, new byte[] {SHORT_JUMP, distance}, false);
                } else {
                    jump(target, address, entries.get(i), false);
                }
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
        return true;
    }

    private void jump(CodeInProcess target, long from, long to, boolean pad) throws IOException {
        Assembler assembler = new Assembler(from);
        assembler.jump(to);
        put(target, from, assembler.bytes(), pad);
    }

    private void put(CodeInProcess target, long address, byte[] bytes, boolean pad) throws IOException {
        written.add(new Written(address, target.read(address, bytes.length), pad));
        target.write(address, bytes);
    }

    // ---- when

    /** Waits until no thread and no goroutine is to go on in the middle of what a jump displaces; returns since when all have stood still. */
    private long awaitSafeMoment(StoppedProcess stopped, long began) {
        Set<Long> inside = new HashSet<>();
        for (Patch patch : patches) {
            for (int i = 1; i < patch.bytes(); i++) {
                inside.add(patch.address() + bias + i);
            }
        }
        long since = began;
        for (int tries = 0; tries < TRIES; tries++) {
            if (stopped.executed) {
                throw new OperationFailed(
                        "process " + process.pid() + " executed another program while it was being attached to");
            }
            if (isSafe(stopped, inside)) {
                return since;
            }
            stopped.goOnForAMoment();
            since = System.nanoTime();
        }
        throw new OperationFailed("some thread of process " + process.pid()
                + " was always where a jump was to be put; try again, or use --backend ebpf");
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
        return reader == 0 || goroutinesAreSafe(reader, inside);
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

    /** Goroutines that were stopped between any two instructions have on their stacks where they go on. */
    private boolean goroutinesAreSafe(int thread, Set<Long> inside) {
        long list = word(thread, internals.goroutines() + bias);
        long count = word(thread, internals.goroutines() + bias + Long.BYTES);
        for (long i = 0; i < count; i++) {
            long g = word(thread, list + i * Long.BYTES);
            if (g != 0 && memory.read(thread, g + internals.preempted() & -Long.BYTES, Long.BYTES)) {
                int shift = (int) (g + internals.preempted() & Long.BYTES - 1) * Byte.SIZE;
                boolean preempted = (memory.longAt(0) >>> shift & 0xff) != 0;
                if (preempted && isFound(thread, word(thread, g + internals.saved()), SEARCHED_BYTES, inside)) {
                    return false;
                }
            }
        }
        return true;
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

    /** Takes the jumps away, and the memory that was mapped; nothing if they are gone with the program. */
    public void remove() {
        if (!installed || !isThere()) {
            return;
        }
        StoppedProcess stopped = new StoppedProcess(process, plan.request().binary(), patches.size());
        try {
            stopped.seizeAll();
        } catch (BadInput ended) {
            stopped.guard.close();
            return;
        }
        stopped.handleArrivals();
        long began = System.nanoTime();
        try {
            if (stopped.executed || !isThere()) {
                return;
            }
            stopped.tracees.inMemory(tracee -> restore(false));
            for (int tries = 0; tries < TRIES && isInCode(stopped); tries++) {
                stopped.goOnForAMoment();
            }
            if (!stopped.executed && !isInCode(stopped)) {
                stopped.tracees.inMemory(
                        tracee -> restore(true) && stopped.prepare(tracee, bias) && unmap(stopped, tracee));
            }
        } finally {
            stopped.release();
            stoppedNs = System.nanoTime() - began;
            installed = false;
            if (codeFile != null) {
                codeFile.close();
            }
        }
    }

    /** Whether the process still has the memory, and so the program that jumps were put into. */
    public boolean isThere() {
        try {
            return MemoryMap.of(process.pid()).hasAreaAt(code);
        } catch (OperationFailed gone) {
            return false;
        }
    }

    /** What short jumps lead to is left until nobody is there. */
    private boolean restore(boolean pads) {
        try (CodeInProcess target = CodeInProcess.of(process.pid())) {
            for (Written each : written) {
                if (each.pad == pads) {
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
        for (Tracee tracee : stopped.tracees.all()) {
            if (stopped.tracees.isStopped(tracee)
                    && stopped.ptrace.read(tracee.thread(), registers)
                    && (isCode(registers.instructionPointer())
                            || stopped.isInCalledProbe(registers.instructionPointer())
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

    private boolean unmap(StoppedProcess stopped, Tracee tracee) {
        ForcedCalls calls = new ForcedCalls(stopped, process.pid(), tracee);
        calls.unmap(code, codeBytes);
        detour.unmap(calls);
        return true;
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
