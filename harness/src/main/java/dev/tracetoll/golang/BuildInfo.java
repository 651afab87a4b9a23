package dev.tracetoll.golang;

import dev.tracetoll.linux.elf.ElfFile;
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
    private static final int ALIGNMENT = 16;
    /** More than any version takes. */
    private static final int LONGEST = 1024;

    private static final int POINTER_SIZE = 14;
    private static final int FLAGS = 15;
    private static final int FLAG_STRINGS_INLINE = 2;
    private static final int INLINE_STRINGS = 32;
    private static final int VERSION_POINTER = 16;

    private BuildInfo() {}

    /** The version of Go that built the file; empty if no Go did. */
    static Optional<GoVersion> goVersion(ElfFile elf) {
        Optional<ElfFile.Section> section = elf.section(".go.buildinfo");
        Optional<byte[]> found = section.isPresent() ? Optional.of(elf.contents(section.get())) : search(elf);
        return found.filter(bytes -> bytes.length >= INLINE_STRINGS && startsWithMagic(ByteBuffer.wrap(bytes), 0))
                .flatMap(bytes -> GoVersion.parse(
                        (bytes[FLAGS] & FLAG_STRINGS_INLINE) != 0 ? inline(bytes) : pointed(elf, bytes)));
    }

    /** Without sections it is found by its magic, among the data. */
    private static Optional<byte[]> search(ElfFile elf) {
        for (ElfFile.Segment segment : elf.segments()) {
            ByteBuffer contents = elf.contents(segment);
            for (int at = 0; !segment.executable() && at + INLINE_STRINGS <= contents.limit(); at += ALIGNMENT) {
                if (startsWithMagic(contents, at)) {
                    byte[] bytes = new byte[Math.min(LONGEST, contents.limit() - at)];
                    contents.get(at, bytes);
                    return Optional.of(bytes);
                }
            }
        }
        return Optional.empty();
    }

    private static boolean startsWithMagic(ByteBuffer bytes, int at) {
        return bytes.get(at) == MAGIC[0] && bytes.slice(at, MAGIC.length).equals(ByteBuffer.wrap(MAGIC));
    }

    private static String inline(byte[] bytes) {
        int at = INLINE_STRINGS;
        int length = 0;
        int shift = 0;
        byte b;
        do {
            if (at == bytes.length) {
                return "";
            }
            b = bytes[at++];
            length |= (b & 0x7f) << shift;
            shift += 7;
        } while (b < 0 && shift < 28);
        return length > Math.min(LONGEST, bytes.length - at)
                ? ""
                : new String(bytes, at, length, StandardCharsets.UTF_8);
    }

    /** Up to Go 1.17 the section held a pointer to a string header. */
    private static String pointed(ElfFile elf, byte[] bytes) {
        if (bytes[POINTER_SIZE] != Long.BYTES) {
            return "";
        }
        long header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(VERSION_POINTER);
        ByteBuffer text = ByteBuffer.wrap(elf.read(header, 16)).order(ByteOrder.LITTLE_ENDIAN);
        long length = text.getLong(8);
        return length < 0 || length > LONGEST
                ? ""
                : new String(elf.read(text.getLong(0), (int) length), StandardCharsets.UTF_8);
    }
}
