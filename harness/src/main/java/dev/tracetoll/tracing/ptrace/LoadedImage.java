package dev.tracetoll.tracing.ptrace;

import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.MachineCannot;
import dev.tracetoll.problem.OperationFailed;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a process has loaded its program.
 *
 * <p>Source of the offsets: {@code elf.h}; of the format of {@code maps}: proc(5).
 */
final class LoadedImage {

    private static final int ELF_HEADER_SIZE = 64;
    private static final int E_TYPE = 16;
    private static final int E_PHOFF = 32;
    private static final int E_PHENTSIZE = 54;
    private static final int E_PHNUM = 56;
    private static final int ET_EXEC = 2;
    private static final int PT_LOAD = 1;
    private static final int P_FLAGS = 4;
    private static final int P_OFFSET = 8;
    private static final int P_VADDR = 16;
    private static final int PF_X = 1;

    private LoadedImage() {}

    /**
     * Checks that a process runs a program.
     *
     * @throws BadInput if there is no such process, or it runs another program
     * @throws MachineCannot if this user must not look
     */
    static void check(int process, Path binary) {
        Path executable = Path.of("/proc", Integer.toString(process), "exe");
        try {
            if (!Files.isSameFile(executable, binary)) {
                throw new BadInput("process " + process + " runs " + Files.readSymbolicLink(executable) + ", not " + binary
                        + "; name the file it was started from");
            }
        } catch (AccessDeniedException e) {
            throw refused(process, e);
        } catch (IOException e) {
            throw new BadInput(Files.isDirectory(executable.getParent())
                    ? "process " + process + " has already ended or is no program of its own (" + e.getMessage() + "); name a running one"
                    : "there is no process " + process + "; name a running one", e);
        }
    }

    static MachineCannot refused(int process, Throwable cause) {
        return new MachineCannot("tracing process " + process + " with ptrace",
                "the kernel refuses it, because the process is another user's or ptrace is restricted",
                "run as root or as the process's user, and see /proc/sys/kernel/yama/ptrace_scope", cause);
    }

    /** What to add to an address in the file for the address in the process; 0 for a program that is not position-independent. */
    static long bias(int process, Path binary) {
        try (RandomAccessFile file = new RandomAccessFile(binary.toFile(), "r")) {
            ByteBuffer header = read(file, 0, ELF_HEADER_SIZE);
            if (header.getShort(E_TYPE) == ET_EXEC) {
                return 0;
            }
            int entrySize = header.getShort(E_PHENTSIZE);
            for (int i = 0; i < header.getShort(E_PHNUM); i++) {
                ByteBuffer segment = read(file, header.getLong(E_PHOFF) + (long) i * entrySize, entrySize);
                if (segment.getInt(0) == PT_LOAD && (segment.getInt(P_FLAGS) & PF_X) != 0) {
                    return codeStart(process) - (segment.getLong(P_VADDR) - segment.getLong(P_OFFSET));
                }
            }
        } catch (IOException e) {
            throw new OperationFailed("where process " + process + " has loaded " + binary + " cannot be read: " + e.getMessage(), e);
        }
        throw new BadInput(binary + " has no code segment");
    }

    private static ByteBuffer read(RandomAccessFile file, long offset, int size) throws IOException {
        byte[] bytes = new byte[size];
        file.seek(offset);
        file.readFully(bytes);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
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
