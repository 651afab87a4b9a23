package dev.tracetoll.tracing.patching;

import dev.tracetoll.linux.elf.ElfFile;
import dev.tracetoll.linux.ptrace.Registers;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.process.LoadedImage;
import dev.tracetoll.process.MemoryMap;
import dev.tracetoll.process.Tracee;
import dev.tracetoll.tracing.TracedProcess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a tracer that was killed has left in a process: jumps in its code, where these lead, and rings that nobody reads. The process runs with
 * it; what its code was its file says.
 */
public final class Leftovers {

    private static final int CHUNK = 1 << 20;
    /** What uprobes put into code: a breakpoint, or a call in place of a nop. They are the kernel's. */
    private static final byte BREAKPOINT = (byte) 0xcc;

    private static final byte CALL = (byte) 0xe8;
    private static final byte JUMP = (byte) 0xe9;
    /** Between functions the linker has breakpoints, which nobody is to execute. */
    private static final byte PADDING = BREAKPOINT;

    private final TracedProcess process;
    private final Path binary;
    private final Registers registers = new Registers();
    private final List<Difference> differences = new ArrayList<>();

    private record Difference(long address, byte[] now, byte[] original) {
        boolean isPadding() {
            return original[0] == PADDING;
        }
    }

    private Leftovers(int pid, Path binary) {
        this.process = new TracedProcess(pid, false, false, status -> {});
        this.binary = binary;
    }

    /**
     * Refuses a process that is to be traced and has some already.
     *
     * @throws OperationFailed if it has
     */
    public static void refuse(TracedProcess process) {
        if (!process.awaitingExec() && areIn(process.pid())) {
            throw new OperationFailed("process " + process.pid()
                    + " has jumps of another tracer in its code; end that one or, if it was killed, run tracetoll detach --pid "
                    + process.pid());
        }
    }

    /** Whether there is something in a process that a tracer has left, or one that still traces uses. */
    public static boolean areIn(int pid) {
        return MemoryMap.of(pid).areas().stream().anyMatch(Leftovers::isOurs);
    }

    private static boolean isOurs(MemoryMap.Area area) {
        return area.name().startsWith("/memfd:" + Installation.NAME);
    }

    /**
     * Takes them away; the process stands still for a moment, and runs on.
     *
     * @param binary its program
     * @return how many jumps there were
     */
    public static int remove(int pid, Path binary) {
        return new Leftovers(pid, binary).remove();
    }

    private int remove() {
        long bias = LoadedImage.bias(process.pid(), binary);
        StoppedProcess stopped = new StoppedProcess(process, binary, 0);
        stopped.seizeAll();
        stopped.handleArrivals();
        try (CodeInProcess memory = CodeInProcess.of(process.pid())) {
            compare(memory, bias);
            List<MemoryMap.Area> areas = areas();
            restore(memory, false);
            for (int tries = 0; tries < Installation.TRIES && isIn(stopped, areas); tries++) {
                stopped.goOnForAMoment();
            }
            if (isIn(stopped, areas)) {
                throw new OperationFailed("some thread of process " + process.pid()
                        + " was always within what is to be taken away; try again");
            }
            restore(memory, true);
            stopped.tracees.inMemory(tracee -> stopped.prepare(tracee, bias) && unmap(stopped, tracee, areas));
        } catch (IOException e) {
            throw new OperationFailed(
                    "the code of process " + process.pid() + " cannot be restored: " + e.getMessage(), e);
        } finally {
            stopped.release();
        }
        return (int) differences.stream().filter(each -> !each.isPadding()).count();
    }

    private void compare(CodeInProcess memory, long bias) throws IOException {
        try (ElfFile elf = ElfFile.open(binary)) {
            for (ElfFile.Segment segment : elf.segments()) {
                for (long at = 0; segment.executable() && at < segment.fileSize(); at += CHUNK) {
                    int size = (int) Math.min(CHUNK, segment.fileSize() - at);
                    long address = segment.address() + at;
                    compare(memory.read(address + bias, size), elf.read(address, size), address + bias);
                }
            }
        }
    }

    private void compare(byte[] now, byte[] original, long address) {
        int at = Arrays.mismatch(now, original);
        while (at >= 0) {
            int end = at;
            while (end < now.length && end - at < Patch.JUMP_BYTES && now[end] != original[end]) {
                end++;
            }
            if (now[at] != BREAKPOINT && now[at] != CALL) {
                differences.add(new Difference(
                        address + at, Arrays.copyOfRange(now, at, end), Arrays.copyOfRange(original, at, end)));
            }
            int next = Arrays.mismatch(now, end, now.length, original, end, original.length);
            at = next < 0 ? -1 : end + next;
        }
    }

    /** What the jumps lead to, and the rings. */
    private List<MemoryMap.Area> areas() {
        List<MemoryMap.Area> all = MemoryMap.of(process.pid()).areas();
        Set<MemoryMap.Area> found = new LinkedHashSet<>();
        for (Difference each : differences) {
            if (each.now[0] == JUMP && each.now.length == Patch.JUMP_BYTES) {
                int distance =
                        ByteBuffer.wrap(each.now).order(ByteOrder.LITTLE_ENDIAN).getInt(1);
                long to = each.address + Patch.JUMP_BYTES + distance;
                all.stream()
                        .filter(area -> area.name().isEmpty() && area.start() <= to && to < area.end())
                        .forEach(found::add);
            }
        }
        all.stream().filter(Leftovers::isOurs).forEach(found::add);
        return List.copyOf(found);
    }

    private void restore(CodeInProcess memory, boolean padding) throws IOException {
        for (Difference each : differences) {
            if (each.isPadding() == padding) {
                memory.write(each.address, each.original);
            }
        }
    }

    private boolean isIn(StoppedProcess stopped, List<MemoryMap.Area> areas) {
        for (Tracee tracee : stopped.tracees.all()) {
            if (stopped.tracees.isStopped(tracee) && stopped.ptrace.read(tracee.thread(), registers)) {
                long at = registers.instructionPointer();
                if (areas.stream().anyMatch(area -> area.start() <= at && at < area.end())
                        || stopped.isInCalledProbe(at)
                        || differences.stream().anyMatch(each -> each.isPadding() && each.address == at)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean unmap(StoppedProcess stopped, Tracee tracee, List<MemoryMap.Area> areas) {
        ForcedCalls calls = new ForcedCalls(stopped, process.pid(), tracee);
        areas.forEach(area -> calls.unmap(area.start(), area.end() - area.start()));
        return true;
    }
}
