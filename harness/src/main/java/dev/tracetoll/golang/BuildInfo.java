package dev.tracetoll.golang;

import dev.tracetoll.linux.ElfFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The build information that the Go linker leaves in section {@code .go.buildinfo}.
 *
 * <p>Format: Go's {@code src/debug/buildinfo/buildinfo.go}.
 */
final class BuildInfo {

    private static final byte[] MAGIC = "\u00ff Go buildinf:".getBytes(StandardCharsets.ISO_8859_1);
    private static final int POINTER_SIZE = 14;
    private static final int FLAGS = 15;
    private static final int FLAG_STRINGS_INLINE = 2;
    private static final int INLINE_STRINGS = 32;
    private static final int VERSION_POINTER = 16;

    private BuildInfo() {}

    /** The version of Go that built the file; empty if no Go did. */
    static Optional<GoVersion> goVersion(ElfFile elf) {
        Optional<ElfFile.Section> section = elf.section(".go.buildinfo");
        if (section.isEmpty() || section.get().size() < INLINE_STRINGS) {
            return Optional.empty();
        }
        byte[] bytes = elf.read(section.get().address(), (int) section.get().size());
        if (!ByteBuffer.wrap(bytes, 0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))) {
            return Optional.empty();
        }
        return GoVersion.parse((bytes[FLAGS] & FLAG_STRINGS_INLINE) != 0 ? inline(bytes) : pointed(elf, bytes));
    }

    private static String inline(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        buffer.position(INLINE_STRINGS);
        int length = 0;
        int shift = 0;
        byte b;
        do {
            b = buffer.get();
            length |= (b & 0x7f) << shift;
            shift += 7;
        } while (b < 0 && shift < 28);
        return length > buffer.remaining() ? "" : new String(bytes, buffer.position(), length, StandardCharsets.UTF_8);
    }

    /** Up to Go 1.17 the section held a pointer to a string header. */
    private static String pointed(ElfFile elf, byte[] bytes) {
        if (bytes[POINTER_SIZE] != Long.BYTES) {
            return "";
        }
        long header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(VERSION_POINTER);
        ByteBuffer text = ByteBuffer.wrap(elf.read(header, 16)).order(ByteOrder.LITTLE_ENDIAN);
        return new String(elf.read(text.getLong(0), (int) text.getLong(8)), StandardCharsets.UTF_8);
    }
}
