package dev.tracetoll.golang;

import dev.tracetoll.linux.elf.Allowance;
import dev.tracetoll.linux.elf.ElfFile;
import dev.tracetoll.problem.BadInput;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one pass over {@code .debug_info} finds: where each function's entry is, which functions were inlined where, and {@code runtime.g}.
 *
 * <p>Go's entries do not point to their siblings, so that finding the functions means to walk through all of their contents. The pass reads
 * the bytes itself: through libdw it would take a call for each of millions of attributes.
 *
 * <p>Format: the DWARF 4 and 5 standards, section 7.5. Units that are not Go's are passed over.
 */
final class DwarfIndex {

    private static final int DW_TAG_INLINED_SUBROUTINE = 0x1d;
    private static final int DW_AT_SIBLING = 0x01;
    private static final int DW_AT_LANGUAGE = 0x13;
    private static final int DW_AT_ADDR_BASE = 0x73;
    private static final int DW_LANG_GO = 0x16;
    private static final int DW_UT_COMPILE = 1;
    private static final int DW_FORM_ADDRX = 0x1b;
    private static final int DW_FORM_STRING = 0x08;
    private static final int DW_FORM_IMPLICIT_CONST = 0x21;
    private static final int DW_FORM_INDIRECT = 0x16;
    private static final int DW_FORM_REF_ADDR = 0x10;
    /** The runtime's own types that matter. */
    private static final List<String> RUNTIME_STRUCTS =
            List.of("runtime.g", "runtime.m", "runtime.p", "runtime.mheap", "runtime.heapArena", "runtime.moduledata");

    private static final List<byte[]> RUNTIME_STRUCT_NAMES = RUNTIME_STRUCTS.stream()
            .map(name -> name.getBytes(StandardCharsets.UTF_8))
            .toList();
    private static final long NONE = -1;
    /** Compilers number abbreviations from 1, and Go's has about fifty. */
    private static final int HIGHEST_CODE = 1 << 16;
    /**
     * How many functions, places of inlining and types there may be for each byte of the file, in small files as in one of {@value #SMALL} bytes.
     * Linkers write one of each for some hundred bytes. What is compressed can claim to have as many as it has bytes without compression.
     */
    private static final int BYTES_AN_ENTRY = 16;

    private static final int SMALL = 4 << 20;
    /** As many units there may be: each has a package or a file of source. */
    private static final int BYTES_A_UNIT = 64;

    /** What an entry's attributes are and how they are stored. */
    private record Abbreviation(int tag, boolean children, int[] attributes, int[] forms, long[] constants) {}

    /** A function's entry; {@code origin} is that of its abstract entry, {@code name} a position in the contents. */
    private record Subprogram(long offset, long origin, int name) {}

    private final ElfFile elf;
    private final byte[] info;
    private final byte[] abbreviations;
    private final byte[] addresses;
    private final Map<Long, Abbreviation[]> tables = new HashMap<>();
    /** Bytes of tables of abbreviations: units share a whole table or nothing. */
    private final Allowance abbreviationBytes;
    /** Room in tables of abbreviations. */
    private final Allowance abbreviationCodes;

    private final Allowance units;
    private final Allowance found;
    /** Where entries begin. */
    private final BitSet entries = new BitSet();

    private final Map<Long, Subprogram> byEntry = new HashMap<>();
    private final Map<Long, Subprogram> byOffset = new HashMap<>();
    private final Map<Long, Long> runtimeTypes = new LinkedHashMap<>();
    private final Map<String, Long> runtimeStructs = new HashMap<>();
    /** Pairs: the offset of an inlined function's abstract entry, the offset of the function it was inlined into. */
    private long[] inlined = new long[1 << 12];

    private int inlinedCount;
    private @Nullable Map<String, Map<String, Integer>> inlinings;

    private int at;
    private int offsetSize;
    private int version;
    private long unitStart;
    private long addressBase;

    private long entryAddress;
    private long entryOrigin;
    private long entryRuntimeType;
    private long entryLanguage;
    private long entrySibling;
    private int entryName;

    private DwarfIndex(ElfFile elf, byte[] info, byte[] abbreviations, byte[] addresses) {
        this.elf = elf;
        this.info = info;
        this.abbreviations = abbreviations;
        this.addresses = addresses;
        long size = Math.max(SMALL, elf.bytes());
        abbreviationBytes = new Allowance(abbreviations.length, () -> damaged("tables of abbreviations overlap", null));
        abbreviationCodes = new Allowance(
                size,
                () -> damaged("it has more abbreviations than a program of " + elf.bytes() + " bytes can have", null));
        units = new Allowance(
                size / BYTES_A_UNIT,
                () -> damaged("it has more units than a program of " + elf.bytes() + " bytes can have", null));
        found = new Allowance(
                size / BYTES_AN_ENTRY,
                () -> damaged("it has more entries than a program of " + elf.bytes() + " bytes can have", null));
    }

    /** Indexes a program; empty if it has no debugging information. */
    static Optional<DwarfIndex> of(ElfFile elf) {
        Optional<byte[]> info = elf.debugSection("info");
        Optional<byte[]> abbreviations = elf.debugSection("abbrev");
        if (info.isEmpty() || abbreviations.isEmpty()) {
            return Optional.empty();
        }
        byte[] addresses = elf.debugSection("addr").orElse(new byte[0]);
        DwarfIndex index = new DwarfIndex(elf, info.get(), abbreviations.get(), addresses);
        try {
            index.readUnits();
        } catch (IndexOutOfBoundsException | NegativeArraySizeException | ArithmeticException e) {
            throw index.damaged("it ends in the middle of an entry", e);
        }
        return Optional.of(index);
    }

    /** Whether an entry of one of Go's units begins at an offset: only there it makes sense to read one. */
    boolean isEntry(long offset) {
        return offset >= 0 && offset < info.length && entries.get((int) offset);
    }

    /** The offset of the entry of the function at an address. */
    OptionalLong subprogram(long entry) {
        Subprogram found = byEntry.get(entry);
        return found == null ? OptionalLong.empty() : OptionalLong.of(found.offset);
    }

    /** The offset of the entry of one of the runtime's own types that matter. */
    Optional<Long> runtimeStruct(String name) {
        return Optional.ofNullable(runtimeStructs.get(name));
    }

    /** The offsets of the entries of types that values in interfaces can have, by what {@code DW_AT_go_runtime_type} says. */
    Map<Long, Long> runtimeTypes() {
        return runtimeTypes;
    }

    /** How often a function was inlined into which others; empty if never. */
    Map<String, Integer> inlined(String name) {
        return inlinings().getOrDefault(name, new TreeMap<>());
    }

    /** The names of all functions that were inlined somewhere. */
    Iterable<String> inlinedNames() {
        return inlinings().keySet();
    }

    private Map<String, Map<String, Integer>> inlinings() {
        if (inlinings == null) {
            inlinings = new TreeMap<>();
            Map<Long, String> names = new HashMap<>();
            for (int i = 0; i < inlinedCount; i += 2) {
                inlinings
                        .computeIfAbsent(names.computeIfAbsent(inlined[i], this::name), name -> new TreeMap<>())
                        .merge(names.computeIfAbsent(inlined[i + 1], this::name), 1, Integer::sum);
            }
        }
        return inlinings;
    }

    private String name(long offset) {
        Subprogram subprogram = byOffset.get(offset);
        if (subprogram != null && subprogram.name < 0 && subprogram.origin != NONE) {
            subprogram = byOffset.get(subprogram.origin);
        }
        if (subprogram == null || subprogram.name < 0) {
            return "?";
        }
        return new String(
                info, subprogram.name, endOfString(subprogram.name) - subprogram.name, StandardCharsets.UTF_8);
    }

    private int endOfString(int start) {
        int end = start;
        while (info[end] != 0) {
            end++;
        }
        return end;
    }

    private void readUnits() {
        while (at < info.length) {
            unitStart = at;
            long length = number(info, at, 4);
            offsetSize = 4;
            at += 4;
            if (length == 0xffffffffL) {
                offsetSize = 8;
                length = number(info, at, 8);
                at += 8;
            }
            if (length <= 0 || length > info.length - at) {
                throw damaged("a unit is longer than the section", null);
            }
            units.spend(1);
            int end = (int) (at + length);
            version = (int) number(info, at, 2);
            readUnit(end);
            at = end;
        }
    }

    private void readUnit(int end) {
        at += 2;
        long table;
        if (version == 5) {
            int type = info[at];
            at += 2;
            table = fixed(offsetSize);
            if (type != DW_UT_COMPILE) {
                return;
            }
        } else {
            table = fixed(offsetSize);
            at++;
        }
        if (version < 2 || version > 5) {
            return;
        }
        Abbreviation[] known = tables.computeIfAbsent(table, this::readAbbreviations);
        addressBase = 2L * Integer.BYTES;
        int depth = 0;
        long enclosing = NONE;
        while (at < end) {
            int offset = at;
            int code = (int) unsigned();
            if (code == 0) {
                depth--;
                if (depth <= 0) {
                    return;
                }
                continue;
            }
            if (code >= known.length || known[code] == null) {
                throw damaged("an entry has no abbreviation", null);
            }
            Abbreviation abbreviation = known[code];
            readAttributes(abbreviation);
            if (entrySibling != NONE && entrySibling <= offset) {
                // Whoever follows it would come here again.
                throw damaged("the entry at 0x" + Integer.toHexString(offset) + " has a sibling before it", null);
            }
            entries.set(offset);
            if (depth == 0 && entryLanguage != DW_LANG_GO) {
                return;
            }
            if (abbreviation.tag == Dwarf.DW_TAG_SUBPROGRAM && depth == 1) {
                enclosing = offset;
                addSubprogram(offset);
            } else if (abbreviation.tag == DW_TAG_INLINED_SUBROUTINE && entryOrigin != NONE) {
                addInlined(entryOrigin, enclosing);
            } else if (abbreviation.tag == Dwarf.DW_TAG_STRUCTURE_TYPE
                    && runtimeStructs.size() < RUNTIME_STRUCTS.size()
                    && entryName >= 0) {
                addRuntimeStruct(offset);
            }
            if (depth == 1 && entryRuntimeType != NONE) {
                found.spend(1);
                runtimeTypes.put(entryRuntimeType, (long) offset);
            }
            if (abbreviation.children) {
                depth++;
            }
        }
    }

    private void addRuntimeStruct(long offset) {
        int end = endOfString(entryName);
        for (int i = 0; i < RUNTIME_STRUCTS.size(); i++) {
            byte[] name = RUNTIME_STRUCT_NAMES.get(i);
            if (Arrays.equals(info, entryName, end, name, 0, name.length)) {
                runtimeStructs.putIfAbsent(RUNTIME_STRUCTS.get(i), offset);
            }
        }
    }

    private void addSubprogram(long offset) {
        found.spend(1);
        Subprogram subprogram = new Subprogram(offset, entryOrigin, entryName);
        byOffset.put(offset, subprogram);
        if (entryAddress != NONE) {
            byEntry.put(entryAddress, subprogram);
        }
    }

    private void addInlined(long origin, long into) {
        found.spend(1);
        if (inlinedCount + 2 > inlined.length) {
            inlined = Arrays.copyOf(inlined, 2 * inlined.length);
        }
        inlined[inlinedCount++] = origin;
        inlined[inlinedCount++] = into;
    }

    private void readAttributes(Abbreviation abbreviation) {
        entryAddress = NONE;
        entryOrigin = NONE;
        entryRuntimeType = NONE;
        entryLanguage = NONE;
        entrySibling = NONE;
        entryName = -1;
        for (int i = 0; i < abbreviation.forms.length; i++) {
            int form = abbreviation.forms[i];
            while (form == DW_FORM_INDIRECT) {
                form = (int) unsigned();
            }
            switch (abbreviation.attributes[i]) {
                case Dwarf.DW_AT_NAME -> {
                    entryName = form == DW_FORM_STRING ? at : -1;
                    skip(form);
                }
                case Dwarf.DW_AT_LOW_PC -> entryAddress = address(form, abbreviation.constants[i]);
                case Dwarf.DW_AT_ABSTRACT_ORIGIN -> {
                    long value = value(form, abbreviation.constants[i]);
                    entryOrigin = form == DW_FORM_REF_ADDR ? value : unitStart + value;
                }
                case Dwarf.DW_AT_GO_RUNTIME_TYPE -> entryRuntimeType = address(form, abbreviation.constants[i]);
                case DW_AT_SIBLING -> {
                    long value = value(form, abbreviation.constants[i]);
                    entrySibling = form == DW_FORM_REF_ADDR ? value : unitStart + value;
                }
                case DW_AT_LANGUAGE -> entryLanguage = value(form, abbreviation.constants[i]);
                case DW_AT_ADDR_BASE -> addressBase = value(form, abbreviation.constants[i]);
                default -> skip(form);
            }
        }
    }

    private long address(int form, long constant) {
        long value = value(form, constant);
        return form == DW_FORM_ADDRX
                ? number(
                        addresses,
                        Math.toIntExact(Math.addExact(addressBase, Math.multiplyExact(value, Long.BYTES))),
                        Long.BYTES)
                : value;
    }

    /** A number, an address, or an index of one. */
    private long value(int form, long constant) {
        return switch (form) {
            case 0x0b, 0x11, 0x0c, 0x29 -> fixed(1);
            case 0x05, 0x12, 0x2a -> fixed(2);
            case 0x06, 0x13, 0x2c -> fixed(4);
            case 0x01, 0x07, 0x14 -> fixed(8);
            case DW_FORM_REF_ADDR, 0x17 -> fixed(offsetSize);
            case 0x0f, 0x15, DW_FORM_ADDRX -> unsigned();
            case DW_FORM_IMPLICIT_CONST -> constant;
            default -> throw damaged("form 0x" + Integer.toHexString(form) + " where a number belongs", null);
        };
    }

    /** Passes over a value: DWARF 5, section 7.5.6. */
    private void skip(int form) {
        switch (form) {
            case DW_FORM_STRING -> at = endOfString(at) + 1;
            case 0x19, DW_FORM_IMPLICIT_CONST -> {}
            case 0x0b, 0x0c, 0x11, 0x25, 0x29 -> at++;
            case 0x05, 0x12, 0x26, 0x2a -> at += 2;
            case 0x27, 0x2b -> at += 3;
            case 0x06, 0x13, 0x1c, 0x28, 0x2c -> at += 4;
            case 0x01, 0x07, 0x14, 0x20, 0x24 -> at += 8;
            case 0x1e -> at += 16;
            case 0x0e, 0x17, 0x1d, 0x1f, DW_FORM_REF_ADDR -> at += offsetSize;
            case 0x0d, 0x0f, 0x15, 0x1a, DW_FORM_ADDRX, 0x22, 0x23 -> unsigned();
            case 0x09, 0x18 -> advance(unsigned());
            case 0x0a -> advance(fixed(1));
            case 0x03 -> advance(fixed(2));
            case 0x04 -> advance(fixed(4));
            default -> throw damaged("form 0x" + Integer.toHexString(form) + " is unknown", null);
        }
    }

    private void advance(long bytes) {
        if (bytes < 0 || bytes > info.length - at) {
            throw damaged("an attribute is longer than the section", null);
        }
        at += (int) bytes;
    }

    private Abbreviation[] readAbbreviations(long start) {
        int[] position = {(int) Math.min(start, abbreviations.length)};
        Abbreviation[] table = new Abbreviation[64];
        abbreviationCodes.spend(table.length);
        int[] attributes = new int[16];
        int[] forms = new int[16];
        long[] constants = new long[16];
        int begin = position[0];
        for (int code = (int) unsigned(abbreviations, position);
                code != 0;
                code = (int) unsigned(abbreviations, position)) {
            int tag = (int) unsigned(abbreviations, position);
            boolean children = abbreviations[position[0]++] != 0;
            int count = 0;
            while (true) {
                int attribute = (int) unsigned(abbreviations, position);
                int form = (int) unsigned(abbreviations, position);
                long constant = form == DW_FORM_IMPLICIT_CONST ? signed(abbreviations, position) : 0;
                if (attribute == 0 && form == 0) {
                    break;
                }
                abbreviationCodes.spend(1);
                if (count == attributes.length) {
                    attributes = Arrays.copyOf(attributes, 2 * count);
                    forms = Arrays.copyOf(forms, 2 * count);
                    constants = Arrays.copyOf(constants, 2 * count);
                }
                attributes[count] = attribute;
                forms[count] = form;
                constants[count++] = constant;
            }
            if (code < 0 || code > HIGHEST_CODE) {
                throw damaged("an abbreviation has a code beyond reason", null);
            }
            if (code >= table.length) {
                abbreviationCodes.spend(2L * code);
                table = Arrays.copyOf(table, 2 * code);
            }
            table[code] = new Abbreviation(
                    tag,
                    children,
                    Arrays.copyOf(attributes, count),
                    Arrays.copyOf(forms, count),
                    Arrays.copyOf(constants, count));
        }
        abbreviationBytes.spend(position[0] - begin);
        return table;
    }

    private long fixed(int size) {
        long value = number(info, at, size);
        at += size;
        return value;
    }

    private long unsigned() {
        byte first = info[at++];
        if (first >= 0) {
            return first;
        }
        long value = first & 0x7f;
        int shift = 7;
        byte next;
        do {
            next = info[at++];
            value |= (long) (next & 0x7f) << shift;
            shift += 7;
        } while (next < 0);
        return value;
    }

    private static long unsigned(byte[] bytes, int[] position) {
        long value = 0;
        int shift = 0;
        byte next;
        do {
            next = bytes[position[0]++];
            value |= (long) (next & 0x7f) << shift;
            shift += 7;
        } while (next < 0);
        return value;
    }

    private static long signed(byte[] bytes, int[] position) {
        int start = position[0];
        long value = unsigned(bytes, position);
        int bits = 7 * (position[0] - start);
        return bits < Long.SIZE && (bytes[position[0] - 1] & 0x40) != 0 ? value | -1L << bits : value;
    }

    private static long number(byte[] bytes, int start, int size) {
        long value = 0;
        for (int i = size - 1; i >= 0; i--) {
            value = value << 8 | bytes[start + i] & 0xff;
        }
        return value;
    }

    private BadInput damaged(String how, @Nullable Throwable cause) {
        return new BadInput(
                elf.path() + " has damaged DWARF debugging information at 0x" + Integer.toHexString(at) + ": " + how
                        + "; build it again",
                cause);
    }
}
