package dev.tracetoll.tracing.patching;

import dev.tracetoll.linux.elf.ElfFile;
import dev.tracetoll.linux.ptrace.ProcessMemory;
import dev.tracetoll.linux.ptrace.Registers;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.process.LoadedImage;
import dev.tracetoll.process.MemoryMap;
import dev.tracetoll.process.Tracee;
import dev.tracetoll.tracing.TracedProcess;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
    private static final int PAGE = 4096;
    /** Of a thread of Go's (malg in mpreinit of runtime/os_linux.go). */
    private static final int SIGNAL_STACK_BYTES = 32 << 10;

    /** How the memory map and lists of descriptors begin what they call the files of memory of an installation. */
    private static final String FILES = "/memfd:" + Installation.NAME;

    /** Between functions the linker has breakpoints, which nobody is to execute. */
    private static final byte PADDING = BREAKPOINT;

    private final TracedProcess process;
    private final Path binary;
    private final Registers registers = new Registers();
    private final ProcessMemory memory = new ProcessMemory();
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
        return !areas(pid).isEmpty() || !files(pid).isEmpty();
    }

    private static boolean isOurs(MemoryMap.Area area) {
        return area.name().startsWith(FILES);
    }

    private static List<MemoryMap.Area> areas(int pid) {
        return MemoryMap.of(pid).areas().stream().filter(Leftovers::isOurs).toList();
    }

    /** Has a process unmap what an installation has mapped, and close what it has opened, as far as it has come. */
    static void unmap(int pid, ForcedCalls calls) {
        areas(pid).forEach(area -> calls.unmap(area.start(), area.end() - area.start()));
        files(pid).forEach(calls::close);
    }

    /** The descriptors of files of memory that were not closed. */
    private static List<Integer> files(int pid) {
        List<Integer> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc", Integer.toString(pid), "fd"))) {
            for (Path each : all) {
                if (isOurs(each)) {
                    files.add(Integer.valueOf(each.getFileName().toString()));
                }
            }
        } catch (IOException e) {
            throw new OperationFailed("the files of process " + pid + " cannot be listed: " + e.getMessage(), e);
        }
        return files;
    }

    private static boolean isOurs(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith(FILES);
        } catch (IOException closed) {
            return false;
        }
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
        StoppedProcess stopped = new StoppedProcess(process, binary, true);
        stopped.seizeAll();
        try (CodeInProcess code = CodeInProcess.of(process.pid())) {
            compare(code, bias);
            List<MemoryMap.Area> areas = areas(process.pid());
            restore(code, false);
            for (int tries = 0; tries < Installation.TRIES && isIn(stopped, areas); tries++) {
                stopped.goOn(tries);
            }
            if (isIn(stopped, areas)) {
                throw new OperationFailed("some thread of process " + process.pid()
                        + " was always within what is to be taken away; try again");
            }
            restore(code, true);
            stopped.tracees.inMemory(tracee -> stopped.prepare(tracee, bias) && unmap(stopped, tracee));
        } catch (IOException e) {
            throw new OperationFailed(
                    "the code of process " + process.pid() + " cannot be restored: " + e.getMessage(), e);
        } finally {
            stopped.release();
        }
        return (int) differences.stream().filter(each -> !each.isPadding()).count();
    }

    private void compare(CodeInProcess code, long bias) throws IOException {
        try (ElfFile elf = ElfFile.open(binary)) {
            for (ElfFile.Segment segment : elf.segments()) {
                for (long at = 0; segment.executable() && at < segment.fileSize(); at += CHUNK) {
                    int size = (int) Math.min(CHUNK, segment.fileSize() - at);
                    long address = segment.address() + at;
                    compare(code.read(address + bias, size), elf.read(address, size), address + bias);
                }
            }
        }
    }

    private void compare(byte[] now, byte[] original, long address) {
        int at = Arrays.mismatch(now, original);
        while (at >= 0) {
            // Some of a jump's bytes may be what they were.
            int end = now[at] == JUMP ? Math.min(at + Patch.JUMP_BYTES, now.length) : at;
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

    private void restore(CodeInProcess code, boolean padding) throws IOException {
        for (Difference each : differences) {
            if (each.isPadding() == padding) {
                code.write(each.address, each.original);
            }
        }
    }

    private boolean isIn(StoppedProcess stopped, List<MemoryMap.Area> areas) {
        List<MemoryMap.Area> called = stopped.calledProbes();
        for (Tracee tracee : stopped.tracees.all()) {
            if (stopped.tracees.isStopped(tracee) && stopped.ptrace.read(tracee.thread(), registers)) {
                long at = registers.instructionPointer();
                if (isIn(at, areas)
                        || isIn(at, called)
                        // Who handles a signal blocks others; what is behind other stacks may be left of signals long
                        // handled.
                        || stopped.ptrace.signalMask(tracee.thread()) != 0
                                && leadsTo(tracee.thread(), registers.stackPointer(), areas)
                        || differences.stream().anyMatch(each -> each.isPadding() && each.address == at)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isIn(long address, List<MemoryMap.Area> areas) {
        return areas.stream().anyMatch(area -> area.contains(address));
    }

    /** A thread that handles a signal has on its stack where it goes on; nothing else there leads to what is to be taken away. */
    private boolean leadsTo(int thread, long stackPointer, List<MemoryMap.Area> areas) {
        long from = stackPointer & -Long.BYTES;
        for (int page = 0; page < SIGNAL_STACK_BYTES / PAGE && memory.read(thread, from, PAGE); page++, from += PAGE) {
            for (int at = 0; at < PAGE; at += Long.BYTES) {
                if (isIn(memory.longAt(at), areas)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean unmap(StoppedProcess stopped, Tracee tracee) {
        unmap(process.pid(), new ForcedCalls(stopped, process.pid(), tracee));
        return true;
    }
}
