package dev.tracetoll.tracing.patching;

import dev.tracetoll.linux.ptrace.Steps;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The memory of a process, as who traces it may change it, code that the process itself could not write included: see proc(5). */
final class CodeInProcess implements AutoCloseable {

    private final FileChannel memory;

    private CodeInProcess(FileChannel memory) {
        this.memory = memory;
    }

    static CodeInProcess of(int process) throws IOException {
        return new CodeInProcess(FileChannel.open(
                Path.of("/proc", Integer.toString(process), "mem"), StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    void write(long address, byte[] bytes) throws IOException {
        Steps.next();
        ByteBuffer source = ByteBuffer.wrap(bytes);
        while (source.hasRemaining()) {
            memory.write(source, address + source.position());
        }
    }

    byte[] read(long address, int bytes) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(bytes);
        while (into.hasRemaining()) {
            if (memory.read(into, address + into.position()) < 0) {
                throw new IOException("nothing is at 0x" + Long.toHexString(address));
            }
        }
        return into.array();
    }

    @Override
    public void close() throws IOException {
        memory.close();
    }
}
