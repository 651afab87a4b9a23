package dev.tracetoll.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes 64-bit x86 ELF files by hand, also such as no linker makes. Layouts are those of {@code <elf.h>}. */
public final class ElfImage {

    public static final int PT_LOAD = 1;
    public static final int PT_TLS = 7;
    public static final int STT_FUNC = 2;
    public static final int STT_TLS = 6;
    public static final int SHF_COMPRESSED = 0x800;
    private static final int SHT_PROGBITS = 1;
    private static final int SHT_STRTAB = 3;
    private static final int HEADER_BYTES = 64;
    private static final int PROGRAM_HEADER_BYTES = 56;
    private static final int SECTION_HEADER_BYTES = 64;
    private static final int CODE = 5;

    private record Section(String name, long flags, long address, byte[] contents, int copies) {}

    private record Segment(int type, long offset, long address, long fileSize, long memorySize, long align) {}

    private final List<Section> sections = new ArrayList<>();
    private final List<Segment> segments = new ArrayList<>();

    /** Adds a section. */
    public ElfImage section(String name, byte[] contents) {
        return sections(name, 0, contents, 1);
    }

    /** Adds a section that says it is compressed by zlib and has as many bytes as claimed. */
    public ElfImage compressed(String name, long claimed, byte[] stored) {
        return compressed(name, claimed, stored, 1);
    }

    /** Adds sections that share their contents. */
    public ElfImage compressed(String name, long claimed, byte[] stored, int copies) {
        return sections(
                name,
                SHF_COMPRESSED,
                buffer(24 + stored.length)
                        .putInt(1)
                        .putInt(0)
                        .putLong(claimed)
                        .putLong(1)
                        .put(stored)
                        .array(),
                copies);
    }

    /** Adds sections of one name that share their contents. */
    public ElfImage sections(String name, long flags, byte[] contents, int copies) {
        sections.add(new Section(name, flags, 0, contents, copies));
        return this;
    }

    /** Adds a program header. */
    public ElfImage segment(int type, long offset, long address, long fileSize, long memorySize, long align) {
        segments.add(new Segment(type, offset, address, fileSize, memorySize, align));
        return this;
    }

    /** A symbol of section 1. */
    public static byte[] symbol(int name, int type, long value, long size) {
        return buffer(24)
                .putInt(name)
                .put((byte) type)
                .put((byte) 0)
                .putShort((short) 1)
                .putLong(value)
                .putLong(size)
                .array();
    }

    /** A buffer as the file has its numbers. */
    public static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Writes the file; its contents begin behind the program headers. */
    public Path write(Path file) throws IOException {
        ByteArrayOutputStream names = new ByteArrayOutputStream();
        names.write(0);
        int at = HEADER_BYTES + segments.size() * PROGRAM_HEADER_BYTES;
        ByteArrayOutputStream contents = new ByteArrayOutputStream();
        ByteArrayOutputStream headers = new ByteArrayOutputStream();
        headers.write(new byte[SECTION_HEADER_BYTES]);
        int count = 1;
        for (Section section : sections) {
            for (int i = 0; i < section.copies; i++, count++) {
                headers.write(header(
                        names.size(),
                        SHT_PROGBITS,
                        section.flags,
                        section.address,
                        at + contents.size(),
                        section.contents.length));
            }
            names.write(section.name.getBytes(StandardCharsets.UTF_8));
            names.write(0);
            contents.write(section.contents);
        }
        int own = names.size();
        names.write(".shstrtab\0".getBytes(StandardCharsets.US_ASCII));
        headers.write(header(own, SHT_STRTAB, 0, 0, at + contents.size(), names.size()));
        contents.write(names.toByteArray());
        int table = at + contents.size();
        ByteBuffer bytes = buffer(table + headers.size());
        bytes.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0})
                .putShort((short) 2)
                .putShort((short) 62)
                .putInt(1)
                .putLong(0)
                .putLong(HEADER_BYTES)
                .putLong(table)
                .putInt(0)
                .putShort((short) HEADER_BYTES)
                .putShort((short) PROGRAM_HEADER_BYTES)
                .putShort((short) segments.size())
                .putShort((short) SECTION_HEADER_BYTES)
                .putShort((short) (count + 1))
                .putShort((short) count);
        for (Segment segment : segments) {
            bytes.putInt(segment.type)
                    .putInt(CODE)
                    .putLong(segment.offset)
                    .putLong(segment.address)
                    .putLong(segment.address)
                    .putLong(segment.fileSize)
                    .putLong(segment.memorySize)
                    .putLong(segment.align);
        }
        bytes.put(contents.toByteArray()).put(headers.toByteArray());
        return Files.write(file, bytes.array());
    }

    private static byte[] header(int name, int type, long flags, long address, long offset, long size) {
        return buffer(SECTION_HEADER_BYTES)
                .putInt(name)
                .putInt(type)
                .putLong(flags)
                .putLong(address)
                .putLong(offset)
                .putLong(size)
                .putInt(0)
                .putInt(0)
                .putLong(1)
                .putLong(0)
                .array();
    }
}
