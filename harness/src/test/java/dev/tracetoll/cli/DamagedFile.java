package dev.tracetoll.cli;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * Damages a program where its readers look: headers, tables of sections and symbols, abbreviations and entries of DWARF, the runtime's table of
 * functions, build information, lengths, code. The same number makes the same file.
 */
final class DamagedFile {

    private static final int HEADER_BYTES = 64;
    private static final int PROGRAM_HEADER_BYTES = 56;
    /** As many as any seed has, roughly: the header may be damaged already. */
    private static final int PROGRAM_HEADERS = 10;

    private static final int SECTION_HEADER_BYTES = 64;
    private static final int SYMBOL_BYTES = 24;
    private static final int SHF_COMPRESSED = 0x800;
    private static final int SHT_NOBITS = 8;
    /** What is read of a program, and how often it is damaged there. */
    private static final Map<String, Integer> SECTIONS = new TreeMap<>(Map.ofEntries(
            Map.entry(".debug_abbrev", 4),
            Map.entry(".debug_info", 6),
            Map.entry(".debug_addr", 1),
            Map.entry(".debug_loclists", 2),
            Map.entry(".debug_loc", 1),
            Map.entry(".debug_rnglists", 1),
            Map.entry(".debug_line", 1),
            Map.entry(".debug_str", 1),
            Map.entry(".gopclntab", 6),
            Map.entry(".data.rel.ro.gopclntab", 6),
            Map.entry(".go.buildinfo", 2),
            Map.entry(".symtab", 2),
            Map.entry(".strtab", 1),
            Map.entry(".shstrtab", 1),
            Map.entry(".text", 2),
            Map.entry(".rela", 1),
            Map.entry(".dynamic", 1),
            Map.entry(".note.go.buildid", 1),
            Map.entry(".data", 1),
            Map.entry(".rodata", 1)));

    private static final long[] NUMBERS = {
        0,
        1,
        2,
        7,
        8,
        0x7f,
        0x80,
        0xff,
        0x100,
        0x7fff,
        0xffff,
        0x7fffffffL,
        0x80000000L,
        0xffffffffL,
        0x100000000L,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        -1,
        -2,
        -8,
        -4096
    };
    /** Tags, attributes and forms of DWARF that mean something to a reader, and some that do not. */
    private static final int[] ABBREVIATION_NUMBERS = {
        0x01, 0x03, 0x05, 0x08, 0x0a, 0x0b, 0x0d, 0x0f, 0x10, 0x11, 0x12, 0x13, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1b,
        0x1d, 0x20, 0x21, 0x24, 0x2e, 0x31, 0x37, 0x38, 0x49, 0x4b, 0x7f
    };

    private record Section(String name, int header, int offset, int size, boolean compressed) {}

    private static final int REF_ADDR = 0x10;
    /** Of each seed: to find them takes longer than to damage one. */
    private static final Map<byte[], DwarfPlaces> PLACES = new IdentityHashMap<>();

    private final byte[] seed;
    private final byte[] bytes;
    private final ByteBuffer file;
    private final Random random;
    private final List<Section> sections = new ArrayList<>();
    private final List<String> did = new ArrayList<>();
    private int length;

    private DamagedFile(byte[] seed, Random random) {
        this.seed = seed;
        this.bytes = seed.clone();
        this.file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        this.random = random;
        this.length = bytes.length;
        int table = (int) file.getLong(40);
        int count = file.getShort(60);
        int names = (int) file.getLong(table + file.getShort(62) * SECTION_HEADER_BYTES + 24);
        for (int i = 0; i < count; i++) {
            int at = table + i * SECTION_HEADER_BYTES;
            boolean empty = file.getInt(at + 4) == SHT_NOBITS;
            sections.add(new Section(
                    string(names + file.getInt(at)),
                    at,
                    (int) file.getLong(at + 24),
                    empty ? 0 : (int) file.getLong(at + 32),
                    (file.getLong(at + 8) & SHF_COMPRESSED) != 0));
        }
    }

    /**
     * A damaged program.
     *
     * @param seeds whole programs
     * @param number which of all damaged files
     */
    static DamagedFile of(List<byte[]> seeds, long number) {
        Random random = new Random(number * 0x9e3779b97f4a7c15L);
        DamagedFile damaged = new DamagedFile(seeds.get(random.nextInt(seeds.size())), random);
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            damaged.damage();
        }
        return damaged;
    }

    byte[] bytes() {
        return Arrays.copyOf(bytes, length);
    }

    /** What was done to it. */
    @Override
    public String toString() {
        return String.join(", ", did);
    }

    private String string(int at) {
        int end = at;
        while (bytes[end] != 0) {
            end++;
        }
        return new String(bytes, at, end - at, StandardCharsets.US_ASCII);
    }

    private void damage() {
        switch (random.nextInt(18)) {
            case 0 -> number("the header", random.nextInt(HEADER_BYTES - 8), 0);
            case 1 ->
                number("a program header", HEADER_BYTES + random.nextInt(PROGRAM_HEADERS * PROGRAM_HEADER_BYTES), -1);
            case 2 -> sectionHeader();
            case 3 -> symbol();
            case 4 -> abbreviation();
            case 5 -> reference();
            case 6 -> compression();
            case 7 -> truncate();
            case 8, 9, 10 -> attribute();
            case 11, 12 -> functionTable();
            default -> contents();
        }
    }

    private void truncate() {
        if (random.nextInt(4) == 0) {
            length = random.nextInt(bytes.length);
            did.add("cut at " + length);
        } else {
            contents();
        }
    }

    /** Replaces a number of 1, 2, 4 or 8 bytes. */
    private void number(String what, int at, long scale) {
        int size = 1 << random.nextInt(4);
        if (at < 0 || at + Long.BYTES > bytes.length) {
            return;
        }
        long before = file.getLong(at);
        long value =
                switch (random.nextInt(4)) {
                    case 0 -> before + NUMBERS[random.nextInt(NUMBERS.length)];
                    case 1 -> random.nextLong();
                    case 2 -> scale == 0 ? random.nextInt(bytes.length) : before * 2;
                    default -> NUMBERS[random.nextInt(NUMBERS.length)];
                };
        did.add("%s: %d bytes at %d become %x".formatted(what, size, at, value));
        switch (size) {
            case 1 -> bytes[at] = (byte) value;
            case 2 -> file.putShort(at, (short) value);
            case 4 -> file.putInt(at, (int) value);
            default -> file.putLong(at, value);
        }
    }

    private void sectionHeader() {
        Section section = sections.get(random.nextInt(sections.size()));
        // sh_name, sh_type, sh_flags, sh_addr, sh_offset, sh_size, sh_link, sh_info, sh_addralign, sh_entsize
        int[] fields = {0, 4, 8, 16, 24, 32, 40, 44, 48, 56};
        int field = fields[random.nextInt(fields.length)];
        number("section header of " + section.name + ", field " + field, section.header + field, 0);
    }

    private Optional<Section> section(String name) {
        return sections.stream()
                .filter(section -> section.name.equals(name) && section.size > 0)
                .findFirst();
    }

    private void symbol() {
        section(".symtab").ifPresent(symbols -> {
            int symbol = symbols.offset + random.nextInt(symbols.size / SYMBOL_BYTES) * SYMBOL_BYTES;
            int[] fields = {0, 4, 6, 8, 16};
            int field = fields[random.nextInt(fields.length)];
            number("a symbol, field " + field, symbol + field, 0);
        });
    }

    /** Changes a tag, attribute, form or code, where the table of abbreviations is one. */
    private void abbreviation() {
        section(".debug_abbrev").filter(section -> !section.compressed).ifPresent(table -> {
            int at = table.offset + random.nextInt(table.size);
            int value = random.nextInt(4) == 0
                    ? random.nextInt(256)
                    : ABBREVIATION_NUMBERS[random.nextInt(ABBREVIATION_NUMBERS.length)];
            did.add("abbreviation: byte %d becomes %x".formatted(at, value));
            bytes[at] = (byte) value;
        });
    }

    /** Makes an entry refer to another one, before or behind, or to itself: what refers has four bytes that are an offset in the section. */
    private void reference() {
        section(".debug_info").filter(section -> !section.compressed).ifPresent(info -> {
            for (int tries = 0; tries < 1_000; tries++) {
                int at = info.offset + random.nextInt(info.size - 2 * Integer.BYTES);
                int other = info.offset + random.nextInt(info.size - 2 * Integer.BYTES);
                if (isReference(info, at) && isReference(info, other)) {
                    int to = random.nextInt(3) == 0 ? at - info.offset - 1 - random.nextInt(24) : file.getInt(other);
                    did.add("a reference at %d of .debug_info becomes %d".formatted(at - info.offset, to));
                    file.putInt(at, to);
                    return;
                }
            }
        });
    }

    /** Changes the value of an attribute of an entry, each kind of attribute as often: what it refers to, or the number that it is. */
    private void attribute() {
        Optional<Section> info = section(".debug_info").filter(section -> !section.compressed);
        Optional<Section> abbreviations = section(".debug_abbrev").filter(section -> !section.compressed);
        if (info.isEmpty() || abbreviations.isEmpty()) {
            return;
        }
        DwarfPlaces places = PLACES.computeIfAbsent(
                seed, whole -> new DwarfPlaces(whole, abbreviations.get().offset, info.get().offset, info.get().size));
        List<List<DwarfPlaces.Place>> kinds = List.copyOf(places.byAttribute().values());
        List<DwarfPlaces.Place> kind = kinds.get(random.nextInt(kinds.size()));
        for (int i = 1 << random.nextInt(8); i > 0; i--) {
            DwarfPlaces.Place place = kind.get(random.nextInt(kind.size()));
            String what = "attribute %x of the entry at %x".formatted(place.attribute(), place.entry());
            if (place.refers()) {
                int to =
                        switch (random.nextInt(4)) {
                            case 0 -> place.entry();
                            case 1 -> place.entry() + random.nextInt(8) - 4;
                            default ->
                                places.entries()
                                        .get(random.nextInt(places.entries().size()));
                        };
                file.putInt(place.at(), to - place.unit() * (place.form() == REF_ADDR ? 0 : 1));
                did.add(what + " refers to %x".formatted(to));
            } else if (place.variable()) {
                Arrays.fill(bytes, place.at(), place.at() + place.size(), (byte) (random.nextBoolean() ? 0xff : 0x80));
                // Its last byte, or else it goes on into the next.
                bytes[place.at() + place.size() - 1] &= (byte) (random.nextInt(4) == 0 ? 0xff : 0x7f);
                did.add(what + " becomes another number");
            } else if (place.size() > 0) {
                number(what, place.at() + (place.size() > Long.BYTES ? random.nextInt(place.size()) : 0), 0);
            }
        }
    }

    /** Changes the header of the runtime's table of functions, its index, or what it says of a function. */
    private void functionTable() {
        Optional<Section> section = section(".gopclntab").or(() -> section(".data.rel.ro.gopclntab"));
        if (section.isEmpty()) {
            return;
        }
        int table = section.get().offset;
        // pcHeader: number of functions, ..., offset of the index, which has an entry's offset from the code and its
        // description's in the table.
        long count = file.getLong(table + 8);
        long index = table + file.getLong(table + 64);
        int at = (int) index + random.nextInt((int) Math.max(1, Math.min(count, 1 << 20))) * 2 * Integer.BYTES;
        if (count <= 0 || at < 0 || at + 2 * Integer.BYTES > bytes.length) {
            return;
        }
        long function = index + file.getInt(at + Integer.BYTES);
        switch (random.nextInt(4)) {
            case 0 -> number("header of the table of functions", table + random.nextInt(9) * Long.BYTES, 0);
            case 1 -> number("index of functions", at, 0);
            case 2 -> number("index of functions", at + Integer.BYTES, 0);
            // _func: entryOff, nameOff, args, deferreturn, pcsp, pcfile, pcln, npcdata, ...
            default ->
                number(
                        "a function's description",
                        (int) Math.min(bytes.length, function + random.nextInt(11) * (long) Integer.BYTES),
                        0);
        }
    }

    private boolean isReference(Section info, int at) {
        int value = file.getInt(at);
        return value > 0 && value < info.size && value > info.size / 100;
    }

    private void compression() {
        List<Section> compressed = sections.stream().filter(Section::compressed).toList();
        if (!compressed.isEmpty()) {
            Section section = compressed.get(random.nextInt(compressed.size()));
            // ch_type, ch_reserved, ch_size, ch_addralign, and what follows
            int[] fields = {0, 4, 8, 8, 8, 16, 24, 32};
            number("compression of " + section.name, section.offset + fields[random.nextInt(fields.length)], 0);
        }
    }

    private void contents() {
        List<Section> known = sections.stream()
                .filter(section -> section.size > Long.BYTES && SECTIONS.containsKey(section.name))
                .flatMap(section -> java.util.Collections.nCopies(SECTIONS.get(section.name), section).stream())
                .toList();
        if (known.isEmpty()) {
            number("the file", random.nextInt(bytes.length), 0);
            return;
        }
        Section section = known.get(random.nextInt(known.size()));
        // Headers are at the beginning.
        int within = random.nextInt(3) == 0 ? Math.min(256, section.size) : section.size;
        for (int i = 1 << random.nextInt(4); i > 0; i--) {
            int at = section.offset + random.nextInt(within);
            switch (random.nextInt(5)) {
                case 0 -> fill(section, at, (byte) 0x80);
                case 1 -> fill(section, at, (byte) (random.nextBoolean() ? 0 : 0xff));
                case 2 -> move(section, at);
                default -> number(section.name, at, 0);
            }
        }
    }

    /** 0x80 and 0xff are integers of variable length that go on. */
    private void fill(Section section, int at, byte with) {
        int end = Math.min(
                section.offset + section.size, at + 1 + random.nextInt(random.nextInt(8) == 0 ? section.size : 24));
        did.add("%s: %d to %d are filled with %x".formatted(section.name, at, end, with));
        Arrays.fill(bytes, at, end, with);
    }

    private void move(Section section, int at) {
        int count = Math.min(1 + random.nextInt(64), section.offset + section.size - at);
        int from = section.offset + random.nextInt(Math.max(1, section.size - count));
        did.add("%s: %d bytes at %d become those at %d".formatted(section.name, count, at, from));
        System.arraycopy(bytes, from, bytes, at, count);
    }
}
