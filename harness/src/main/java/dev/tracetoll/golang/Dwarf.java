package dev.tracetoll.golang;

/**
 * The DWARF numbers that Go's debugging information uses.
 *
 * <p>Sources: the DWARF 5 standard, section 7; Go's {@code src/cmd/internal/dwarf/dwarf_defs.go} for the vendor attributes;
 * {@code src/internal/abi/type.go} for the kinds.
 */
final class Dwarf {

    static final int DW_TAG_ARRAY_TYPE = 0x01;
    static final int DW_TAG_FORMAL_PARAMETER = 0x05;
    static final int DW_TAG_MEMBER = 0x0d;
    static final int DW_TAG_POINTER_TYPE = 0x0f;
    static final int DW_TAG_STRUCTURE_TYPE = 0x13;
    static final int DW_TAG_TYPEDEF = 0x16;
    static final int DW_TAG_SUBRANGE_TYPE = 0x21;
    static final int DW_TAG_BASE_TYPE = 0x24;
    static final int DW_TAG_SUBPROGRAM = 0x2e;

    static final int DW_AT_LOCATION = 0x02;
    static final int DW_AT_NAME = 0x03;
    static final int DW_AT_BYTE_SIZE = 0x0b;
    static final int DW_AT_LOW_PC = 0x11;
    static final int DW_AT_COUNT = 0x37;
    static final int DW_AT_DATA_MEMBER_LOCATION = 0x38;
    static final int DW_AT_ABSTRACT_ORIGIN = 0x31;
    static final int DW_AT_TYPE = 0x49;
    static final int DW_AT_VARIABLE_PARAMETER = 0x4b;
    static final int DW_AT_GO_KIND = 0x2900;
    static final int DW_AT_GO_KEY = 0x2901;
    static final int DW_AT_GO_ELEM = 0x2902;
    static final int DW_AT_GO_RUNTIME_TYPE = 0x2904;

    static final int DW_OP_REG0 = 0x50;
    static final int DW_OP_REG31 = 0x6f;
    static final int DW_OP_FBREG = 0x91;
    static final int DW_OP_CALL_FRAME_CFA = 0x9c;
    static final int DW_OP_REGX = 0x90;

    static final int KIND_BOOL = 1;
    static final int KIND_INT = 2;
    static final int KIND_INT64 = 6;
    static final int KIND_UINT = 7;
    static final int KIND_UINTPTR = 12;
    static final int KIND_FLOAT32 = 13;
    static final int KIND_FLOAT64 = 14;
    static final int KIND_COMPLEX64 = 15;
    static final int KIND_COMPLEX128 = 16;
    static final int KIND_ARRAY = 17;
    static final int KIND_CHAN = 18;
    static final int KIND_FUNC = 19;
    static final int KIND_INTERFACE = 20;
    static final int KIND_MAP = 21;
    static final int KIND_POINTER = 22;
    static final int KIND_SLICE = 23;
    static final int KIND_STRING = 24;
    static final int KIND_STRUCT = 25;
    static final int KIND_UNSAFE_POINTER = 26;
    /** Above the kind there may be flags ({@code KindDirectIface}). */
    static final int KIND_MASK = 0x1f;

    private Dwarf() {}
}
