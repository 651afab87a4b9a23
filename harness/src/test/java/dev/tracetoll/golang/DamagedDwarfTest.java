package dev.tracetoll.golang;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tracetoll.linux.elf.DebugInfo;
import dev.tracetoll.linux.elf.ElfFile;
import dev.tracetoll.problem.BadInput;
import dev.tracetoll.testing.ElfImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debugging information that cannot be true is refused in one line; what is only too large or too deep is a value that cannot be read. */
class DamagedDwarfTest {

    private static final GoVersion VERSION = new GoVersion("go1.23", 1, 23);
    private static final int SIBLING = 0x01;
    private static final int MOST_PARTS = 1 << 14;
    private static final int FUNCTION_ADDRESS = 0x1000;

    @TempDir
    private Path directory;

    private final DwarfImage image = new DwarfImage();
    private final int basic = image.abbreviation(
            0x24,
            false,
            DwarfImage.NAME,
            DwarfImage.STRING,
            DwarfImage.BYTE_SIZE,
            DwarfImage.UDATA,
            Dwarf.DW_AT_GO_KIND,
            DwarfImage.DATA_1);
    private final int array = image.abbreviation(
            Dwarf.DW_TAG_ARRAY_TYPE,
            true,
            DwarfImage.NAME,
            DwarfImage.STRING,
            DwarfImage.TYPE,
            DwarfImage.REF_4,
            DwarfImage.BYTE_SIZE,
            DwarfImage.UDATA,
            Dwarf.DW_AT_GO_KIND,
            DwarfImage.DATA_1);
    private final int subrange =
            image.abbreviation(Dwarf.DW_TAG_SUBRANGE_TYPE, false, Dwarf.DW_AT_COUNT, DwarfImage.UDATA);
    private final int struct = image.abbreviation(
            Dwarf.DW_TAG_STRUCTURE_TYPE,
            true,
            DwarfImage.NAME,
            DwarfImage.STRING,
            DwarfImage.BYTE_SIZE,
            DwarfImage.UDATA,
            Dwarf.DW_AT_GO_KIND,
            DwarfImage.DATA_1);
    private final int member = image.abbreviation(
            Dwarf.DW_TAG_MEMBER,
            false,
            DwarfImage.NAME,
            DwarfImage.STRING,
            DwarfImage.TYPE,
            DwarfImage.REF_4,
            Dwarf.DW_AT_DATA_MEMBER_LOCATION,
            DwarfImage.UDATA);
    private final int typedef = image.abbreviation(
            Dwarf.DW_TAG_TYPEDEF, false, DwarfImage.NAME, DwarfImage.STRING, DwarfImage.TYPE, DwarfImage.REF_4);
    private final int pointer = image.abbreviation(
            Dwarf.DW_TAG_POINTER_TYPE, false, DwarfImage.NAME, DwarfImage.STRING, DwarfImage.TYPE, DwarfImage.REF_4);
    private final int function = image.abbreviation(
            Dwarf.DW_TAG_SUBPROGRAM, true, DwarfImage.NAME, DwarfImage.STRING, Dwarf.DW_AT_LOW_PC, DwarfImage.ADDRESS);
    private final int parameter = image.abbreviation(
            Dwarf.DW_TAG_FORMAL_PARAMETER,
            false,
            DwarfImage.NAME,
            DwarfImage.STRING,
            DwarfImage.TYPE,
            DwarfImage.REF_4,
            Dwarf.DW_AT_LOCATION,
            DwarfImage.EXPRLOC);

    private <T> T read(ElfImage of, Function<DwarfFunctions, T> use) throws IOException {
        try (ElfFile elf = ElfFile.open(of.write(directory.resolve("damaged")))) {
            DwarfIndex index = DwarfIndex.of(elf).orElseThrow();
            try (DebugInfo info = elf.debugInfo(index::isEntry)) {
                return use.apply(new DwarfFunctions(info, index, VERSION));
            }
        }
    }

    /** The assignment of a function {@code main.f} that takes a value of a type. */
    private Optional<AbiInternal.Assignment> taking(int type) throws IOException {
        return taking(type, new byte[] {Dwarf.DW_OP_REG0});
    }

    private Optional<AbiInternal.Assignment> taking(int type, byte[] location) throws IOException {
        image.entry(function, "main.f", (long) FUNCTION_ADDRESS);
        image.entry(parameter, "p", type, location);
        image.end();
        return read(image.image(), functions -> functions.signature(FUNCTION_ADDRESS, OptionalInt.empty()));
    }

    private GoType typeTaken(int type) throws IOException {
        return taking(type).orElseThrow().arguments().get(0).type();
    }

    /** What a parameter points to. */
    private GoType pointee(int type) throws IOException {
        int pointing = image.entry(pointer, "*T", type);
        image.entry(function, "main.f", (long) FUNCTION_ADDRESS);
        image.entry(parameter, "p", pointing, new byte[] {Dwarf.DW_OP_REG0});
        image.end();
        return read(
                image.image(),
                functions -> ((GoType.Pointer) functions
                                .signature(FUNCTION_ADDRESS, OptionalInt.empty())
                                .orElseThrow()
                                .arguments()
                                .get(0)
                                .type())
                        .element()
                        .orElseThrow()
                        .get());
    }

    private void refused(int type, String... words) {
        assertThatThrownBy(() -> taking(type))
                .isInstanceOf(BadInput.class)
                .hasMessageContainingAll(words)
                .hasMessageContaining("damaged DWARF")
                .hasMessageMatching("[^\n]{1,900}")
                .hasMessageNotContaining("no error");
    }

    private int integer() {
        return image.entry(basic, "int", 8L, (long) Dwarf.KIND_INT);
    }

    private int arrayOf(int element, long count, long bytes) {
        int offset = image.entry(array, "[]T", element, bytes, (long) Dwarf.KIND_ARRAY);
        image.entry(subrange, count);
        image.end();
        return offset;
    }

    private int structOf(long bytes, int... types) {
        int offset = image.entry(struct, "main.S", bytes, (long) Dwarf.KIND_STRUCT);
        for (int i = 0; i < types.length; i++) {
            image.entry(member, "f" + i, types[i], bytes / types.length * i);
        }
        image.end();
        return offset;
    }

    @Test
    void readsWhatIsWhole() throws IOException {
        int integer = integer();
        assertThat(typeTaken(structOf(32, integer, arrayOf(integer, 2, 16))).size())
                .isEqualTo(32);
    }

    @Test
    void refusesTypesThatArePartOfThemselves() {
        refused(arrayOf(image.next(), 1, 8), "part of itself");
        refused(structOf(8, image.next()), "part of itself");
        refused(image.entry(typedef, "main.T", image.next()), "part of itself");
    }

    @Test
    void refusesTypesNestedWithoutEnd() {
        int type = integer();
        for (int i = 0; i < 10_000; i++) {
            type = structOf(8, type);
        }
        refused(type, "deep");
    }

    @Test
    void letsPointersGoInCircles() throws IOException {
        GoType type = pointee(image.entry(pointer, "*main.P", image.next()));
        assertThat(((GoType.Pointer) type).element().orElseThrow().get()).isSameAs(type);
    }

    @Test
    void leavesUnreadWhatIsTooLargeOrMadeOfTooMuch() throws IOException {
        int bytes = image.entry(basic, "uint8", 1L, 8L);
        int[] types = {
            arrayOf(bytes, 1L << 60, 1L << 60),
            arrayOf(bytes, -1L, 0),
            image.entry(basic, "int", -1L, (long) Dwarf.KIND_INT),
            arrayOf(structOf(0), 1L << 60, 0)
        };
        for (int type : types) {
            assertThat(pointee(type)).isInstanceOf(GoType.Unknown.class);
        }
        int twice = integer();
        for (int i = 0; i < 20; i++) {
            twice = structOf(16L << i, twice, twice);
        }
        assertThat(parts(typeTaken(twice))).isBetween(2, MOST_PARTS);
        int empty = structOf(0);
        for (int i = 0; i < 100; i++) {
            empty = structOf(0, empty, empty);
        }
        assertThat(parts(typeTaken(empty))).isBetween(2, MOST_PARTS);
    }

    /** What whoever walks through a value of a type visits; fails where that has no end. */
    private static int parts(GoType type) {
        return type instanceof GoType.Struct struct
                ? 1
                        + struct.fields().stream()
                                .mapToInt(field -> parts(field.type()))
                                .sum()
                : 1;
    }

    @Test
    void refusesSizesThatContradictEachOther() {
        int integer = integer();
        refused(arrayOf(integer, 1L << 28, 8), "elements");
        refused(arrayOf(integer, 1L << 61, 8), "elements");
        refused(structOf(4, integer), "not within");
        refused(image.entry(basic, "int", 3L, (long) Dwarf.KIND_INT), "3 bytes");
        refused(image.entry(basic, "float64", 0L, (long) Dwarf.KIND_FLOAT64), "0 bytes");
    }

    @Test
    void refusesArgumentsThatNoStackHolds() {
        refused(arrayOf(image.entry(basic, "uint8", 1L, 8L), 1L << 29, 1L << 29), "arguments and results");
    }

    @Test
    void damageBehindAPointerIsThatValuesAlone() throws IOException {
        assertThat(pointee(arrayOf(image.next(), 1, 8)))
                .isInstanceOfSatisfying(
                        GoType.Unknown.class,
                        unknown -> assertThat(unknown.why()).contains("part of itself"));
    }

    @Test
    void refusesReferencesToWhatIsNoEntry() {
        int integer = integer();
        for (int wrong : new int[] {integer + 1, 0, 5, -1, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> taking(wrong))
                    .isInstanceOf(BadInput.class)
                    .hasMessageContaining("damaged DWARF")
                    .hasMessageNotContaining("no error");
        }
    }

    @Test
    void refusesSiblingsThatLeadBack() {
        int circle = image.abbreviation(Dwarf.DW_TAG_STRUCTURE_TYPE, true, SIBLING, DwarfImage.REF_4);
        int type = image.entry(circle, image.next());
        image.end();
        refused(type, "sibling before it");
    }

    @Test
    void refusesNamesWithoutAnEnd() {
        refused(image.entry(basic, "a".repeat(10 << 20), 8L, (long) Dwarf.KIND_INT), "name does not end");
    }

    @Test
    void takesNoPlaceFromAnExpressionOfAMillionOperations() throws IOException {
        byte[] long1 = new byte[1 << 20];
        Arrays.fill(long1, (byte) Dwarf.DW_OP_REG0);
        assertThat(taking(integer(), long1).orElseThrow().arguments()).hasSize(1);
    }

    @Test
    void refusesMoreEntriesThanAFileOfItsSizeHas() {
        int small = image.abbreviation(Dwarf.DW_TAG_SUBPROGRAM, false);
        for (int i = 0; i < 300_000; i++) {
            image.entry(small);
        }
        refused(integer(), "more entries than a program");
    }

    @Test
    void refusesMoreUnitsThanAFileOfItsSizeHas() throws IOException {
        int unit = 12;
        ByteBuffer units = ElfImage.buffer(unit * 100_000);
        while (units.hasRemaining()) {
            units.putInt(unit - Integer.BYTES)
                    .putShort((short) 4)
                    .putInt(0)
                    .put((byte) 8)
                    .put((byte) 0);
        }
        ElfImage many = new ElfImage().section(".debug_info", units.array()).section(".debug_abbrev", new byte[1]);
        assertThatThrownBy(() -> read(many, functions -> 0))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("more units");
    }

    @Test
    void refusesAbbreviationsBeyondReason() {
        byte[] endless = new byte[8 << 20];
        Arrays.fill(endless, (byte) 1);
        refusedTables(endless, 1, "damaged DWARF");
        refusedTables(
                new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f, 0x11, 0, 0, 0, 0}, 1, "code beyond reason");
        ByteBuffer overlapping = ElfImage.buffer(5 * 2000 + 1);
        while (overlapping.remaining() > 1) {
            overlapping.put((byte) 1).put((byte) 0x11).put(new byte[3]);
        }
        refusedTables(overlapping.array(), 2000, "overlap");
    }

    /** Of units, each with a table that begins five bytes further on. */
    private void refusedTables(byte[] abbreviations, int units, String word) {
        ByteBuffer info = ElfImage.buffer(12 * units);
        for (int i = 0; i < units; i++) {
            info.putInt(8).putShort((short) 4).putInt(5 * i).put((byte) 8).put((byte) 1);
        }
        assertThatThrownBy(() -> read(
                        new ElfImage().section(".debug_info", info.array()).section(".debug_abbrev", abbreviations),
                        functions -> 0))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining(word);
    }

    @Test
    void findsNoOffsetsWhereAFieldIsMissing() throws IOException {
        int offset = image.entry(struct, "runtime.g", 16L, (long) Dwarf.KIND_STRUCT);
        image.entry(member, "g0id", offset, 8L);
        image.end();
        assertThat(read(image.image(), DwarfFunctions::goroutineOffsets)).isEmpty();
    }
}
