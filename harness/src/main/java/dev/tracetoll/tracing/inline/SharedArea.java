package dev.tracetoll.tracing.inline;

import dev.tracetoll.problem.OperationFailed;
import dev.tracetoll.tracing.patching.Detour;
import dev.tracetoll.tracing.patching.ForcedCalls;
import dev.tracetoll.tracing.patching.Installation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Memory that the process and this one share: of a file of memory, all 0 at first.
 *
 * @param address where the process has it
 * @param memory where this one does
 */
record SharedArea(long address, ByteBuffer memory) {

    // linux/mman.h.
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int MAP_SHARED = 1;

    /** With this begin the names of this technique's files of memory. */
    static final String NAME = Installation.NAME + "inline";

    static SharedArea map(ForcedCalls calls, Detour.Home home, long bytes) {
        int file = calls.memoryFile(NAME, bytes, false);
        long address = calls.map(0, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file);
        ByteBuffer memory = share(home.process(), calls.path(file), bytes);
        calls.close(file);
        return new SharedArea(address, memory);
    }

    private static ByteBuffer share(int process, Path path, long bytes) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes).order(ByteOrder.nativeOrder());
        } catch (IOException e) {
            throw new OperationFailed("the memory shared with process " + process + " cannot be mapped: " + e, e);
        }
    }
}
