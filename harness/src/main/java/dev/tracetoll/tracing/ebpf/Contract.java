package dev.tracetoll.tracing.ebpf;

/**
 * The Java side of {@code bpf/tracetoll.h}: sizes, offsets in bytes and constants of its structures. A test compares them with what the C
 * compiler says.
 */
final class Contract {

    static final int MAX_WORDS = 64;
    static final int MAX_TEXTS = 16;
    static final int MAX_TEXT_BYTES = 4096;

    static final int SOURCE_INT_REGISTER = 0;
    static final int SOURCE_STACK = 1;
    static final int SOURCE_FLOAT_REGISTER = 2;

    static final int SITE_BYTES = 8 + 8 * MAX_WORDS + 4 * MAX_TEXTS;
    static final int SITE_WORDS = 0;
    static final int SITE_TEXTS = 2;
    static final int SITE_FLOATS = 4;
    static final int SITE_IS_RETURN = 6;
    static final int SITE_INSTRUCTION_BYTES = 7;
    static final int SITE_WORD = 8;
    static final int SITE_TEXT = SITE_WORD + 8 * MAX_WORDS;

    static final int WORD_BYTES = 8;
    static final int WORD_SOURCE = 0;
    static final int WORD_INDEX = 1;
    static final int WORD_SIZE = 2;
    static final int WORD_OFFSET = 4;

    static final int TEXT_BYTES = 4;
    static final int TEXT_POINTER = 0;
    static final int TEXT_LENGTH = 2;

    static final int CONFIG_BYTES = 16;
    static final int CONFIG_GOID_OFFSET = 0;
    static final int CONFIG_STACK_HI_OFFSET = 4;
    static final int CONFIG_MAX_TEXT_BYTES = 8;
    static final int CONFIG_FLOAT_SIGNAL = 12;

    static final int RECORD_BYTES = 48;
    static final int RECORD_SITE = 0;
    static final int RECORD_THREAD = 4;
    static final int RECORD_TIMESTAMP_NS = 8;
    static final int RECORD_GOROUTINE = 16;
    static final int RECORD_FRAME = 24;
    static final int RECORD_UNREADABLE = 32;
    static final int RECORD_TEXTS = 40;

    static final int CAPTURED_BYTES = 8;

    static final int FLOATS = 0x80000000;
    static final int FLOATS_OK = 0;
    static final int FLOATS_LATE = 1;
    static final int FLOATS_UNREADABLE = 2;
    static final int FLOATS_BYTES = 144;
    static final int FLOATS_STATE = 8;
    static final int FLOATS_VALUE = 16;

    static final int COUNTERS_BYTES = 24;
    static final int COUNTERS_LOST_CALLS = 0;
    static final int COUNTERS_LOST_RETURNS = 8;
    static final int COUNTERS_LOST_FLOATS = 16;

    private Contract() {}
}
