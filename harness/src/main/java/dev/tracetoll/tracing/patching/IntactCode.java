package dev.tracetoll.tracing.patching;

import dev.tracetoll.linux.elf.ElfFile;
import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.process.LoadedImage;
import dev.tracetoll.tracing.TracedProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Whether the code that jumps are to be put over is still that of the program's file: a breakpoint of somebody else would be lost, and put back later. */
public final class IntactCode {

    private IntactCode() {}

    /**
     * Refuses a running process in which it is not.
     *
     * @param binary its program
     * @throws OperationFailed if somebody else has changed it, or it cannot be read
     */
    public static void require(TracedProcess process, Path binary, List<Patch> patches) {
        if (process.awaitingExec()) {
            return;
        }
        LoadedImage.check(process.pid(), binary);
        long bias = LoadedImage.bias(process.pid(), binary);
        try (ElfFile elf = ElfFile.open(binary);
                CodeInProcess memory = CodeInProcess.of(process.pid())) {
            for (Patch patch : patches) {
                require(process, elf, memory, bias, patch.address(), patch.bytes());
                if (patch.via().isPresent()) {
                    require(process, elf, memory, bias, patch.via().getAsLong(), Patch.JUMP_BYTES);
                }
            }
        } catch (IOException e) {
            throw new OperationFailed("the code of process " + process.pid() + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static void require(
            TracedProcess process, ElfFile elf, CodeInProcess memory, long bias, long address, int bytes)
            throws IOException {
        if (!Arrays.equals(memory.read(address + bias, bytes), elf.read(address, bytes))) {
            throw new OperationFailed(
                    "the code of process " + process.pid() + " at 0x"
                            + Long.toHexString(address + bias)
                            + " is not that of its file, where a jump is to be put: another tracer may have a probe there; end that one, or use --backend ebpf");
        }
    }
}
