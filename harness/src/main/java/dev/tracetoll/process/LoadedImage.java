package dev.tracetoll.process;

import dev.tracetoll.linux.elf.ElfFile;
import dev.tracetoll.linux.file.ProgramFile;
import dev.tracetoll.linux.ptrace.ProcessMemory;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.MachineCannot;
import dev.tracetoll.problem.OperationFailed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a process has loaded its program.
 *
 * <p>Source of the format of {@code maps}: proc(5).
 */
public final class LoadedImage {

    /** {@code linux/auxvec.h}. */
    private static final long AT_EXECFN = 31;
    /** With and without the linker's word for how it is called. */
    private static final Set<String> START_CODE = Set.of("runtime.rt0_go", "runtime.rt0_go.abi0");
    /** {@code linux/limits.h}. */
    private static final int PATH_MAX = 4096;

    private LoadedImage() {}

    /**
     * Checks that a process runs a program.
     *
     * @throws BadInput if there is no such process, or it runs another program
     * @throws MachineCannot if this user must not look
     */
    public static void check(int process, Path binary) {
        Path executable = executable(process);
        try {
            if (!Files.isSameFile(executable, binary)) {
                throw new BadInput("process " + process + " runs " + Files.readSymbolicLink(executable) + ", not "
                        + ProgramFile.name(binary) + "; name the file that it runs");
            }
        } catch (AccessDeniedException e) {
            throw refused(process, e);
        } catch (IOException e) {
            throw new BadInput(
                    Files.isDirectory(Path.of("/proc", Integer.toString(process)))
                            ? "process " + process + " has already ended or is no program of its own (" + e.getMessage()
                                    + "); name a running one"
                            : "there is no process " + process + "; name a running one",
                    e);
        }
    }

    /** Whether a stopped process runs a program; false also if it is dying. */
    public static boolean isRunning(int process, Path binary) {
        try {
            return Files.isSameFile(executable(process), binary);
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * The program that a stopped process has executed, for people: by the name that it was executed by, as the kernel's tracepoint
     * sched_process_exec has it, and not by what links lead to or the interpreter of a script.
     */
    public static String name(int process) {
        try {
            OptionalLong address = executedBy(process);
            String name = address.isPresent() ? text(process, address.getAsLong()) : "";
            return name.isEmpty() ? Files.readSymbolicLink(executable(process)).toString() : name;
        } catch (IOException e) {
            return "another program";
        }
    }

    /** Where the kernel has left that name: in the auxiliary vector, pairs of a key and a value, see getauxval(3). */
    private static OptionalLong executedBy(int process) throws IOException {
        ByteBuffer vector = ByteBuffer.wrap(Files.readAllBytes(Path.of("/proc", Integer.toString(process), "auxv")))
                .order(ByteOrder.nativeOrder());
        while (vector.remaining() >= 2 * Long.BYTES) {
            long key = vector.getLong();
            long value = vector.getLong();
            if (key == AT_EXECFN) {
                return OptionalLong.of(value);
            }
        }
        return OptionalLong.empty();
    }

    /** A text that a zero ends; empty if it cannot be read. */
    private static String text(int process, long address) {
        ProcessMemory memory = new ProcessMemory();
        ByteBuffer bytes = ByteBuffer.allocate(PATH_MAX);
        // Byte by byte, because what follows it may not be readable: this happens once.
        for (int size = 0; size < PATH_MAX && memory.read(process, address + size, 1); size++) {
            memory.copy(bytes, size, 1);
            if (bytes.get(size) == 0) {
                return new String(bytes.array(), 0, size, StandardCharsets.UTF_8);
            }
        }
        return "";
    }

    private static Path executable(int process) {
        return Path.of("/proc", Integer.toString(process), "exe");
    }

    static MachineCannot refused(int process, @Nullable Throwable cause) {
        return new MachineCannot(
                "tracing process " + process + " with ptrace",
                "the kernel refuses it, because the process is another user's or ptrace is restricted",
                "run as root or as the process's user, or with CAP_SYS_PTRACE, and see /proc/sys/kernel/yama/ptrace_scope",
                cause);
    }

    /** What to add to an address in the file for the address in the process; 0 for a program that is not position-independent. */
    public static long bias(int process, Path binary) {
        try (ElfFile elf = ElfFile.open(binary)) {
            if (!elf.positionIndependent()) {
                return 0;
            }
            ElfFile.Segment code = elf.segments().stream()
                    .filter(ElfFile.Segment::executable)
                    .findFirst()
                    .orElseThrow(() -> new BadInput(ProgramFile.name(binary) + " has no code; give a program"));
            return codeStart(process) - (code.address() - code.offset());
        } catch (IOException e) {
            throw new OperationFailed(
                    "where process " + process + " has loaded " + ProgramFile.name(binary) + " cannot be read: "
                            + e.getMessage(),
                    e);
        }
    }

    /**
     * Executable memory that belongs to no code: what is left of the last page of a program's code.
     *
     * @param bias what to add to an address in the file
     */
    public static SpareCode spareCode(Path binary, long bias) {
        try (ElfFile elf = ElfFile.open(binary)) {
            return elf.segments().stream()
                    .filter(ElfFile.Segment::executable)
                    .map(segment -> SpareCode.behind(segment.address() + segment.fileSize() + bias))
                    .max(Comparator.comparing(SpareCode::size))
                    .orElse(SpareCode.NONE);
        }
    }

    /**
     * Code with which Go's runtime begins and that is never executed again; nothing if the program has no symbols. What is put there has to be gone
     * before a program begins that was just executed.
     *
     * <p>Source: {@code runtime·rt0_go} in {@code src/runtime/asm_amd64.s}.
     *
     * @param bias what to add to an address in the file
     */
    public static SpareCode startCode(Path binary, long bias) {
        try (ElfFile elf = ElfFile.open(binary)) {
            return elf.functions().stream()
                    .filter(function -> START_CODE.contains(function.name()))
                    .map(function -> SpareCode.within(function.address() + bias, function.size()))
                    .findFirst()
                    .orElse(SpareCode.NONE);
        }
    }

    /** The address at which the first byte of the program's file would be if its code were mapped from there. */
    private static long codeStart(int process) throws IOException {
        Path directory = Path.of("/proc", Integer.toString(process));
        String executable = Files.readSymbolicLink(directory.resolve("exe")).toString();
        for (String line : Files.readAllLines(directory.resolve("maps"), StandardCharsets.ISO_8859_1)) {
            // address perms offset dev inode path
            String[] fields = line.split(" +", 6);
            if (fields.length == 6 && fields[1].charAt(2) == 'x' && fields[5].equals(latin1(executable))) {
                long start = Long.parseUnsignedLong(fields[0].substring(0, fields[0].indexOf('-')), 16);
                return start - Long.parseUnsignedLong(fields[2], 16);
            }
        }
        throw new IOException(directory + "/maps shows no code of " + executable);
    }

    private static String latin1(String path) {
        return new String(path.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
