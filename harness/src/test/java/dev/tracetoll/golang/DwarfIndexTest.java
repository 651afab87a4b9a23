package dev.tracetoll.golang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.linux.elf.ElfFile;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.testing.ElfImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found in units written byte by byte, of every version and in every form; numbers are those of the DWARF 5 standard, section 7.5. */
class DwarfIndexTest {

    private static final int COMPILE_UNIT = 0x11;
    private static final int SUBPROGRAM = 0x2e;
    private static final int STRUCTURE = 0x13;
    private static final int INLINED = 0x1d;
    private static final int BLOCK = 0x0b;
    private static final int NAME = 0x03;
    private static final int LOW_PC = 0x11;
    private static final int LANGUAGE = 0x13;
    private static final int ORIGIN = 0x31;
    private static final int ADDR_BASE = 0x73;
    private static final int SIBLING = 0x01;
    private static final int RUNTIME_TYPE = 0x2904;
    /** Something that the index does not look at. */
    private static final int OTHER = 0x3a;

    private static final int ADDR = 0x01;
    private static final int DATA_1 = 0x0b;
    private static final int DATA_2 = 0x05;
    private static final int DATA_4 = 0x06;
    private static final int DATA_8 = 0x07;
    private static final int STRING = 0x08;
    private static final int UDATA = 0x0f;
    private static final int REF_4 = 0x13;
    private static final int REF_8 = 0x14;
    private static final int REF_UDATA = 0x15;
    private static final int REF_ADDR = 0x10;
    private static final int SEC_OFFSET = 0x17;
    private static final int INDIRECT = 0x16;
    private static final int ADDRX = 0x1b;
    private static final int ADDRX_1 = 0x29;
    private static final int IMPLICIT_CONST = 0x21;
    private static final int GO = 0x16;
    private static final int C = 0x0c;

    @TempDir
    private Path directory;

    /** Bytes that are written one behind the other. */
    private static final class Bytes extends ByteArrayOutputStream {

        Bytes u1(int... values) {
            for (int value : values) {
                write(value);
            }
            return this;
        }

        Bytes fixed(long value, int size) {
            for (int i = 0; i < size; i++) {
                write((int) (value >>> 8 * i));
            }
            return this;
        }

        Bytes leb(long value) {
            long rest = value;
            while (rest >>> 7 != 0) {
                write((int) (rest & 0x7f | 0x80));
                rest >>>= 7;
            }
            write((int) rest);
            return this;
        }

        Bytes text(String text) {
            writeBytes(text.getBytes(StandardCharsets.UTF_8));
            write(0);
            return this;
        }
    }

    private final Bytes info = new Bytes();
    private final Bytes abbreviations = new Bytes();
    private byte[] addresses = {};
    private int codes;

    /** Adds an abbreviation; its code. */
    private int abbreviation(int tag, boolean children, int... attributesAndForms) {
        abbreviations.leb(++codes).leb(tag).u1(children ? 1 : 0);
        for (int each : attributesAndForms) {
            abbreviations.leb(each);
        }
        abbreviations.u1(0, 0);
        return codes;
    }

    /** Adds a unit, whose entries begin so far behind it. */
    private void unit(int version, boolean wide, byte[] entries) {
        unit(version, wide, 1, entries);
    }

    private void unit(int version, boolean wide, int type, byte[] entries) {
        int offsetSize = wide ? 8 : 4;
        Bytes rest = new Bytes().fixed(version, 2);
        if (version == 5) {
            rest.u1(type, 8).fixed(0, offsetSize);
        } else {
            rest.fixed(0, offsetSize).u1(8);
        }
        rest.writeBytes(entries);
        if (wide) {
            info.fixed(0xffffffffL, 4);
        }
        info.fixed(rest.size(), offsetSize).writeBytes(rest.toByteArray());
    }

    private static int header(int version, boolean wide) {
        return (wide ? 12 : 4) + 2 + (version == 5 ? 2 : 1) + (wide ? 8 : 4);
    }

    private DwarfIndex index() throws IOException {
        ElfImage image = new ElfImage().section(".debug_info", info.toByteArray());
        abbreviations.u1(0);
        image.section(".debug_abbrev", abbreviations.toByteArray());
        if (addresses.length > 0) {
            image.section(".debug_addr", addresses);
        }
        try (ElfFile elf = ElfFile.open(image.write(directory.resolve("program")))) {
            return DwarfIndex.of(elf).orElseThrow();
        }
    }

    @Test
    void aProgramWithoutDebuggingInformationHasNoIndex() throws IOException {
        try (ElfFile elf =
                ElfFile.open(new ElfImage().section(".text", new byte[1]).write(directory.resolve("program")))) {
            assertThat(DwarfIndex.of(elf)).isEmpty();
        }
    }

    @Test
    void functionsAreFoundInUnitsOfEveryVersionAndWidth() throws IOException {
        int unit = abbreviation(COMPILE_UNIT, true, LANGUAGE, DATA_1);
        int function = abbreviation(SUBPROGRAM, false, NAME, STRING, LOW_PC, ADDR);
        List<Integer> offsets = new ArrayList<>();
        long address = 0x401000;
        for (int version = 2; version <= 5; version++) {
            for (boolean wide : new boolean[] {false, true}) {
                Bytes entries = new Bytes().leb(unit).u1(GO);
                offsets.add(info.size() + header(version, wide) + entries.size());
                entries.leb(function)
                        .text("main.f")
                        .fixed(address + 16L * (offsets.size() - 1), 8)
                        .u1(0);
                unit(version, wide, entries.toByteArray());
            }
        }
        DwarfIndex index = index();

        for (int i = 0; i < offsets.size(); i++) {
            assertThat(index.subprogram(address + 16L * i)).hasValue(offsets.get(i));
            assertThat(index.isEntry(offsets.get(i))).isTrue();
            assertThat(index.isEntry(offsets.get(i) + 1)).isFalse();
        }
        assertThat(index.subprogram(address + 1)).isEmpty();
        assertThat(index.isEntry(-1)).isFalse();
        assertThat(index.isEntry(info.size())).isFalse();
    }

    @Test
    void unitsThatAreNotGosAreNotReadAndNeitherAreThoseOfNoProgram() throws IOException {
        int unit = abbreviation(COMPILE_UNIT, true, LANGUAGE, DATA_1);
        int function = abbreviation(SUBPROGRAM, false, NAME, STRING, LOW_PC, ADDR);
        byte[] ofC = new Bytes()
                .leb(unit)
                .u1(C)
                .leb(function)
                .text("f")
                .fixed(0x1000, 8)
                .u1(0)
                .toByteArray();
        byte[] ofGo = new Bytes()
                .leb(unit)
                .u1(GO)
                .leb(function)
                .text("f")
                .fixed(0x2000, 8)
                .u1(0)
                .toByteArray();
        unit(4, false, ofC);
        unit(5, false, 2, ofGo);
        unit(6, false, ofGo);
        unit(1, false, ofGo);
        assertThat(index().subprogram(0x2000)).isEmpty();

        unit(4, false, ofGo);
        DwarfIndex index = index();
        assertThat(index.subprogram(0x1000)).isEmpty();
        assertThat(index.subprogram(0x2000)).isPresent();
    }

    @Test
    void addressesCanBeInATable() throws IOException {
        int unit = abbreviation(COMPILE_UNIT, true, LANGUAGE, DATA_2, ADDR_BASE, SEC_OFFSET);
        int based = abbreviation(SUBPROGRAM, false, LOW_PC, ADDRX);
        int byByte = abbreviation(SUBPROGRAM, false, RUNTIME_TYPE, ADDRX);
        int unbased = abbreviation(COMPILE_UNIT, true, LANGUAGE, DATA_1);
        ByteBuffer table = ElfImage.buffer(48).position(8);
        for (int i = 1; i <= 5; i++) {
            table.putLong(0x1000L * i);
        }
        addresses = table.array();
        unit(
                5,
                false,
                new Bytes()
                        .leb(unit)
                        .fixed(GO, 2)
                        .fixed(24, 4)
                        .leb(based)
                        .leb(1)
                        .u1(0)
                        .toByteArray());
        int next = info.size();
        unit(
                5,
                false,
                new Bytes()
                        .leb(unbased)
                        .u1(GO)
                        .leb(based)
                        .leb(0)
                        .leb(byByte)
                        .leb(1)
                        .u1(0)
                        .toByteArray());
        DwarfIndex index = index();

        assertThat(index.subprogram(0x4000)).as("of the unit's own table").isPresent();
        assertThat(index.subprogram(0x1000)).as("of the first table").hasValue(next + header(5, false) + 2);
        assertThat(index.runtimeTypes()).containsExactly(Map.entry(0x2000L, (long) next + header(5, false) + 4));
    }

    @Test
    void anAddressBeyondTheTableIsDamage() {
        int unit = abbreviation(COMPILE_UNIT, true, LANGUAGE, DATA_1);
        int function = abbreviation(SUBPROGRAM, false, LOW_PC, ADDRX);
        addresses = new byte[16];
        for (long index : new long[] {1, 1L << 28, 1L << 61}) {
            info.reset();
            unit(
                    5,
                    false,
                    new Bytes().leb(unit).u1(GO).leb(function).leb(index).u1(0).toByteArray());
            assertThatThrownBy(this::index).isInstanceOf(BadInput.class).hasMessageContaining("damaged DWARF");
        }
    }

    /** Writes functions and says where they were inlined, with the origins in a form. */
    private DwarfIndex inlined(int form, boolean wide) throws IOException {
        int unit = abbreviation(COMPILE_UNIT, true, LANGUAGE, DATA_1);
        int origin = abbreviation(SUBPROGRAM, false, NAME, STRING);
        int concrete = abbreviation(SUBPROGRAM, true, LOW_PC, ADDR, ORIGIN, form);
        int inlined = abbreviation(INLINED, true, ORIGIN, form);
        int block = abbreviation(BLOCK, true);
        // One before, so that an offset in the unit is none in the section.
        unit(4, false, new Bytes().leb(unit).u1(GO).u1(0).toByteArray());
        int start = form == REF_ADDR ? 0 : info.size();
        int first = info.size() + header(4, wide) + 2;
        Bytes entries = new Bytes()
                .leb(unit)
                .u1(GO)
                .leb(origin)
                .text("main.small")
                .leb(origin)
                .text("main.caller");
        int second = first + 1 + "main.small".length() + 1;
        entries.leb(concrete).fixed(0x1000, 8);
        reference(entries, form, second - start, wide);
        for (int i = 0; i < 2; i++) {
            entries.leb(block).leb(inlined);
            reference(entries, form, first - start, wide);
            entries.u1(0, 0);
        }
        entries.u1(0).leb(concrete).fixed(0x2000, 8);
        reference(entries, form, first - start, wide);
        entries.leb(inlined);
        reference(entries, form, 3, wide);
        entries.u1(0, 0, 0);
        unit(4, wide, entries.toByteArray());
        return index();
    }

    private static void reference(Bytes to, int form, int value, boolean wide) {
        switch (form) {
            case REF_4 -> to.fixed(value, 4);
            case REF_8 -> to.fixed(value, 8);
            case REF_UDATA -> to.leb(value);
            default -> to.fixed(value, wide ? 8 : 4);
        }
    }

    @Test
    void whatWasInlinedWhereIsCounted() throws IOException {
        for (int form : new int[] {REF_4, REF_8, REF_UDATA, REF_ADDR}) {
            for (boolean wide : new boolean[] {false, true}) {
                info.reset();
                abbreviations.reset();
                codes = 0;
                DwarfIndex index = inlined(form, wide);
                assertThat(index.inlined("main.small")).isEqualTo(Map.of("main.caller", 2));
                assertThat(index.inlined("?"))
                        .as("what is inlined from nowhere")
                        .isEqualTo(Map.of("main.small", 1));
                assertThat(index.inlined("main.caller")).isEmpty();
                assertThat(index.inlinedNames()).containsExactly("?", "main.small");
                assertThat(index.subprogram(0x1000)).isPresent();
            }
        }
    }

    @Test
    void moreThanAFewThousandInliningsAreCounted() throws IOException {
        int unit = abbreviation(COMPILE_UNIT, true, LANGUAGE, DATA_1);
        int function = abbreviation(SUBPROGRAM, true, NAME, STRING, LOW_PC, ADDR);
        int inlined = abbreviation(INLINED, false, ORIGIN, REF_4);
        Bytes entries =
                new Bytes().leb(unit).u1(GO).leb(function).text("main.f").fixed(0x1000, 8);
        for (int i = 0; i < 5000; i++) {
            entries.leb(inlined).fixed(header(4, false) + 2, 4);
        }
        unit(4, false, entries.u1(0, 0).toByteArray());

        assertThat(index().inlined("main.f")).isEqualTo(Map.of("main.f", 5000));
    }

    @Test
    void theRuntimesOwnStructsAreFoundByTheirNames() throws IOException {
        int unit = abbreviation(COMPILE_UNIT, true, LANGUAGE, UDATA);
        int struct = abbreviation(STRUCTURE, false, NAME, STRING);
        int nameless = abbreviation(STRUCTURE, false, NAME, 0x0e);
        Bytes entries = new Bytes().leb(unit).leb(GO);
        entries.leb(struct)
                .text("runtime.gx")
                .leb(struct)
                .text("runtime")
                .leb(nameless)
                .fixed(1, 4);
        int g = header(4, false) + entries.size();
        entries.leb(struct).text("runtime.g").leb(struct).text("runtime.g");
        int moduledata = header(4, false) + entries.size();
        entries.leb(struct).text("runtime.moduledata").u1(0);
        unit(4, false, entries.toByteArray());
        DwarfIndex index = index();

        assertThat(index.runtimeStruct("runtime.g")).contains((long) g);
        assertThat(index.runtimeStruct("runtime.moduledata")).contains((long) moduledata);
        assertThat(index.runtimeStruct("runtime.m")).isEqualTo(Optional.empty());
    }

    @Test
    void onlyTypesOfTheUnitItselfCanBeInInterfaces() throws IOException {
        int unit = abbreviation(COMPILE_UNIT, true, LANGUAGE, DATA_1);
        int function = abbreviation(SUBPROGRAM, true, NAME, STRING);
        int type = abbreviation(STRUCTURE, false, RUNTIME_TYPE, ADDR);
        Bytes entries = new Bytes().leb(unit).u1(GO);
        int offset = header(4, false) + entries.size();
        entries.leb(type).fixed(0x5000, 8);
        entries.leb(function)
                .text("main.f")
                .leb(type)
                .fixed(0x6000, 8)
                .leb(function)
                .text("inner")
                .u1(0, 0, 0);
        unit(4, false, entries.toByteArray());

        assertThat(index().runtimeTypes()).containsExactly(Map.entry(0x5000L, (long) offset));
    }

    /** What is behind a value is found where the value is passed over rightly. */
    private void assertPassedOver(int version, boolean wide, int form, byte[] value) throws IOException {
        info.reset();
        abbreviations.reset();
        codes = 0;
        int unit = abbreviation(COMPILE_UNIT, true, LANGUAGE, DATA_1);
        int function = abbreviation(SUBPROGRAM, false, OTHER, form, LOW_PC, ADDR);
        Bytes entries = new Bytes().leb(unit).u1(GO).leb(function);
        entries.writeBytes(value);
        unit(version, wide, entries.fixed(0x1000, 8).u1(0).toByteArray());
        assertThat(index().subprogram(0x1000)).as("form 0x%x", form).isPresent();
    }

    @Test
    void valuesOfAllFormsArePassedOver() throws IOException {
        Map<Integer, Integer> fixed = Map.ofEntries(
                Map.entry(ADDR, 8),
                Map.entry(DATA_2, 2),
                Map.entry(DATA_4, 4),
                Map.entry(DATA_8, 8),
                Map.entry(DATA_1, 1),
                Map.entry(0x0c, 1),
                Map.entry(0x11, 1),
                Map.entry(0x12, 2),
                Map.entry(REF_4, 4),
                Map.entry(REF_8, 8),
                Map.entry(0x19, 0),
                Map.entry(0x1c, 4),
                Map.entry(0x1e, 16),
                Map.entry(0x20, 8),
                Map.entry(0x24, 8),
                Map.entry(0x25, 1),
                Map.entry(0x26, 2),
                Map.entry(0x27, 3),
                Map.entry(0x28, 4),
                Map.entry(ADDRX_1, 1),
                Map.entry(0x2a, 2),
                Map.entry(0x2b, 3),
                Map.entry(0x2c, 4));
        for (Map.Entry<Integer, Integer> each : fixed.entrySet()) {
            assertPassedOver(5, false, each.getKey(), new byte[each.getValue()]);
        }
        for (boolean wide : new boolean[] {false, true}) {
            for (int form : new int[] {0x0e, REF_ADDR, SEC_OFFSET, 0x1d, 0x1f}) {
                assertPassedOver(4, wide, form, new byte[wide ? 8 : 4]);
            }
        }
        for (int form : new int[] {0x0d, UDATA, REF_UDATA, 0x1a, ADDRX, 0x22, 0x23}) {
            assertPassedOver(5, false, form, new byte[] {(byte) 0x80, (byte) 0xff, 1});
        }
        byte[] three = {1, 2, 3};
        assertPassedOver(4, false, STRING, new Bytes().text("some text").toByteArray());
        assertPassedOver(4, false, 0x09, block(new Bytes().leb(3), three));
        assertPassedOver(4, false, 0x18, block(new Bytes().leb(3), three));
        assertPassedOver(4, false, 0x0a, block(new Bytes().u1(3), three));
        assertPassedOver(4, false, 0x03, block(new Bytes().fixed(3, 2), three));
        assertPassedOver(4, false, 0x04, block(new Bytes().fixed(3, 4), three));
        assertPassedOver(4, false, INDIRECT, new byte[] {INDIRECT, DATA_2, 0, 0});
    }

    private static byte[] block(Bytes length, byte[] contents) {
        length.writeBytes(contents);
        return length.toByteArray();
    }

    @Test
    void aConstantCanBeInTheAbbreviation() throws IOException {
        abbreviations
                .leb(++codes)
                .leb(COMPILE_UNIT)
                .u1(1)
                .leb(LANGUAGE)
                .leb(IMPLICIT_CONST)
                .leb(GO)
                .u1(0, 0);
        int unit = codes;
        // -1 as a signed number, which is how constants are stored.
        abbreviations.leb(++codes).leb(SUBPROGRAM).u1(0);
        abbreviations
                .leb(OTHER)
                .leb(IMPLICIT_CONST)
                .u1(0x7f)
                .leb(LOW_PC)
                .leb(ADDR)
                .u1(0, 0);
        abbreviations.leb(++codes).leb(STRUCTURE).u1(0);
        abbreviations.leb(RUNTIME_TYPE).leb(IMPLICIT_CONST).u1(0xc0, 0x40).u1(0, 0);
        unit(
                5,
                false,
                new Bytes().leb(unit).leb(2).fixed(0x1000, 8).leb(3).u1(0).toByteArray());
        DwarfIndex index = index();

        assertThat(index.subprogram(0x1000)).isPresent();
        assertThat(index.runtimeTypes()).containsOnlyKeys(-8128L);
    }

    @Test
    void abbreviationsNeedNotBeInOrderNorFew() throws IOException {
        int unit = abbreviation(COMPILE_UNIT, true, LANGUAGE, DATA_1);
        int[] many = new int[60];
        for (int i = 0; i < 30; i++) {
            many[2 * i] = OTHER;
            many[2 * i + 1] = DATA_1;
        }
        codes = 2999;
        int large = abbreviation(SUBPROGRAM, false, many);
        codes = 63;
        int function = abbreviation(SUBPROGRAM, false, LOW_PC, ADDR);
        Bytes entries = new Bytes().leb(unit).u1(GO).leb(large);
        entries.writeBytes(new byte[30]);
        unit(4, false, entries.leb(function).fixed(0x1000, 8).u1(0).toByteArray());

        assertThat(index().subprogram(0x1000)).isPresent();
    }

    @Test
    void aSiblingMayOnlyBeFurtherOn() throws IOException {
        int unit = abbreviation(COMPILE_UNIT, true, LANGUAGE, DATA_1);
        int function = abbreviation(SUBPROGRAM, false, SIBLING, REF_4);
        int offset = header(4, false) + 2;
        unit(
                4,
                false,
                new Bytes()
                        .leb(unit)
                        .u1(GO)
                        .leb(function)
                        .fixed(offset + 5, 4)
                        .u1(0)
                        .toByteArray());
        assertThat(index().isEntry(offset)).isTrue();

        info.reset();
        unit(
                4,
                false,
                new Bytes()
                        .leb(unit)
                        .u1(GO)
                        .leb(function)
                        .fixed(offset, 4)
                        .u1(0)
                        .toByteArray());
        assertThatThrownBy(this::index).isInstanceOf(BadInput.class).hasMessageContaining("sibling before it");
    }

    @Test
    void damageIsRefusedInOneLine() {
        int unit = abbreviation(COMPILE_UNIT, true, LANGUAGE, DATA_1, OTHER, 0x18);
        abbreviation(SUBPROGRAM, false, LOW_PC, STRING);
        abbreviation(SUBPROGRAM, false, OTHER, 0x7e);
        refused("longer than the section", new Bytes().leb(unit).u1(GO).leb(1L << 40));
        refused("longer than the section", new Bytes().leb(unit).u1(GO).leb(-1));
        refused("no abbreviation", new Bytes().leb(unit).u1(GO, 0).leb(40));
        refused("no abbreviation", new Bytes().leb(unit).u1(GO, 0).leb(4000));
        refused("where a number belongs", new Bytes().leb(unit).u1(GO, 0).leb(2).text("x"));
        refused("is unknown", new Bytes().leb(unit).u1(GO, 0).leb(3));
        refused("in the middle", new Bytes().leb(unit));
    }

    private void refused(String why, Bytes entries) {
        info.reset();
        unit(4, false, entries.toByteArray());
        assertThatThrownBy(this::index)
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("damaged DWARF")
                .hasMessageContaining(why);
    }

    @Test
    void aUnitThatIsLongerThanTheSectionIsRefused() {
        for (long length : new long[] {0, 100, 0xfffffff0L}) {
            info.reset();
            info.fixed(length, 4).fixed(0, 8);
            assertThatThrownBy(this::index)
                    .isInstanceOf(BadInput.class)
                    .hasMessageContaining("longer than the section");
        }
        info.reset();
        info.fixed(0xffffffffL, 4).fixed(-1, 8).fixed(0, 8);
        assertThatThrownBy(this::index).isInstanceOf(BadInput.class).hasMessageContaining("longer than the section");
    }
}
