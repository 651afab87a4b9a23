package dev.tracetoll.testing;

import dev.tracetoll.linux.elf.ElfFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** A program's code as it is in the memory of a process, which has it where its file says. */
public final class ProcessCode {

    private static final long PAGE = 4096;

    private ProcessCode() {}

    /** All that is in the file. */
    public static byte[] read(Path program, long pid) throws IOException {
        return read(program, pid, 1);
    }

    /** The same up to the end of the page. */
    public static byte[] readPages(Path program, long pid) throws IOException {
        return read(program, pid, PAGE);
    }

    private static byte[] read(Path program, long pid, long unit) throws IOException {
        try (ElfFile elf = ElfFile.open(program);
                RandomAccessFile memory = new RandomAccessFile("/proc/" + pid + "/mem", "r")) {
            ElfFile.Segment text = elf.segments().stream()
                    .filter(ElfFile.Segment::executable)
                    .findFirst()
                    .orElseThrow();
            byte[] bytes = new byte[(int) (text.fileSize() + unit - 1 & -unit)];
            memory.seek(text.address());
            memory.readFully(bytes);
            return bytes;
        }
    }
}
