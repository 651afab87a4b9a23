package dev.tracetoll.golang;

import dev.tracetoll.linux.elf.ElfFile;
import dev.tracetoll.problem.BadInput;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The table of functions that the Go runtime itself needs, and that therefore every Go program carries, stripped or not.
 *
 * <p>Format: {@code pcHeader}, {@code moduledata} and {@code functab} in Go's {@code src/runtime/symtab.go}, {@code _func} in
 * {@code src/runtime/runtime2.go}, written by {@code src/cmd/link/internal/ld/pcln.go}. Go 1.18 and 1.19 wrote the first format below,
 * Go 1.20 and later the second, which adds the line a function starts at.
 */
final class Pclntab {

    /**
     * A Go function, also one in assembly. C functions are not in the table.
     *
     * @param name as the linker has it, but by Go 1.19 with type arguments replaced by {@code ...}
     * @param address its entry
     * @param size of its code in bytes, without the padding behind it
     * @param argumentBytes of its stack arguments and results; empty where that is not known
     * @param assembly whether it was written in assembly
     */
    record Entry(String name, long address, long size, OptionalInt argumentBytes, boolean assembly) {
        private Entry onStack() {
            return new Entry(name + ABI0, address, size, argumentBytes, assembly);
        }
    }

    /** What the linker adds to the name of a function whose arguments are on the stack if there is another whose are in registers. */
    static final String ABI0 = ".abi0";

    private static final int GO_1_18 = 0xfffffff0;
    private static final int GO_1_20 = 0xfffffff1;
    /** Instructions are multiples of one byte, pointers have eight. */
    private static final int QUANTUM_AND_POINTER = 0x0801;

    private static final int HEADER_BYTES = 72;
    private static final int FTAB_ENTRY_BYTES = 8;
    /** {@code moduledata} holds pcHeader, six slices, findfunctab, minpc, maxpc, text, etext. */
    private static final int MODULE_TEXT = 176;

    private static final int MODULE_FUNCNAMETAB = 8;
    /** {@code ArgsSizeUnknown} in {@code src/runtime/funcdata.go}. */
    private static final int ARGUMENTS_UNKNOWN = 0x80000000;

    private static final int FLAG_ASSEMBLY = 4;
    private static final String TYPE_ARGUMENTS = "[...]";
    /** The linker fills the gaps between functions with {@code int3}. */
    private static final byte PADDING = (byte) 0xcc;
    /** No name of a function is as long; a table without ends of names would be read to its end for each. */
    private static final int LONGEST_NAME = 1 << 16;
    /** All names and tables of stack depths are read once each, but several functions can share them. */
    private static final int MOST_SHARING = 16;

    private static final List<String> SECTIONS = List.of(".gopclntab", ".data.rel.ro.gopclntab");

    private final ElfFile elf;
    private final ByteBuffer table;
    private final long address;
    private final byte[] bytes;
    /** How many bytes may still be read of names and tables of stack depths. */
    private long left;

    private Pclntab(ElfFile elf, ByteBuffer table, long address) {
        this.elf = elf;
        this.table = table;
        this.address = address;
        this.bytes = new byte[table.limit()];
        table.get(0, bytes);
        left = (long) MOST_SHARING * bytes.length;
    }

    /**
     * Finds the table in a program, by its section or, where that has been renamed or removed, by its header.
     *
     * @return empty if there is none in a known format
     */
    static Optional<Pclntab> of(ElfFile elf) {
        for (String name : SECTIONS) {
            Optional<ElfFile.Section> section = elf.section(name);
            if (section.isPresent() && section.get().size() >= HEADER_BYTES) {
                ByteBuffer contents =
                        ByteBuffer.wrap(elf.contents(section.get())).order(ByteOrder.LITTLE_ENDIAN);
                if (isHeader(contents, 0)) {
                    return Optional.of(new Pclntab(elf, contents, section.get().address()));
                }
            }
        }
        for (ElfFile.Segment segment : elf.segments()) {
            ByteBuffer contents = elf.contents(segment);
            for (int at = 0; !segment.executable() && at + HEADER_BYTES <= contents.limit(); at += Long.BYTES) {
                if (isHeader(contents, at)) {
                    return Optional.of(new Pclntab(
                            elf,
                            contents.slice(at, contents.limit() - at).order(ByteOrder.LITTLE_ENDIAN),
                            segment.address() + at));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isHeader(ByteBuffer bytes, int at) {
        int magic = bytes.getInt(at);
        if (magic != GO_1_18 && magic != GO_1_20
                || bytes.getShort(at + 4) != 0
                || bytes.getShort(at + 6) != QUANTUM_AND_POINTER) {
            return false;
        }
        long previous = HEADER_BYTES;
        for (int offset = 32; offset < HEADER_BYTES; offset += Long.BYTES) {
            long next = bytes.getLong(at + offset);
            if (next < previous || next > bytes.limit() - at) {
                return false;
            }
            previous = next;
        }
        long functions = bytes.getLong(at + 8);
        return functions > 0 && functions < (bytes.limit() - at - previous) / FTAB_ENTRY_BYTES;
    }

    /** All functions, in the order of their addresses. */
    List<Entry> functions() {
        try {
            return readFunctions();
        } catch (IndexOutOfBoundsException | BufferUnderflowException | ArithmeticException e) {
            throw damaged("it refers to what is outside of it", e);
        }
    }

    private BadInput damaged(String why, @Nullable Throwable cause) {
        return new BadInput(
                elf.path() + " has a damaged table of functions (pclntab): " + why + "; build it again", cause);
    }

    /** An entry whose name is not yet the linker's; {@code kind} is the compiler's {@code funcID}, whose numbers differ between versions. */
    private record Row(Entry entry, int kind) {}

    private List<Entry> readFunctions() {
        int count = Math.toIntExact(table.getLong(8));
        int names = (int) table.getLong(32);
        int pctab = (int) table.getLong(56);
        int ftab = (int) table.getLong(64);
        int flags = table.getInt(0) == GO_1_18 ? 37 : 41;
        long text = textStart();
        List<Row> rows = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long entry = text + Integer.toUnsignedLong(table.getInt(ftab + i * FTAB_ENTRY_BYTES));
            long next = text + Integer.toUnsignedLong(table.getInt(ftab + (i + 1) * FTAB_ENTRY_BYTES));
            if (entry > next) {
                throw damaged("its functions are not in the order of their addresses", null);
            }
            int function = ftab + table.getInt(ftab + i * FTAB_ENTRY_BYTES + 4);
            int arguments = table.getInt(function + 8);
            int stackTable = table.getInt(function + 16);
            rows.add(new Row(
                    new Entry(
                            name(names + table.getInt(function + 4)),
                            entry,
                            stackTable == 0 ? withoutPadding(entry, next) : coveredBy(pctab + stackTable),
                            arguments == ARGUMENTS_UNKNOWN ? OptionalInt.empty() : OptionalInt.of(arguments),
                            (table.get(function + flags) & FLAG_ASSEMBLY) != 0),
                    table.get(function + flags - 1)));
        }
        return linkerNames(rows);
    }

    /**
     * Where a function has both calling conventions, one of the two is a wrapper, and the linker adds {@code .abi0} to the name of the one
     * that takes its arguments on the stack: the function itself if it is in assembly, else the wrapper. Which kind is the wrappers' shows
     * where the other one is in assembly.
     */
    private static List<Entry> linkerNames(List<Row> rows) {
        Map<String, List<Row>> byName = new HashMap<>();
        for (Row row : rows) {
            if (!row.entry.name.contains(TYPE_ARGUMENTS)) {
                byName.computeIfAbsent(row.entry.name, name -> new ArrayList<>(2))
                        .add(row);
            }
        }
        byName.values().removeIf(same -> same.size() != 2);
        OptionalInt wrapper = byName.values().stream()
                .filter(same -> same.get(0).entry.assembly != same.get(1).entry.assembly)
                .mapToInt(same -> same.get(same.get(0).entry.assembly ? 1 : 0).kind)
                .findFirst();
        List<Entry> entries = new ArrayList<>(rows.size());
        for (Row row : rows) {
            List<Row> same = byName.getOrDefault(row.entry.name, List.of());
            boolean stack = same.stream().anyMatch(each -> each.entry.assembly)
                    ? row.entry.assembly
                    : !same.isEmpty() && wrapper.isPresent() && row.kind == wrapper.getAsInt();
            entries.add(stack ? row.entry.onStack() : row.entry);
        }
        return entries;
    }

    /**
     * The address that entries are relative to. Up to Go 1.25 the header says so, except in a file that is relocated when it is loaded
     * (PIE); else it is the {@code text} of {@code moduledata}, which begins with a pointer to this table.
     */
    private long textStart() {
        long inHeader = elf.pointer(address + 24);
        if (inHeader != 0) {
            return inHeader;
        }
        return module().map(module -> elf.pointer(module + MODULE_TEXT))
                .orElseThrow(
                        () -> new BadInput(
                                elf.path()
                                        + " does not say where its code starts (no moduledata points to its table of functions); build it again without stripping it"));
    }

    /** The address of the {@code moduledata} that begins with a pointer to this table. */
    Optional<Long> module() {
        return elf.pointersTo(address).stream()
                .filter(module ->
                        elf.fileOffset(module + MODULE_TEXT + Long.BYTES).isPresent()
                                && elf.pointer(module + MODULE_FUNCNAMETAB) == address + table.getLong(32))
                .findFirst();
    }

    private String name(int start) {
        int end = start;
        while (bytes[end] != 0) {
            end++;
            if (end - start > LONGEST_NAME) {
                throw damaged("a function's name does not end", null);
            }
        }
        spend(end - start);
        // As src/cmd/link/internal/ld/elf.go and symtab.go do for the symbol table.
        return new String(bytes, start, end - start, StandardCharsets.UTF_8).replace('·', '.');
    }

    /** The table of stack depths covers all of a function: pairs of value and length differences, as variable-length integers. */
    private long coveredBy(int position) {
        int at = position;
        long covered = 0;
        while (at == position || bytes[at] != 0) {
            at = behindInteger(at);
            int shift = 0;
            do {
                covered += (long) (bytes[at] & 0x7f) << shift;
                shift += 7;
            } while (bytes[at++] < 0);
        }
        spend(at - position);
        return covered;
    }

    private void spend(int read) {
        left -= read;
        if (left < 0) {
            throw damaged("its functions share what each should have for itself", null);
        }
    }

    private int behindInteger(int start) {
        int at = start;
        while (bytes[at] < 0) {
            at++;
        }
        return at + 1;
    }

    private long withoutPadding(long entry, long next) {
        byte[] code = elf.read(entry, Math.toIntExact(next - entry));
        int size = code.length;
        while (size > 0 && code[size - 1] == PADDING) {
            size--;
        }
        return size;
    }
}
