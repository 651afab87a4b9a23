package dev.tracetoll.tracing.ebpf;

/**
 * The Java side of {@code bpf/syscalls.h}: sizes, offsets in bytes and constants of its structures. A test compares them with what the C
 * compiler says.
 */
final class SyscallContract {

    static final int CONFIG_BYTES = 12;
    static final int CONFIG_PROCESS = 0;
    static final int CONFIG_LOWEST_DESCRIPTOR = 4;
    static final int CONFIG_HEAD_BYTES = 8;

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

    static final int COUNTERS_BYTES = 16;
    static final int COUNTERS_LOST_ENTRIES = 0;
    static final int COUNTERS_LOST_EXITS = 8;

    private SyscallContract() {}
}
