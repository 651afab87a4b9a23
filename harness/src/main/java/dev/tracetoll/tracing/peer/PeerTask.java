package dev.tracetoll.tracing.peer;

import dev.tracetoll.linux.elf.ElfFile;
import dev.tracetoll.problem.BadInput;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a peer is to trace, and where it writes.
 *
 * @param function the function, as the linker names it
 * @param code the function's code in the program's file
 * @param address where that is in the process
 * @param fileOffset where it is in the file
 * @param lowestDescriptor of system calls those on lower file descriptors do not count
 * @param process the process; 0 as long as there is none
 * @param directory for the peer's files, and deleted after it
 */
public record PeerTask(
        String function,
        byte[] code,
        long address,
        long fileOffset,
        int lowestDescriptor,
        int process,
        Path directory) {

    private static final Pattern WAITING = Pattern.compile("\\s");

    /**
     * A task without a process.
     *
     * @param function its name in the source; what is written in assembly has another for the linker
     * @throws BadInput if the program has no such function, or can be loaded anywhere
     */
    static PeerTask of(Path binary, String function, int lowestDescriptor, Path directory) {
        try (ElfFile elf = ElfFile.open(binary)) {
            if (elf.positionIndependent()) {
                throw new BadInput(binary
                        + " is position-independent; build it without -buildmode=pie to trace it with another tool");
            }
            ElfFile.Function found = elf.functions().stream()
                    .filter(each -> each.name().equals(function) || each.name().equals(function + ".abi0"))
                    .findFirst()
                    .orElseThrow(() -> new BadInput(binary + " has no symbol " + function
                            + "; other tools need one: build it without -ldflags=-s"));
            return new PeerTask(
                    found.name(),
                    elf.read(found.address(), (int) found.size()),
                    found.address(),
                    elf.fileOffset(found.address()).orElseThrow(),
                    lowestDescriptor,
                    0,
                    directory);
        }
    }

    PeerTask of(int pid) {
        return new PeerTask(function, code, address, fileOffset, lowestDescriptor, pid, directory);
    }

    /** The program as a path without odd characters. */
    String program() {
        return "/proc/" + process + "/exe";
    }

    /** The tool's standard output. */
    Path output() {
        return directory.resolve("output");
    }

    /** The tool's standard error. */
    Path errors() {
        return directory.resolve("errors");
    }

    /** Whether the process's function is not what it was: somebody has put breakpoints into it. */
    boolean codeIsPatched() throws IOException {
        byte[] now = new byte[code.length];
        try (RandomAccessFile memory = new RandomAccessFile("/proc/" + process + "/mem", "r")) {
            memory.seek(address);
            memory.readFully(now);
        }
        return !Arrays.equals(now, code);
    }

    /** Whether the first thread of the peer waits in a system call with one of these numbers; see proc_pid_syscall(5). */
    static boolean waitsIn(int peer, int... systemCalls) throws IOException {
        String number = WAITING.split(Files.readString(Path.of("/proc/" + peer + "/syscall")), 2)[0];
        return Arrays.stream(systemCalls).mapToObj(Integer::toString).anyMatch(number::equals);
    }

    /** How many lines of a file begin with a text. */
    static long linesBeginning(Path file, String beginning) throws IOException {
        // Not UTF-8 for sure: what the target passes is printed, and while the tool runs its last character may be cut.
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.startsWith(beginning)).count();
        }
    }
}
