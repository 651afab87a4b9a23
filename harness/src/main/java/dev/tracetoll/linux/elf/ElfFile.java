package dev.tracetoll.linux.elf;

import dev.tracetoll.linux.file.ProgramFile;
import dev.tracetoll.linux.libc.NativeLibrary;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.problem.Excerpt;
import dev.tracetoll.problem.MachineCannot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.types.size_t;
import org.jspecify.annotations.Nullable;

/**
 * A 64-bit x86 ELF file, read through libelf. Not thread-safe.
 *
 * <p>Constants and structure offsets are those of {@code <elf.h>} and {@code <gelf.h>}.
 */
public final class ElfFile implements AutoCloseable {

    /** A section; {@code address} is 0 for one that is not loaded; {@code compressed} as {@code SHF_COMPRESSED} says. */
    public record Section(int index, String name, long address, long offset, long size, boolean compressed) {}

    /** A loaded segment: {@code fileSize} bytes at {@code offset} go to {@code address}. */
    public record Segment(long offset, long address, long fileSize, boolean executable) {}

    /** A function symbol. */
    public record Function(String name, long address, long size) {}

    /** libelf, functions as in {@code <libelf.h>} and {@code <gelf.h>}. */
    public interface Calls {
        int elf_version(int version);

        Pointer elf_memory(Pointer image, @size_t long size);

        int elf_end(Pointer elf);

        Pointer gelf_getehdr(Pointer elf, Pointer header);

        Pointer gelf_getphdr(Pointer elf, int index, Pointer header);

        Pointer elf_nextscn(Pointer elf, @Nullable Pointer section);

        @size_t
        long elf_ndxscn(Pointer section);

        Pointer gelf_getshdr(Pointer section, Pointer header);

        int elf_getshdrstrndx(Pointer elf, Pointer index);

        String elf_errmsg(int error);
    }

    /** What libelf and libdw say where they do not know what is wrong. */
    static final String NOTHING_WRONG = "no error";

    private static final int EV_CURRENT = 1;
    private static final int ELFCLASS64 = 2;
    private static final int EM_X86_64 = 62;
    private static final int ET_DYN = 3;
    private static final int PT_LOAD = 1;
    private static final int PT_DYNAMIC = 2;
    private static final int PT_TLS = 7;
    private static final int DYNAMIC_ENTRY_BYTES = 16;
    private static final int DT_RELA = 7;
    private static final int DT_RELASZ = 8;
    private static final int RELOCATION_BYTES = 24;
    private static final int R_X86_64_RELATIVE = 8;
    private static final int SHF_COMPRESSED = 0x800;
    private static final int ELFCOMPRESS_ZLIB = 1;
    private static final int COMPRESSION_HEADER_BYTES = 24;
    private static final int ELFCOMPRESS_ZSTD = 2;
    /** "ZLIB", as a number. */
    private static final int OLD_COMPRESSION = 0x42494c5a;

    private static final int OLD_COMPRESSION_HEADER_BYTES = 12;
    private static final int PF_X = 1;
    private static final int SHT_NOBITS = 8;
    private static final int STT_FUNC = 2;
    private static final int STT_TLS = 6;
    private static final int SYMBOL_BYTES = 24;
    /** Of a section; the longest in use have a few dozen. */
    private static final int LONGEST_SECTION_NAME = 1 << 12;
    /** Of a symbol: instances of generic functions have names of some thousand bytes. */
    private static final int LONGEST_NAME = 1 << 16;
    /** A symbol has a name of its own, but linkers let it share the end of another's. */
    private static final int MOST_SHARING = 4;
    /** Linked programs have some dozens of sections and a dozen segments. */
    private static final int MOST_SECTIONS = 1 << 12;

    private static final int MOST_SEGMENTS = 1 << 8;
    /** An array has no more elements. */
    private static final int LARGEST_FILE = Integer.MAX_VALUE - 64;

    private static final class Libelf {
        static final Calls CALLS = NativeLibrary.load(Calls.class, "libelf.so.1", "libelf1");

        static {
            CALLS.elf_version(EV_CURRENT);
        }
    }

    private final String path;
    private final ByteBuffer image;
    private final Pointer imagePointer;
    private final Pointer elf;
    private final boolean positionIndependent;
    private final List<Section> sections = new ArrayList<>();
    private final List<Segment> segments = new ArrayList<>();
    private Optional<Segment> dynamic = Optional.empty();
    private long threadLocalBytes;
    private long threadLocalAlignment = 1;
    /** What the loader adds the load bias to: the address of each such word, and what the word is before. */
    private @Nullable Map<Long, Long> relocations;

    private ElfFile(String path, ByteBuffer image) {
        this.path = path;
        this.image = image;
        this.imagePointer = Pointer.wrap(runtime(), image);
        this.elf = Libelf.CALLS.elf_memory(imagePointer, image.capacity());
        if (elf == null) {
            throw unreadable("it");
        }
        try {
            positionIndependent = readHeaders();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Reads what says where the contents are; returns whether it may be loaded anywhere. */
    private boolean readHeaders() {
        Pointer header = Memory.allocateDirect(runtime(), 64, true);
        if (Libelf.CALLS.gelf_getehdr(elf, header) == null) {
            throw unreadable("its header");
        }
        readSegments(header.getShort(56) & 0xffff);
        // A file may well have no sections, but not lose them.
        if (header.getShort(60) != 0 || header.getLong(40) != 0) {
            readSections();
        }
        return header.getShort(16) == ET_DYN;
    }

    /**
     * Opens an ELF file.
     *
     * @throws BadInput if there is no such file, it cannot be read, or it is no 64-bit x86 ELF file
     */
    public static ElfFile open(Path path) {
        return open(path, ProgramFile.name(path));
    }

    /**
     * Opens an ELF file.
     *
     * @param file where it is read
     * @param path what people call it
     * @throws BadInput if there is no such file, it cannot be read, or it is no 64-bit x86 ELF file
     */
    public static ElfFile open(Path file, String path) {
        ByteBuffer image = read(file, path);
        if (image.capacity() < 64 || image.getInt(0) != 0x464c457f) {
            throw new BadInput(path + " is not an ELF file; give a Go program built for Linux on x86-64");
        }
        int machine = image.getShort(18) & 0xffff;
        if (image.get(4) != ELFCLASS64 || image.get(5) != 1 || machine != EM_X86_64) {
            throw new BadInput(path + " is built for " + architecture(image.get(4), machine)
                    + "; only Linux on x86-64 can be traced: build it with GOARCH=amd64");
        }
        return new ElfFile(path, image);
    }

    private static ByteBuffer read(Path file, String path) {
        if (Files.isDirectory(file)) {
            throw new BadInput(path + " is a directory; give a Go program");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            // A copy, not a mapping: the file may be rebuilt while it is read.
            if (channel.size() > LARGEST_FILE) {
                throw new BadInput(path + " has " + channel.size() + " bytes; programs of up to " + LARGEST_FILE
                        + " can be read: build it without debugging information, with -ldflags=-w");
            }
            ByteBuffer image = ByteBuffer.allocateDirect((int) channel.size()).order(ByteOrder.LITTLE_ENDIAN);
            while (image.hasRemaining() && channel.read(image) >= 0) {
                // A read may end before the file does.
            }
            return image.flip();
        } catch (NoSuchFileException e) {
            throw new BadInput("No such file: " + path + "; give the path of a Go program", e);
        } catch (java.nio.file.AccessDeniedException e) {
            throw new BadInput("No permission to read " + path + "; run as its owner or as root", e);
        } catch (IOException e) {
            throw new BadInput("Cannot read " + path + ": " + e.getMessage(), e);
        } catch (OutOfMemoryError e) {
            throw new MachineCannot(
                    "Reading " + path,
                    "it is larger than the memory that Java may use",
                    "let it use more, with JAVA_TOOL_OPTIONS=-XX:MaxDirectMemorySize=2g",
                    e);
        }
    }

    private static String architecture(int elfClass, int machine) {
        String bits = elfClass == ELFCLASS64 ? "64-bit" : "32-bit";
        return bits + " "
                + switch (machine) {
                    case 3 -> "x86";
                    case 40 -> "ARM";
                    case EM_X86_64 -> "x86-64";
                    case 183 -> "ARM";
                    case 243 -> "RISC-V";
                    case 21 -> "PowerPC";
                    case 22 -> "S390";
                    case 8 -> "MIPS";
                    case 258 -> "LoongArch";
                    default -> "machine type " + machine;
                };
    }

    private void readSegments(int count) {
        if (count > MOST_SEGMENTS) {
            throw damaged("it has " + count + " program headers");
        }
        // What is searched for is searched for in all of them; loaded bytes are in one.
        Allowance loaded = new Allowance(image.capacity() * 2L, () -> damaged("its segments overlap"));
        Pointer header = Memory.allocateDirect(runtime(), 56, true);
        for (int i = 0; i < count; i++) {
            if (Libelf.CALLS.gelf_getphdr(elf, i, header) == null) {
                throw unreadable("program header " + i);
            }
            Segment segment = new Segment(
                    header.getLong(8), header.getLong(16), header.getLong(32), (header.getInt(4) & PF_X) != 0);
            if (header.getInt(0) == PT_LOAD) {
                // A file of debugging information alone has headers of segments that it does not contain.
                loaded.spend(contains(segment.offset, segment.fileSize) ? segment.fileSize : 0);
                segments.add(segment);
            } else if (header.getInt(0) == PT_DYNAMIC) {
                dynamic = Optional.of(segment);
            } else if (header.getInt(0) == PT_TLS) {
                threadLocalBytes = header.getLong(40);
                threadLocalAlignment = Math.max(1, header.getLong(48));
            }
        }
    }

    private void readSections() {
        Pointer index = Memory.allocateDirect(runtime(), 8, true);
        if (Libelf.CALLS.elf_getshdrstrndx(elf, index) != 0) {
            throw unreadable("the table of its sections' names");
        }
        Pointer header = Memory.allocateDirect(runtime(), 64, true);
        List<Integer> starts = new ArrayList<>();
        for (Pointer s = Libelf.CALLS.elf_nextscn(elf, null); s != null; s = Libelf.CALLS.elf_nextscn(elf, s)) {
            if (Libelf.CALLS.gelf_getshdr(s, header) == null) {
                throw unreadable("the header of a section");
            }
            if (sections.size() == MOST_SECTIONS) {
                throw damaged("it has more than " + MOST_SECTIONS + " sections");
            }
            long size = header.getInt(4) == SHT_NOBITS ? 0 : header.getLong(32);
            starts.add(header.getInt(0));
            sections.add(new Section(
                    (int) Libelf.CALLS.elf_ndxscn(s),
                    "",
                    header.getLong(16),
                    header.getLong(24),
                    size,
                    (header.getLong(8) & SHF_COMPRESSED) != 0));
        }
        nameSections(index.getLong(0), starts);
    }

    /** Not by libelf, which knows no longest name. */
    private void nameSections(long table, List<Integer> starts) {
        Section names = sections.stream()
                .filter(section -> section.index == table)
                .findFirst()
                .orElseThrow(() -> damaged("it has no section " + table + ", where the names of its sections are"));
        byte[] text = contents(names);
        for (int i = 0; i < starts.size(); i++) {
            Section unnamed = sections.get(i);
            sections.set(
                    i,
                    new Section(
                            unnamed.index,
                            name(text, starts.get(i), LONGEST_SECTION_NAME, "a section"),
                            unnamed.address,
                            unnamed.offset,
                            unnamed.size,
                            unnamed.compressed));
        }
    }

    /** What people call the file. */
    public String path() {
        return path;
    }

    /** Whether the program may be loaded anywhere (PIE), so that its addresses need the load bias added. */
    public boolean positionIndependent() {
        return positionIndependent;
    }

    public Optional<Section> section(String name) {
        return sections.stream().filter(s -> s.name.equals(name)).findFirst();
    }

    public List<Segment> segments() {
        return List.copyOf(segments);
    }

    /** The function symbols of {@code .symtab}, in the file's order; empty for a stripped file. */
    public List<Function> functions() {
        List<Function> functions = new ArrayList<>();
        forEachSymbol((symbols, at, name) -> {
            if (isFunction(symbols, at)) {
                functions.add(new Function(name.get(), symbols.getLong(at + 8), symbols.getLong(at + 16)));
            }
        });
        return functions;
    }

    /** The address of a symbol that is no function's. */
    public Optional<Long> symbol(String wanted) {
        List<Long> found = new ArrayList<>();
        forEachSymbol((symbols, at, name) -> {
            if (!isFunction(symbols, at) && found.isEmpty() && wanted.equals(name.get())) {
                found.add(symbols.getLong(at + 8));
            }
        });
        return found.stream().findFirst();
    }

    private static boolean isFunction(ByteBuffer symbols, int at) {
        return type(symbols, at) == STT_FUNC;
    }

    private static int type(ByteBuffer symbols, int at) {
        return symbols.get(at + 4) & 0xf;
    }

    /** How large the thread-local variables are together that the file describes. */
    public long threadLocalBytes() {
        return threadLocalBytes;
    }

    /**
     * Where a thread-local variable of the program is from the base of FS; empty if the file does not name it.
     *
     * <p>Source: "ELF Handling For Thread-Local Storage", section 3.4.6, variant II: the program's own variables end at the base of FS.
     */
    public OptionalInt threadLocal(String wanted) {
        // No more than fits below a thread's descriptor; pages are the coarsest alignment.
        if (threadLocalBytes < 0
                || threadLocalBytes > LARGEST_FILE
                || Long.bitCount(threadLocalAlignment) != 1
                || threadLocalAlignment > LARGEST_FILE) {
            throw damaged("its thread-local variables are " + Long.toUnsignedString(threadLocalBytes)
                    + " bytes large, aligned to " + Long.toUnsignedString(threadLocalAlignment));
        }
        long size = (threadLocalBytes + threadLocalAlignment - 1) / threadLocalAlignment * threadLocalAlignment;
        List<Long> found = new ArrayList<>();
        forEachSymbol((symbols, at, name) -> {
            if (type(symbols, at) == STT_TLS && found.isEmpty() && wanted.equals(name.get())) {
                found.add(symbols.getLong(at + 8));
            }
        });
        if (found.stream().anyMatch(value -> value < 0 || value > threadLocalBytes)) {
            throw damaged("thread-local variable " + wanted + " is outside of what it has for them");
        }
        return found.stream().mapToInt(value -> Math.toIntExact(value - size)).findFirst();
    }

    private interface SymbolVisitor {
        void visit(ByteBuffer symbols, int at, Supplier<String> name);
    }

    /** Visits the symbols that are defined in this file, in the image: a call into libelf for each name would cost a hundred times as much. */
    private void forEachSymbol(SymbolVisitor visitor) {
        Optional<Section> symbols = section(".symtab");
        Optional<Section> names = section(".strtab");
        if (symbols.isEmpty() || names.isEmpty()) {
            return;
        }
        ByteBuffer table = ByteBuffer.wrap(contents(symbols.get())).order(ByteOrder.LITTLE_ENDIAN);
        byte[] text = contents(names.get());
        Allowance letters =
                new Allowance((long) MOST_SHARING * text.length, () -> damaged("its symbols share their names"));
        for (int at = 0; at + SYMBOL_BYTES <= table.limit(); at += SYMBOL_BYTES) {
            int start = table.getInt(at);
            if (table.getShort(at + 6) != 0) {
                visitor.visit(table, at, () -> {
                    String name = name(text, start, LONGEST_NAME, "a symbol");
                    letters.spend(name.length());
                    return name;
                });
            }
        }
    }

    private String name(byte[] text, int start, int longest, String whose) {
        int end = start;
        while (start >= 0 && end < text.length && text[end] != 0 && end - start <= longest) {
            end++;
        }
        if (end >= text.length || start < 0) {
            throw damaged("the name of " + whose + " is outside of the string table");
        }
        if (end - start > longest) {
            throw damaged("the name of " + whose + " does not end");
        }
        return new String(text, start, end - start, StandardCharsets.UTF_8);
    }

    private boolean contains(long offset, long size) {
        return offset >= 0 && size >= 0 && offset <= image.capacity() - size;
    }

    private ByteBuffer slice(long offset, long size) {
        if (!contains(offset, size)) {
            throw damaged("it ends before the content it speaks of");
        }
        return image.slice((int) offset, (int) size).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * The least that is read of what claims to be large when it is decompressed. Compilers' debugging information becomes two to five times as
     * large; what becomes {@link #MOST_TIMES} times as large is damaged, or is meant to fill the memory.
     */
    private static final long ENOUGH_BYTES = 64 << 20;

    private static final int MOST_TIMES = 16;

    /**
     * Checks that what is compressed here takes a bearable amount of memory when it is not.
     *
     * @throws BadInput if it does not
     */
    void requireBearable() {
        long stored = 0;
        long claimed = 0;
        for (Section section : sections) {
            ByteBuffer bytes = slice(section.offset, section.size);
            long becomes = -1;
            if (section.compressed && bytes.remaining() >= COMPRESSION_HEADER_BYTES) {
                becomes = bytes.getLong(8);
            } else if (section.name.startsWith(".zdebug") && bytes.remaining() >= OLD_COMPRESSION_HEADER_BYTES) {
                // "ZLIB", then the size as a big-endian number.
                becomes = Long.reverseBytes(bytes.getLong(Integer.BYTES));
            } else {
                continue;
            }
            if (becomes < 0 || becomes > Integer.MAX_VALUE) {
                throw damaged("section " + Excerpt.of(section.name) + " claims to be " + Long.toUnsignedString(becomes)
                        + " bytes large");
            }
            stored += section.size;
            claimed += becomes;
        }
        // Sections can share what is stored.
        if (claimed > Math.max(ENOUGH_BYTES, MOST_TIMES * Math.min(stored, image.capacity()))) {
            throw damaged("its sections claim to become " + claimed + " bytes of " + stored);
        }
    }

    /** The size of the file, in bytes. */
    public long bytes() {
        return image.capacity();
    }

    /** Says that what the file says of itself cannot be true. */
    public BadInput damaged(String what) {
        return new BadInput(path + " is a damaged ELF file: " + what + "; build it again");
    }

    /**
     * Why the debugging information cannot be read, if no more is wrong with it than how it is compressed.
     *
     * @return the section and its compression, in words; empty if it can be
     */
    public Optional<String> unreadableDebugInfo() {
        return sections.stream()
                .filter(section -> section.compressed && section.name.startsWith(".debug_"))
                .filter(section -> section.size >= COMPRESSION_HEADER_BYTES)
                .filter(section -> slice(section.offset, section.size).getInt(0) != ELFCOMPRESS_ZLIB)
                .findFirst()
                .map(section -> "section " + section.name + " is compressed "
                        + (slice(section.offset, section.size).getInt(0) == ELFCOMPRESS_ZSTD
                                ? "by zstd"
                                : "in an unknown way"));
    }

    /** Copies a section of debugging information by its name without {@code .debug_}, also one in the older form of compression. */
    public Optional<byte[]> debugSection(String name) {
        return section(".debug_" + name)
                .map(this::contents)
                .or(() -> section(".zdebug_" + name).map(section -> {
                    ByteBuffer stored = slice(section.offset, section.size);
                    if (stored.remaining() < OLD_COMPRESSION_HEADER_BYTES || stored.getInt(0) != OLD_COMPRESSION) {
                        throw damaged("section " + section.name + " is not compressed as its name says");
                    }
                    requireBearable();
                    return inflate(
                            section,
                            stored.position(OLD_COMPRESSION_HEADER_BYTES),
                            Long.reverseBytes(stored.getLong(Integer.BYTES)));
                }));
    }

    /** Copies a section, decompressed. */
    public byte[] contents(Section section) {
        ByteBuffer stored = slice(section.offset, section.size);
        if (!section.compressed) {
            byte[] bytes = new byte[stored.remaining()];
            stored.get(bytes);
            return bytes;
        }
        // Elf64_Chdr: ch_type, ch_reserved, ch_size, ch_addralign.
        if (stored.remaining() < COMPRESSION_HEADER_BYTES || stored.getInt(0) != ELFCOMPRESS_ZLIB) {
            throw new BadInput(path + " has section " + Excerpt.of(section.name)
                    + " compressed in an unknown way; build it with -ldflags=-compressdwarf=false");
        }
        requireBearable();
        return inflate(section, stored.position(COMPRESSION_HEADER_BYTES), stored.getLong(8));
    }

    private byte[] inflate(Section section, ByteBuffer stored, long size) {
        Inflater inflater = new Inflater();
        try {
            byte[] bytes = new byte[Math.toIntExact(size)];
            inflater.setInput(stored);
            int length = 0;
            while (length < bytes.length && !inflater.finished()) {
                int inflated = inflater.inflate(bytes, length, bytes.length - length);
                if (inflated == 0 && inflater.needsInput()) {
                    break;
                }
                length += inflated;
            }
            if (length == bytes.length) {
                return bytes;
            }
            throw new DataFormatException("it ends too early");
        } catch (DataFormatException | ArithmeticException | NegativeArraySizeException e) {
            throw new BadInput(
                    path + " is damaged: section " + Excerpt.of(section.name) + ": " + e.getMessage()
                            + "; build it again",
                    e);
        } finally {
            inflater.end();
        }
    }

    /** The file's bytes of a loaded segment, little-endian. */
    public ByteBuffer contents(Segment segment) {
        return slice(segment.offset, segment.fileSize).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The pointer at an address, as it would be if the program were loaded where its addresses say. */
    public long pointer(long address) {
        Long relocated = relocations().get(address);
        return relocated != null
                ? relocated
                : ByteBuffer.wrap(read(address, Long.BYTES))
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getLong();
    }

    /** The addresses of all pointers, outside of code, to an address. */
    public List<Long> pointersTo(long address) {
        List<Long> found = new ArrayList<>();
        relocations().forEach((at, value) -> {
            if (value == address) {
                found.add(at);
            }
        });
        for (Segment segment : segments) {
            if (segment.executable) {
                continue;
            }
            ByteBuffer bytes = contents(segment);
            for (int at = (int) (-segment.address & Long.BYTES - 1);
                    at + Long.BYTES <= bytes.limit();
                    at += Long.BYTES) {
                if (bytes.getLong(at) == address) {
                    found.add(segment.address + at);
                }
            }
        }
        return found;
    }

    private Map<Long, Long> relocations() {
        if (relocations == null) {
            Map<Long, Long> found = new HashMap<>();
            relocations = found;
            dynamic.ifPresent(where -> readRelocations(where, found));
        }
        return relocations;
    }

    private void readRelocations(Segment where, Map<Long, Long> into) {
        ByteBuffer entries = contents(where);
        long start = 0;
        long size = 0;
        for (int at = 0; at + DYNAMIC_ENTRY_BYTES <= entries.limit(); at += DYNAMIC_ENTRY_BYTES) {
            long tag = entries.getLong(at);
            start = tag == DT_RELA ? entries.getLong(at + 8) : start;
            size = tag == DT_RELASZ ? entries.getLong(at + 8) : size;
        }
        if (size == 0) {
            return;
        }
        if (size < 0 || size > image.capacity()) {
            throw damaged("its relocations are " + Long.toUnsignedString(size) + " bytes large");
        }
        ByteBuffer table = ByteBuffer.wrap(read(start, (int) size)).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at + RELOCATION_BYTES <= table.limit(); at += RELOCATION_BYTES) {
            if (table.getInt(at + 8) == R_X86_64_RELATIVE) {
                into.put(table.getLong(at), table.getLong(at + 16));
            }
        }
    }

    /** The file offset of what is loaded at an address; empty if nothing in the file is. */
    public Optional<Long> fileOffset(long address) {
        for (Segment segment : segments) {
            long into = address - segment.address;
            if (into >= 0
                    && into < segment.fileSize
                    && segment.offset >= 0
                    && segment.offset <= image.capacity() - into) {
                return Optional.of(segment.offset + into);
            }
        }
        return Optional.empty();
    }

    /** Copies what the file holds for a range of addresses. */
    public byte[] read(long address, int length) {
        long offset = fileOffset(address)
                .orElseThrow(() -> new BadInput(
                        path + " has no bytes for address 0x" + Long.toHexString(address) + "; the file is damaged"));
        if (length < 0 || length > image.capacity() - offset) {
            throw damaged("it ends before the " + length + " bytes at address 0x" + Long.toHexString(address));
        }
        byte[] bytes = new byte[length];
        image.get((int) offset, bytes);
        return bytes;
    }

    /**
     * The DWARF debugging information.
     *
     * @param isEntry whether an entry begins at an offset of {@code .debug_info}
     */
    public DebugInfo debugInfo(LongPredicate isEntry) {
        return DebugInfo.of(this, elf, isEntry);
    }

    /** What libelf says of what it could not read, if it says anything. */
    private BadInput unreadable(String what) {
        String said = Libelf.CALLS.elf_errmsg(-1);
        return damaged(
                what + " cannot be read" + (said == null || said.equals(NOTHING_WRONG) ? "" : " (" + said + ")"));
    }

    private static Runtime runtime() {
        return Runtime.getSystemRuntime();
    }

    @Override
    public void close() {
        Libelf.CALLS.elf_end(elf);
    }
}
