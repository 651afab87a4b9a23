package dev.tracetoll.tracing.ebpf;

import dev.tracetoll.linux.bpf.BpfImage;
import dev.tracetoll.linux.bpf.BpfTypes;

/**
 * The Java side of {@code bpf/syscalls.h}, as {@link Contract} is that of the other header.
 */
final class SyscallContract {

    private static final BpfTypes TYPES = BpfImage.SYSCALLS.types();
    private static final BpfTypes.Struct CONFIG_STRUCT = TYPES.struct("ts_config");
    private static final BpfTypes.Struct COUNTERS_STRUCT = TYPES.struct("ts_counters");

    static final int CONFIG_BYTES = CONFIG_STRUCT.bytes();
    static final int CONFIG_PROCESS = CONFIG_STRUCT.offset("process");
    static final int CONFIG_LOWEST_DESCRIPTOR = CONFIG_STRUCT.offset("lowest_descriptor");
    static final int CONFIG_HEAD_BYTES = CONFIG_STRUCT.offset("head_bytes");

    static final int ENTRY = 0;
    static final int EXIT = 1;

    static final int RECORD_BYTES = 24;
    static final int RECORD_KIND = 0;
    static final int RECORD_THREAD = 4;
    static final int RECORD_TIMESTAMP_NS = 8;
    static final int RECORD_LOST = 16;

    static final int ENTRY_BYTES = 40;
    static final int ENTRY_LENGTH = 24;
    static final int ENTRY_DESCRIPTOR = 32;
    static final int ENTRY_HEAD = 36;

    static final int EXIT_BYTES = 32;
    static final int EXIT_RESULT = 24;

    static final int COUNTERS_BYTES = COUNTERS_STRUCT.bytes();
    static final int COUNTERS_LOST_ENTRIES = COUNTERS_STRUCT.offset("lost_entries");
    static final int COUNTERS_LOST_EXITS = COUNTERS_STRUCT.offset("lost_exits");

    private SyscallContract() {}
}
