package dev.tracetoll.linux.bpf;

import dev.tracetoll.problem.OperationFailed;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The structures that a BPF object file's maps and variables have: the object's type information, BTF. Source of the format:
 * {@code Documentation/bpf/btf.rst}, {@code <linux/btf.h>}, elf(5).
 */
public final class BpfTypes {

    private static final String SECTION = ".BTF";

    private static final int SECTION_HEADERS = 40;
    private static final int SECTION_HEADER_BYTES = 58;
    private static final int SECTION_COUNT = 60;
    private static final int SECTION_OF_NAMES = 62;
    private static final int SH_OFFSET = 24;

    private static final int KIND_INT = 1;
    private static final int KIND_ARRAY = 3;
    private static final int KIND_STRUCT = 4;
    private static final int KIND_UNION = 5;
    private static final int KIND_ENUM = 6;
    private static final int KIND_FUNC_PROTO = 13;
    private static final int KIND_VAR = 14;
    private static final int KIND_DATASEC = 15;
    private static final int KIND_DECL_TAG = 17;
    private static final int KIND_ENUM64 = 19;
    private static final int TYPE_BYTES = 12;
    private static final int MEMBER_BYTES = 12;

    private final ByteBuffer image;
    private final int names;
    /** Where each structure is described, by its name. */
    private final Map<String, Integer> structs = new HashMap<>();

    private BpfTypes(ByteBuffer image, int section) {
        this.image = image;
        // magic, version, flags, hdr_len, type_off, type_len, str_off, str_len.
        int types = section + image.getInt(section + 4);
        names = types + image.getInt(section + 16);
        int first = types + image.getInt(section + 8);
        int end = first + image.getInt(section + 12);
        for (int at = first; at < end; at += TYPE_BYTES + more(kind(at), members(at))) {
            if (kind(at) == KIND_STRUCT) {
                structs.put(name(at), at);
            }
        }
    }

    /**
     * Those of an object file.
     *
     * @param object the file's bytes
     * @throws OperationFailed if it has none
     */
    public static BpfTypes of(byte[] object) {
        ByteBuffer image = ByteBuffer.wrap(object).order(ByteOrder.LITTLE_ENDIAN);
        int headers = (int) image.getLong(SECTION_HEADERS);
        int bytes = image.getShort(SECTION_HEADER_BYTES);
        int sectionNames = offset(image, headers + bytes * image.getShort(SECTION_OF_NAMES));
        for (int i = 0; i < image.getShort(SECTION_COUNT); i++) {
            int header = headers + i * bytes;
            if (text(image, sectionNames + image.getInt(header)).equals(SECTION)) {
                return new BpfTypes(image, offset(image, header));
            }
        }
        throw new OperationFailed("A BPF object has no type information; build it again, with clang -g");
    }

    private static int offset(ByteBuffer image, int header) {
        return (int) image.getLong(header + SH_OFFSET);
    }

    private static String text(ByteBuffer image, int at) {
        int end = at;
        while (image.get(end) != 0) {
            end++;
        }
        return new String(image.array(), image.arrayOffset() + at, end - at, StandardCharsets.US_ASCII);
    }

    private int kind(int type) {
        return image.getInt(type + 4) >>> 24 & 0x1f;
    }

    private int members(int type) {
        return image.getShort(type + 4) & 0xffff;
    }

    private String name(int at) {
        return text(image, names + image.getInt(at));
    }

    /** How many bytes follow a type's own. */
    private static int more(int kind, int members) {
        return switch (kind) {
            case KIND_INT, KIND_VAR, KIND_DECL_TAG -> 4;
            case KIND_ARRAY -> 12;
            case KIND_STRUCT, KIND_UNION, KIND_DATASEC, KIND_ENUM64 -> 12 * members;
            case KIND_ENUM, KIND_FUNC_PROTO -> 8 * members;
            default -> 0;
        };
    }

    /**
     * A structure.
     *
     * @throws OperationFailed if there is none of that name
     */
    public Struct struct(String name) {
        Integer type = structs.get(name);
        if (type == null) {
            throw missing("structure " + name);
        }
        Map<String, Integer> offsets = new HashMap<>();
        for (int i = 0; i < members(type); i++) {
            int member = type + TYPE_BYTES + i * MEMBER_BYTES;
            // In bits, none of which are left over in structures without bit fields.
            offsets.put(name(member), image.getInt(member + 8) / Byte.SIZE);
        }
        return new Struct(name, image.getInt(type + 8), offsets);
    }

    private static OperationFailed missing(String what) {
        return new OperationFailed("A BPF object has no " + what + "; it does not fit this version: build it again");
    }

    /**
     * How a structure is laid out.
     *
     * @param bytes its size
     * @param offsets where its members are, in bytes
     */
    public record Struct(String name, int bytes, Map<String, Integer> offsets) {

        /**
         * Where a member is, in bytes.
         *
         * @throws OperationFailed if there is none of that name
         */
        public int offset(String member) {
            Integer offset = offsets.get(member);
            if (offset == null) {
                throw missing("member " + member + " of structure " + name);
            }
            return offset;
        }
    }
}
