package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.linux.bpf.BpfImage;
import dev.tracetoll.linux.bpf.BpfTypes;
import dev.tracetoll.tracing.totals.TotalsFormat;

/**
 * The Java side of {@code bpf/tracetoll.h}: sizes, offsets in bytes and constants of its structures. How maps are laid out, the object itself says;
 * of what it does not, a test compares them with what the C compiler says.
 */
final class Contract {

    private static final BpfTypes TYPES = BpfImage.TRACETOLL.types();
    private static final BpfTypes.Struct PART_STRUCT = TYPES.struct("tt_part");
    private static final BpfTypes.Struct SITE_STRUCT = TYPES.struct("tt_site");
    private static final BpfTypes.Struct TYPE_STRUCT = TYPES.struct("tt_type");
    private static final BpfTypes.Struct REFERENCE_STRUCT = TYPES.struct("tt_reference");
    private static final BpfTypes.Struct MAP_STRUCT = TYPES.struct("tt_map");
    private static final BpfTypes.Struct DYNAMIC_TYPE_STRUCT = TYPES.struct("tt_dynamic_type");
    private static final BpfTypes.Struct CONFIG_STRUCT = TYPES.struct("tt_config");
    private static final BpfTypes.Struct PROCESS_STRUCT = TYPES.struct("tt_process");
    private static final BpfTypes.Struct COUNTERS_STRUCT = TYPES.struct("tt_counters");
    private static final BpfTypes.Struct CURRENTS_STRUCT = TYPES.struct("tt_currents");
    private static final BpfTypes.Struct LEFT_OUT_STRUCT = TYPES.struct("tt_left_out");
    private static final BpfTypes.Struct GOROUTINE_STRUCT = TYPES.struct("tt_goroutine");
    private static final BpfTypes.Struct TOTALS_STRUCT = TYPES.struct("tt_totals");
    private static final BpfTypes.Struct ERROR_RESULTS_STRUCT = TYPES.struct("tt_error_results");
    private static final BpfTypes.Struct NOTE_STRUCT = TYPES.struct("tt_note");

    static final int SOURCE_INT_REGISTER = 0;
    static final int SOURCE_STACK = 1;
    static final int SOURCE_FLOAT_REGISTER = 2;

    static final int PART_BYTES = PART_STRUCT.bytes();
    static final int PART_SOURCE = PART_STRUCT.offset("source");
    static final int PART_INDEX = PART_STRUCT.offset("index");
    static final int PART_SIZE = PART_STRUCT.offset("size");
    static final int PART_TO = PART_STRUCT.offset("to");
    static final int PART_OFFSET = PART_STRUCT.offset("offset");

    static final int SITE_ADDRESS = SITE_STRUCT.offset("address");
    static final int SITE_TYPE = SITE_STRUCT.offset("type");
    static final int SITE_BLOCK_BYTES = SITE_STRUCT.offset("bytes");
    static final int SITE_PARTS = SITE_STRUCT.offset("parts");
    static final int SITE_FLOATS = SITE_STRUCT.offset("floats");
    static final int SITE_IS_RETURN = SITE_STRUCT.offset("is_return");
    static final int SITE_IS_MARK = SITE_STRUCT.offset("is_mark");
    static final int SITE_INSTRUCTION_BYTES = SITE_STRUCT.offset("instruction_bytes");
    static final int SITE_CHECK_FLAGS = SITE_STRUCT.offset("check_flags");
    static final int SITE_BRANCH = SITE_STRUCT.offset("branch");
    static final int SITE_FRAME_BYTES = SITE_STRUCT.offset("frame_bytes");
    static final int SITE_ANY_R14 = SITE_STRUCT.offset("any_r14");
    static final int SITE_MOVED = SITE_STRUCT.offset("moved");
    static final int SITE_VALUES = SITE_STRUCT.offset("values");
    static final int SITE_PART = SITE_STRUCT.offset("part");
    static final int SITE_BYTES = SITE_STRUCT.bytes();

    static final int TYPE_BYTES = TYPE_STRUCT.bytes();
    static final int TYPE_SIZE = TYPE_STRUCT.offset("size");
    static final int TYPE_FIRST_REFERENCE = TYPE_STRUCT.offset("first_reference");
    static final int TYPE_REFERENCES = TYPE_STRUCT.offset("references");

    static final int REFERENCE_BYTES = REFERENCE_STRUCT.bytes();
    static final int REFERENCE_OFFSET = REFERENCE_STRUCT.offset("offset");
    static final int REFERENCE_KIND = REFERENCE_STRUCT.offset("kind");
    static final int REFERENCE_TARGET = REFERENCE_STRUCT.offset("target");

    static final int MAP_BYTES = MAP_STRUCT.bytes();
    static final int MAP_ENTRY = MAP_STRUCT.offset("entry");
    static final int MAP_ENTRY_BYTES = MAP_STRUCT.offset("entry_bytes");
    static final int MAP_KEY_BYTES = MAP_STRUCT.offset("key_bytes");
    static final int MAP_VALUE_BYTES = MAP_STRUCT.offset("value_bytes");
    static final int MAP_VALUE_OFFSET = MAP_STRUCT.offset("value_offset");
    static final int MAP_SWISS = MAP_STRUCT.offset("swiss");
    static final int MAP_HEADER_BYTES = MAP_STRUCT.offset("header_bytes");
    static final int MAP_LENGTH = MAP_STRUCT.offset("length");
    static final int MAP_STATE = MAP_STRUCT.offset("state");
    static final int MAP_LOG2 = MAP_STRUCT.offset("log2");
    static final int MAP_GROUPS = MAP_STRUCT.offset("groups");
    static final int MAP_MORE_GROUPS = MAP_STRUCT.offset("more_groups");
    static final int MAP_TABLE_GROUPS = MAP_STRUCT.offset("table_groups");
    static final int MAP_TABLE_MASK = MAP_STRUCT.offset("table_mask");
    static final int MAP_GROUP_BYTES = MAP_STRUCT.offset("group_bytes");
    static final int MAP_CONTROLS = MAP_STRUCT.offset("controls");
    static final int MAP_KEYS = MAP_STRUCT.offset("keys");
    static final int MAP_KEY_STRIDE = MAP_STRUCT.offset("key_stride");
    static final int MAP_VALUES = MAP_STRUCT.offset("values");
    static final int MAP_VALUE_STRIDE = MAP_STRUCT.offset("value_stride");
    static final int MAP_OVERFLOW = MAP_STRUCT.offset("overflow");

    static final int DYNAMIC_TYPE_BYTES = DYNAMIC_TYPE_STRUCT.bytes();
    static final int DYNAMIC_TYPE_TYPE = DYNAMIC_TYPE_STRUCT.offset("type");
    static final int DYNAMIC_TYPE_DIRECT = DYNAMIC_TYPE_STRUCT.offset("direct");

    static final int CONFIG_BYTES = CONFIG_STRUCT.bytes();
    static final int CONFIG_GOID_OFFSET = CONFIG_STRUCT.offset("goid_offset");
    static final int CONFIG_STACK_HI_OFFSET = CONFIG_STRUCT.offset("stack_hi_offset");
    static final int CONFIG_MAX_BYTES = CONFIG_STRUCT.offset("max_bytes");
    static final int CONFIG_DEPTH = CONFIG_STRUCT.offset("depth");
    static final int CONFIG_FLOAT_SIGNAL = CONFIG_STRUCT.offset("float_signal");
    static final int CONFIG_WAKEUP_RECORDS = CONFIG_STRUCT.offset("wakeup_records");
    static final int CONFIG_WAKEUP_BYTES = CONFIG_STRUCT.offset("wakeup_bytes");
    static final int CONFIG_VALUE_RECORDS = CONFIG_STRUCT.offset("value_records");
    static final int CONFIG_COUNT_HITS = CONFIG_STRUCT.offset("count_hits");
    static final int CONFIG_SITES = CONFIG_STRUCT.offset("sites");
    static final int CONFIG_THREAD_G_OFFSET = CONFIG_STRUCT.offset("thread_g_offset");
    static final int CONFIG_FUNCTIONS = CONFIG_STRUCT.offset("functions");
    static final int CONFIG_COPIES = CONFIG_STRUCT.offset("copies");
    static final int CONFIG_RING_BYTES = CONFIG_STRUCT.offset("ring_bytes");
    static final int CONFIG_HANDLER = CONFIG_STRUCT.offset("handler");
    static final int CONFIG_SAMPLE_LIMIT = CONFIG_STRUCT.offset("sample_limit");
    static final int CONFIG_SAMPLE_SEED = CONFIG_STRUCT.offset("sample_seed");
    static final int CONFIG_SAMPLE_CALLS = CONFIG_STRUCT.offset("sample_calls");
    static final int CONFIG_SAMPLE_RETURNS = CONFIG_STRUCT.offset("sample_returns");
    static final int CONFIG_LISTENED = CONFIG_STRUCT.offset("listened");

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

    static final int MAX_VALUES = 64;
    static final int VALUE_BYTES = 128;

    static final int EXECUTION = 0x40000000;
    /** Of such a record. */
    static final int EXECUTION_TIMESTAMP_NS = 8;

    static final int FOLLOWED = 0;
    static final int HELD = 1;
    static final int OUTRUN = 2;
    static final int OTHER = 3;
    static final int UNPATCHED = 4;
    static final int PROCESS_BYTES = PROCESS_STRUCT.bytes();
    static final int PROCESS_FILE = PROCESS_STRUCT.offset("file");
    static final int PROCESS_PID = PROCESS_STRUCT.offset("pid");
    static final int PROCESS_DESCRIPTOR = PROCESS_STRUCT.offset("descriptor");
    static final int PROCESS_HOLDS = PROCESS_STRUCT.offset("holds");
    static final int PROCESS_PATCHED = PROCESS_STRUCT.offset("patched");
    static final int PROCESS_PURSUIT = PROCESS_STRUCT.offset("pursuit");
    static final int PROCESS_PROGRAM = PROCESS_STRUCT.offset("program");
    static final int PROGRAM_NAME_BYTES = 256;

    static final int COUNTERS_BYTES = COUNTERS_STRUCT.bytes();
    static final int COUNTERS_LOST_CALLS = COUNTERS_STRUCT.offset("lost_calls");
    static final int COUNTERS_LOST_RETURNS = COUNTERS_STRUCT.offset("lost_returns");
    static final int COUNTERS_LOST_MARKS = COUNTERS_STRUCT.offset("lost_marks");
    static final int COUNTERS_LOST_FLOATS = COUNTERS_STRUCT.offset("lost_floats");
    static final int COUNTERS_UNTRACKED_GROWTHS = COUNTERS_STRUCT.offset("untracked_growths");
    static final int COUNTERS_GROWING_NOW = COUNTERS_STRUCT.offset("growing_now");
    static final int COUNTERS_REMEMBERING = COUNTERS_STRUCT.offset("remembering");
    static final int COUNTERS_CHANGES = COUNTERS_STRUCT.offset("changes");
    static final int COUNTERS_LOST_BYTES = COUNTERS_STRUCT.offset("lost_bytes");
    static final int COUNTERS_RECORDS = COUNTERS_STRUCT.offset("records");

    static final int CPUS_LOG2 = 10;
    static final int LEFT_OUT_BYTES = LEFT_OUT_STRUCT.bytes();
    static final int LEFT_OUT_COUNTERS = 16;
    static final int LEFT_OUT_CALLS = 0;
    static final int LEFT_OUT_RETURNS = 1;
    static final int CURRENTS_BYTES = CURRENTS_STRUCT.bytes();
    static final int CURRENTS_PID_OFFSET = CURRENTS_STRUCT.offset("pid_offset");
    static final int CURRENTS_AT = CURRENTS_STRUCT.offset("at");

    static final int GOROUTINES_LOG2 = 12;
    static final long GOROUTINE_HASH = 0x9e3779b97f4a7c15L;
    static final int GOROUTINE_LOG2_BYTES = Integer.numberOfTrailingZeros(GOROUTINE_STRUCT.bytes());
    static final int GOROUTINE_G = GOROUTINE_STRUCT.offset("g");
    static final int GOROUTINE_GOROUTINE = GOROUTINE_STRUCT.offset("goroutine");
    static final int GOROUTINE_LOW = GOROUTINE_STRUCT.offset("low");
    static final int GOROUTINE_HIGH = GOROUTINE_STRUCT.offset("high");

    // In the cookie of a site.
    static final int RETURN = 0x80000000;
    static final int UNTIMED = 0x40000000;
    /** As {@link #SITE_ANY_R14}. */
    static final int ANY_R14 = 0x20000000;

    static final TotalsFormat TOTALS = new TotalsFormat(
            TOTALS_STRUCT.offset("calls"),
            TOTALS_STRUCT.offset("returns"),
            TOTALS_STRUCT.offset("unmatched"),
            TOTALS_STRUCT.offset("replaced"),
            TOTALS_STRUCT.offset("sum_ns"),
            TOTALS_STRUCT.offset("shortest_ns"),
            TOTALS_STRUCT.offset("longest_ns"),
            TOTALS_STRUCT.offset("errors"),
            TOTALS_STRUCT.offset("unknown_errors"),
            TOTALS_STRUCT.offset("left_out_calls"),
            TOTALS_STRUCT.offset("left_out_returns"),
            TOTALS_STRUCT.offset("bucket"),
            TOTALS_STRUCT.bytes());

    static final int ERROR_RESULTS_BYTES = ERROR_RESULTS_STRUCT.bytes();
    static final int ERROR_RESULTS_COUNT = ERROR_RESULTS_STRUCT.offset("count");
    static final int ERROR_RESULTS_PART = ERROR_RESULTS_STRUCT.offset("part");

    static final int NOTE_FUNCTION = NOTE_STRUCT.offset("function");

    /** Flag of bpf_ringbuf_output, {@code <linux/bpf.h>}. */
    static final int RB_FORCE_WAKEUP = 2;

    private Contract() {}
}
