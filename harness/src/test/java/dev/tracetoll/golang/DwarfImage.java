package dev.tracetoll.golang;

import dev.tracetoll.testing.ElfImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes DWARF 4 debugging information of one unit of Go's by hand. Numbers are those of the standard, sections 7.5.4 to 7.5.6. */
final class DwarfImage {

    static final int STRING = 0x08;
    static final int DATA_1 = 0x0b;
    static final int DATA_8 = 0x07;
    static final int UDATA = 0x0f;
    static final int REF_4 = 0x13;
    static final int EXPRLOC = 0x18;
    static final int ADDRESS = 0x01;
    static final int NAME = Dwarf.DW_AT_NAME;
    static final int TYPE = Dwarf.DW_AT_TYPE;
    static final int BYTE_SIZE = Dwarf.DW_AT_BYTE_SIZE;
    private static final int COMPILE_UNIT = 0x11;
    private static final int LANGUAGE = 0x13;
    private static final int GO = 0x16;
    private static final int UNIT_HEADER_BYTES = 11;

    private final ByteArrayOutputStream abbreviations = new ByteArrayOutputStream();
    private final ByteArrayOutputStream entries = new ByteArrayOutputStream();
    private final List<int[]> forms = new ArrayList<>();

    DwarfImage() {
        entry(abbreviation(COMPILE_UNIT, true, LANGUAGE, DATA_1), (long) GO);
    }

    /** Adds an abbreviation, of attributes each with its form; returns its code. */
    int abbreviation(int tag, boolean children, int... attributes) {
        int code = forms.size() + 1;
        unsigned(abbreviations, code);
        unsigned(abbreviations, tag);
        abbreviations.write(children ? 1 : 0);
        int[] own = new int[attributes.length / 2];
        for (int i = 0; i < attributes.length; i += 2) {
            unsigned(abbreviations, attributes[i]);
            unsigned(abbreviations, attributes[i + 1]);
            own[i / 2] = attributes[i + 1];
        }
        abbreviations.write(0);
        abbreviations.write(0);
        forms.add(own);
        return code;
    }

    /** Where the next entry will be. */
    int next() {
        return UNIT_HEADER_BYTES + entries.size();
    }

    /** Adds an entry; returns where it is. */
    int entry(int code, Object... values) {
        int offset = next();
        unsigned(entries, code);
        int[] own = forms.get(code - 1);
        for (int i = 0; i < own.length; i++) {
            switch (own[i]) {
                case STRING -> {
                    entries.writeBytes(((String) values[i]).getBytes(StandardCharsets.UTF_8));
                    entries.write(0);
                }
                case DATA_1 -> entries.write((int) (long) values[i]);
                case DATA_8, ADDRESS ->
                    entries.writeBytes(
                            ElfImage.buffer(8).putLong((long) values[i]).array());
                case REF_4 ->
                    entries.writeBytes(
                            ElfImage.buffer(4).putInt((int) values[i]).array());
                case UDATA -> unsigned(entries, (long) values[i]);
                case EXPRLOC -> {
                    byte[] expression = (byte[]) values[i];
                    unsigned(entries, expression.length);
                    entries.writeBytes(expression);
                }
                default -> throw new IllegalArgumentException("form " + own[i]);
            }
        }
        return offset;
    }

    /** Ends the children of an entry. */
    void end() {
        entries.write(0);
    }

    ElfImage image() {
        int length = UNIT_HEADER_BYTES - Integer.BYTES + entries.size() + 1;
        byte[] info = ElfImage.buffer(Integer.BYTES + length)
                .putInt(length)
                .putShort((short) 4)
                .putInt(0)
                .put((byte) 8)
                .put(entries.toByteArray())
                .array();
        return new ElfImage()
                .section(".debug_info", info)
                .section(
                        ".debug_abbrev",
                        ElfImage.buffer(abbreviations.size() + 1)
                                .put(abbreviations.toByteArray())
                                .array());
    }

    Path write(Path file) throws IOException {
        return image().write(file);
    }

    private static void unsigned(ByteArrayOutputStream out, long value) {
        long rest = value;
        while (rest < 0 || rest > 0x7f) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
