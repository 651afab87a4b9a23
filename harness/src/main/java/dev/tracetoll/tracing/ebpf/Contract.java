package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.tracing.DurationBuckets;
import dev.tracetoll.tracing.plan.CaptureLimits;

/**
 * The Java side of {@code bpf/tracetoll.h}: sizes, offsets in bytes and constants of its structures. A test compares them with what the C
 * compiler says.
 */
final class Contract {

    static final int SOURCE_INT_REGISTER = 0;
    static final int SOURCE_STACK = 1;
    static final int SOURCE_FLOAT_REGISTER = 2;

    static final int PART_BYTES = 12;
    static final int PART_SOURCE = 0;
    static final int PART_INDEX = 1;
    static final int PART_SIZE = 2;
    static final int PART_TO = 4;
    static final int PART_OFFSET = 8;

    static final int SITE_ADDRESS = 0;
    static final int SITE_TYPE = 8;
    static final int SITE_BLOCK_BYTES = 12;
    static final int SITE_PARTS = 14;
    static final int SITE_FLOATS = 16;
    static final int SITE_IS_RETURN = 17;
    static final int SITE_INSTRUCTION_BYTES = 18;
    static final int SITE_CHECK_FLAGS = 19;
    static final int SITE_BRANCH = 20;
    static final int SITE_FRAME_BYTES = 24;
    static final int SITE_ANY_R14 = 28;
    static final int SITE_PART = 32;
    static final int SITE_BYTES = SITE_PART + PART_BYTES * CaptureLimits.MAX_PARTS;

    static final int TYPE_BYTES = 12;
    static final int TYPE_SIZE = 0;
    static final int TYPE_FIRST_REFERENCE = 4;
    static final int TYPE_REFERENCES = 8;

    static final int REFERENCE_BYTES = 12;
    static final int REFERENCE_OFFSET = 0;
    static final int REFERENCE_KIND = 4;
    static final int REFERENCE_TARGET = 8;

    static final int MAP_BYTES = 84;
    static final int MAP_ENTRY = 0;
    static final int MAP_ENTRY_BYTES = 4;
    static final int MAP_KEY_BYTES = 8;
    static final int MAP_VALUE_BYTES = 12;
    static final int MAP_VALUE_OFFSET = 16;
    static final int MAP_SWISS = 20;
    static final int MAP_HEADER_BYTES = 24;
    static final int MAP_LENGTH = 28;
    static final int MAP_STATE = 32;
    static final int MAP_LOG2 = 36;
    static final int MAP_GROUPS = 40;
    static final int MAP_MORE_GROUPS = 44;
    static final int MAP_TABLE_GROUPS = 48;
    static final int MAP_TABLE_MASK = 52;
    static final int MAP_GROUP_BYTES = 56;
    static final int MAP_CONTROLS = 60;
    static final int MAP_KEYS = 64;
    static final int MAP_KEY_STRIDE = 68;
    static final int MAP_VALUES = 72;
    static final int MAP_VALUE_STRIDE = 76;
    static final int MAP_OVERFLOW = 80;

    static final int DYNAMIC_TYPE_BYTES = 8;
    static final int DYNAMIC_TYPE_TYPE = 0;
    static final int DYNAMIC_TYPE_DIRECT = 4;

    static final int CONFIG_BYTES = 72;
    static final int CONFIG_GOID_OFFSET = 0;
    static final int CONFIG_STACK_HI_OFFSET = 4;
    static final int CONFIG_MAX_BYTES = 8;
    static final int CONFIG_DEPTH = 12;
    static final int CONFIG_FLOAT_SIGNAL = 16;
    static final int CONFIG_WAKEUPS = 20;
    static final int CONFIG_SITES = 24;
    static final int CONFIG_THREAD_G_OFFSET = 28;
    static final int CONFIG_FUNCTIONS = 32;
    static final int CONFIG_COPIES = 36;
    static final int CONFIG_RING_BYTES = 40;
    static final int CONFIG_HANDLER = 48;
    static final int CONFIG_LISTENED = 64;

    static final int FLOATS = 0x80000000;
    static final int FLOATS_OK = 0;
    static final int FLOATS_LATE = 1;
    static final int FLOATS_UNREADABLE = 2;
    static final int FLOATS_LISTENED = 3;
    static final int FLOATS_BLOCKED = 4;
    static final int FLOATS_UNHANDLED = 5;
    static final int FLOATS_BYTES = 144;
    static final int FLOATS_STATE = 8;
    static final int FLOATS_VALUE = 16;

    static final int EXECUTION = 0x40000000;
    static final int FOLLOWED = 0;
    static final int HELD = 1;
    static final int OUTRUN = 2;
    static final int OTHER = 3;
    static final int PROCESS_BYTES = 296;
    static final int PROCESS_FILE = 0;
    static final int PROCESS_PID = 20;
    static final int PROCESS_DESCRIPTOR = 24;
    static final int PROCESS_HOLDS = 28;
    static final int PROCESS_PURSUIT = 32;
    static final int PROCESS_PROGRAM = 40;
    static final int PROGRAM_NAME_BYTES = 256;

    static final int COUNTERS_BYTES = 56;
    static final int COUNTERS_LOST_CALLS = 0;
    static final int COUNTERS_LOST_RETURNS = 8;
    static final int COUNTERS_LOST_FLOATS = 16;
    static final int COUNTERS_UNTRACKED_GROWTHS = 24;
    static final int COUNTERS_GROWING_NOW = 32;
    static final int COUNTERS_REMEMBERING = 40;
    static final int COUNTERS_CHANGES = 48;

    static final int CPUS_LOG2 = 10;
    static final int CURRENTS_BYTES = 8 + (8 << CPUS_LOG2);
    static final int CURRENTS_PID_OFFSET = 0;
    static final int CURRENTS_AT = 8;

    static final int START = 1;
    static final int GOROUTINES_LOG2 = 12;
    static final long GOROUTINE_HASH = 0x9e3779b97f4a7c15L;
    static final int GOROUTINE_LOG2_BYTES = 5;
    static final int GOROUTINE_G = 0;
    static final int GOROUTINE_GOROUTINE = 8;
    static final int GOROUTINE_LOW = 16;
    static final int GOROUTINE_HIGH = 24;

    // In the cookie of a site.
    static final int RETURN = 0x80000000;
    static final int UNTIMED = 0x40000000;
    /** As {@link #SITE_ANY_R14}. */
    static final int ANY_R14 = 0x20000000;

    static final int TOTALS_CALLS = 0;
    static final int TOTALS_RETURNS = 8;
    static final int TOTALS_UNMATCHED = 16;
    static final int TOTALS_REPLACED = 24;
    static final int TOTALS_SUM_NS = 32;
    static final int TOTALS_SHORTEST_NS = 40;
    static final int TOTALS_LONGEST_NS = 48;
    static final int TOTALS_BUCKET = 56;
    static final int TOTALS_BYTES = TOTALS_BUCKET + DurationBuckets.COUNT * Long.BYTES;

    static final int NOTE_FUNCTION = 0;

    /** Flag of bpf_ringbuf_output, {@code <linux/bpf.h>}. */
    static final int RB_FORCE_WAKEUP = 2;

    private Contract() {}
}
